package dev.berth.core.audit;

import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.JournalLine;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Views come from many eyes in any order: from the coordinator as they are written, from nodes as they install them,
// from a master that is asked, from the journal at the end. Each is put in its place by its number. The same number is
// compared by identity where observers share the object, else by content, once for each object.

/** I5: terms, views and epochs only grow, and one view number has one content for everybody. One thread. */
public final class ViewHistory {
    private record Seen(String who, View view) {}

    private record Said(String who, long number) {}

    private final Consumer<? super Finding> found;
    private final TreeMap<Long, Seen> views = new TreeMap<>();
    private final TreeMap<Long, List<View>> same = new TreeMap<>();
    private final TreeMap<SlotId, TreeMap<Long, Said>> epochs = new TreeMap<>();
    private final TreeMap<Long, Said> terms = new TreeMap<>();
    private @Nullable View imaged;
    private @Nullable ViewImage image;

    public ViewHistory(Consumer<? super Finding> found) {
        this.found = found;
    }

    public @Nullable View view(long number) {
        Seen seen = views.get(number);
        return seen == null ? null : seen.view();
    }

    /** @param before the number of the view that the same observer had until now, or -1 if it had none */
    public void seen(String who, long before, View view) {
        if (view.number() <= before) {
            add(who + " had view " + before, who + " then got view " + view.number());
        }
        Seen known = views.get(view.number());
        if (known == null) {
            take(new Seen(who, view));
        } else if (known.view() != view) {
            compare(known, who, view);
        }
    }

    private void compare(Seen known, String who, View view) {
        List<View> compared = same.computeIfAbsent(view.number(), _ -> new ArrayList<>(1));
        if (compared.contains(view)) {
            return;
        }
        if (imaged != known.view()) {
            imaged = known.view();
            image = ViewImage.of(known.view());
        }
        if (ViewImage.of(view).equals(image)) {
            compared.add(view);
        } else {
            add(known.who() + " saw view " + view.number(), who + " saw view " + view.number() + " with other content");
        }
    }

    private void take(Seen seen) {
        Map.Entry<Long, Seen> earlier = views.lowerEntry(seen.view().number());
        Map.Entry<Long, Seen> later = views.higherEntry(seen.view().number());
        follows(earlier == null ? new Seen("", View.empty(seen.view().leaseNanos())) : earlier.getValue(), seen);
        if (later != null) {
            follows(seen, later.getValue());
        }
        views.put(seen.view().number(), seen);
    }

    private void follows(Seen earlier, Seen later) {
        View before = earlier.view();
        View after = later.view();
        after.forEachMember(listing -> {
            long life = listing.incarnation().number();
            if (!before.lists(listing.incarnation()) && (life <= before.number() || life > after.number())) {
                add(
                        earlier.who() + " saw view " + before.number() + ", which does not list "
                                + listing.incarnation(),
                        later.who() + " saw view " + after.number() + ", which does: a new member has the number of"
                                + " the view that admits it");
            }
        });
        for (Service service : after.services().values()) {
            Service former = before.service(service.name());
            service.forEachUnit((i, state) -> {
                boolean kept = former != null
                        && former.has(i + 1)
                        && former.unit(i + 1).equals(state);
                if (!kept && !state.owner().isNone()) {
                    owned(later, new SlotId(service.name(), i + 1), state);
                }
            });
        }
    }

    private void owned(Seen seen, SlotId slot, SlotState state) {
        View view = seen.view();
        String where = seen.who() + " saw view " + view.number() + ", ";
        if (!view.lists(state.owner())) {
            add(where + "which does not list " + state.owner(), "in it " + slot + " is " + state);
        }
        epoch(seen.who(), view.number(), slot, state.epoch());
    }

    private void epoch(String who, long view, SlotId slot, long epoch) {
        TreeMap<Long, Said> all = epochs.computeIfAbsent(slot, _ -> new TreeMap<>());
        Map.Entry<Long, Said> before = all.floorEntry(view);
        Map.Entry<Long, Said> after = all.ceilingEntry(view);
        String here = who + " saw " + slot + " with epoch " + epoch + " in view " + view;
        if (epoch > view) {
            add("an epoch is the number of the view that grants it", here);
        }
        if (before != null && before.getValue().number() > epoch) {
            add(epochWords(slot, before), here);
        }
        if (after != null && after.getValue().number() < epoch) {
            add(here, epochWords(slot, after));
        }
        if (before == null || before.getValue().number() != epoch) {
            all.put(view, new Said(who, epoch));
        }
    }

    private static String epochWords(SlotId slot, Map.Entry<Long, Said> said) {
        return said.getValue().who() + " saw " + slot + " with epoch "
                + said.getValue().number() + " in view " + said.getKey();
    }

    /** What the coordinator's journal says of a view or a take-over. */
    public void told(JournalEntry entry) {
        term(entry);
        if (entry.isTakeOver()) {
            return;
        }
        TreeMap<SlotId, SlotState> states = new TreeMap<>();
        View view = view(entry.view());
        for (JournalLine line : entry.lines()) {
            if (line instanceof JournalLine.SlotMoved moved) {
                states.put(moved.slot(), moved.after());
            } else if (view != null) {
                listed(entry, view, line);
            }
        }
        states.forEach((slot, state) -> {
            if (!state.owner().isNone()) {
                epoch("the journal", entry.view(), slot, state.epoch());
                if (view != null && !state.equals(view.slot(slot))) {
                    differs(entry, "that " + slot + " is " + state, "there it is " + view.slot(slot));
                }
            }
        });
    }

    private void listed(JournalEntry entry, View view, JournalLine line) {
        if (line instanceof JournalLine.Came came && !view.lists(came.life())) {
            differs(entry, "that " + came.life() + " came", "it does not list it");
        }
        if (line instanceof JournalLine.Went went && view.lists(went.life())) {
            differs(entry, "that " + went.life() + " went", "it lists it");
        }
    }

    private void differs(JournalEntry entry, String told, String seen) {
        Seen known = views.get(entry.view());
        add(
                "the journal says of view " + entry.view() + " " + told,
                (known == null ? "somebody" : known.who()) + " saw that view: " + seen);
    }

    private void term(JournalEntry entry) {
        boolean takeOver = entry.isTakeOver();
        Map.Entry<Long, Said> before = terms.floorEntry(entry.view());
        Map.Entry<Long, Said> after = takeOver ? terms.higherEntry(entry.view()) : terms.ceilingEntry(entry.view());
        String here = entry.master() + (takeOver ? " took over after view " : " wrote view ") + entry.view()
                + " in term " + entry.term();
        if (before != null && before.getValue().number() > entry.term() - (takeOver ? 1 : 0)) {
            add(termWords(before), here);
        }
        if (after != null && after.getValue().number() < entry.term()) {
            add(here, termWords(after));
        }
        if (!takeOver) {
            terms.put(entry.view(), new Said(entry.master(), entry.term()));
        }
    }

    private static String termWords(Map.Entry<Long, Said> said) {
        return said.getValue().who() + " wrote view " + said.getKey() + " in term "
                + said.getValue().number();
    }

    private void add(String earlier, String later) {
        found.accept(new Finding(Invariant.I5, earlier, later));
    }

    /** The coordinator was emptied on purpose: numbers start again. */
    public void forget() {
        views.clear();
        same.clear();
        epochs.clear();
        terms.clear();
    }
}
