package dev.berth.core.cluster;

import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.MasterEvent.WasWritten;
import dev.berth.core.cluster.MasterEvent.WasWritten.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// Three kinds of nodes with versions, and transactions over them, as Durable and MasterAction say. A test chooses what
// becomes of a write: whether it happens, and whether its master hears so.

/** The coordinator's durable record, in memory. */
final class Ledger {
    enum Fate {
        /** It does not happen; its master is told UNKNOWN. */
        UNKNOWN_LOST,
        /** It happens; its master is told UNKNOWN. */
        UNKNOWN_DONE,
        /** It does not happen, and there is no answer. */
        LOST,
        /** It is under way until {@link #land}; its master is told UNKNOWN. */
        HELD,
    }

    private record Fated(Predicate<MasterAction> which, Fate fate) {}

    private final List<Fated> fates = new ArrayList<>();
    private final ArrayDeque<MasterAction> held = new ArrayDeque<>();
    private final TreeMap<Incarnation, Integer> touches = new TreeMap<>();
    ViewImage view = ViewImage.of(View.empty(Timings.DEFAULT.leaseNanos()));
    int viewVersion;
    TermRecord term = new TermRecord(0, 0, "", false, 0);
    int termVersion;
    final List<JournalEntry> journal = new ArrayList<>();
    /** Whether nobody reaches it. */
    boolean down;

    /** What becomes of the next write of this kind. */
    void next(Predicate<MasterAction> which, Fate fate) {
        fates.add(new Fated(which, fate));
    }

    View now() {
        return view.toView();
    }

    /** Performs a request of a master; the answer, if there is one. */
    Optional<MasterEvent> perform(MasterAction action) {
        if (action instanceof MasterAction.Read read) {
            return Optional.of(
                    down
                            ? new MasterEvent.ReadFailed(read.request(), "the coordinator is down")
                            : new MasterEvent.WasRead(read.request(), read()));
        }
        Fate fate = down ? Fate.UNKNOWN_LOST : fate(action);
        if (fate == null) {
            return Optional.of(new WasWritten(request(action), write(action) ? Outcome.DONE : Outcome.CONFLICT));
        }
        if (fate == Fate.UNKNOWN_DONE) {
            write(action);
        } else if (fate == Fate.HELD) {
            held.add(action);
        }
        return fate == Fate.LOST ? Optional.empty() : Optional.of(new WasWritten(request(action), Outcome.UNKNOWN));
    }

    /** The writes that were under way are executed now; says how many of them found what they expected. */
    int land() {
        int done = 0;
        while (!held.isEmpty()) {
            done += write(held.remove()) ? 1 : 0;
        }
        return done;
    }

    /** One transaction of a member: the view is still this one, and the touch node is set. */
    MemberEvent touch(MemberAction.Touch touch) {
        if (down) {
            return new MemberEvent.TouchFailed(touch.request());
        }
        if (view.number() != touch.view() || !now().lists(touch.self())) {
            return new MemberEvent.Touched(touch.request(), now());
        }
        touches.merge(touch.self(), 1, Integer::sum);
        return new MemberEvent.Touched(touch.request(), null);
    }

    int touchesOf(Incarnation incarnation) {
        return touches.getOrDefault(incarnation, 0);
    }

    private @Nullable Fate fate(MasterAction action) {
        for (Iterator<Fated> each = fates.iterator(); each.hasNext(); ) {
            Fated fated = each.next();
            if (fated.which().test(action)) {
                each.remove();
                return fated.fate();
            }
        }
        return null;
    }

    private Durable read() {
        List<Durable.Touch> touched = new ArrayList<>();
        touches.forEach((incarnation, version) -> touched.add(new Durable.Touch(incarnation, version)));
        return new Durable(view, viewVersion, term, termVersion, touched);
    }

    private boolean write(MasterAction action) {
        boolean fits = fits(action);
        if (fits) {
            switch (action) {
                case MasterAction.WriteTerm write -> set(write.term());
                case MasterAction.TakeOver takeOver -> {
                    set(takeOver.term());
                    set(takeOver.view());
                    journal.add(takeOver.entry());
                }
                case MasterAction.WriteView write -> {
                    set(write.view());
                    journal.add(write.entry());
                }
                case MasterAction.Read _, MasterAction.ReadJournal _, MasterAction.Send _, MasterAction.Note _ ->
                    throw new AssertionError(action);
            }
        }
        return fits;
    }

    private boolean fits(MasterAction action) {
        return switch (action) {
            case MasterAction.WriteTerm write -> write.termVersion() == termVersion;
            case MasterAction.TakeOver takeOver ->
                takeOver.termVersion() == termVersion && takeOver.viewVersion() == viewVersion;
            case MasterAction.WriteView write ->
                write.viewVersion() == viewVersion
                        && write.unchanged().stream()
                                .allMatch(touch -> touchesOf(touch.incarnation()) == touch.version());
            case MasterAction.Read _, MasterAction.ReadJournal _, MasterAction.Send _, MasterAction.Note _ ->
                throw new AssertionError(action);
        };
    }

    private void set(TermRecord next) {
        term = next;
        termVersion++;
    }

    private void set(View next) {
        view = ViewImage.of(next);
        viewVersion++;
    }

    private static long request(MasterAction action) {
        return switch (action) {
            case MasterAction.WriteTerm write -> write.request();
            case MasterAction.TakeOver takeOver -> takeOver.request();
            case MasterAction.WriteView write -> write.request();
            case MasterAction.Read read -> read.request();
            case MasterAction.Send _, MasterAction.ReadJournal _, MasterAction.Note _ ->
                throw new AssertionError(action);
        };
    }
}
