package dev.berth.lab.sim.coordinator;

import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Trace;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// Requests of one client are executed in the order in which they were made: one whose outcome was reported as unknown
// may still be executed later, but never after a younger one of the same client.

/** A process's handle on the coordinator. Its answers come as work of the process. One thread. */
public final class Client {
    private static final long PING_NANOS = 1_000_000_000L;
    private static final long LOSS_NANOS = 2_000_000_000L;

    /** What a standing candidate hears. */
    public interface Candidate {
        /** @param election greater than that of every election before */
        void elected(long election);

        void deposed();
    }

    private final Agenda agenda;
    private final Process process;
    private final Coordinator coordinator;
    private final Trace trace;
    private final ArrayDeque<Runnable> late = new ArrayDeque<>();
    private long lastDue;
    private @Nullable Session session;

    public Client(Agenda agenda, Process process, Coordinator coordinator, Trace trace) {
        this.agenda = agenda;
        this.process = process;
        this.coordinator = coordinator;
        this.trace = trace;
    }

    Process process() {
        return process;
    }

    /** Asks; exactly one of the two continuations runs, or none when the answer is lost for good. */
    public <T> void submit(RequestKind kind, Function<Nodes, T> run, Consumer<T> answered, Runnable unknown) {
        var request = new Request<>(kind, run, answered, unknown);
        Session under = session;
        RequestRule rule = coordinator.ruleFor(this, request);
        if (rule != null && rule.fate() == null) {
            trace.line(process.name(), () -> kind + " is held");
            rule.hold(() -> agenda.at(due(), () -> execute(request, under, Fate.NORMAL)));
            return;
        }
        Fate fate = rule == null || rule.fate() == null ? coordinator.fate() : rule.fate();
        if (!coordinator.reaches(process.host())) {
            fate = fate == Fate.LATE ? Fate.LATE : Fate.LOST;
        }
        Fate settled = fate;
        if (settled != Fate.NORMAL) {
            trace.line(process.name(), () -> kind + " meets its fate: " + settled);
        }
        switch (settled) {
            case NORMAL, ANSWER_LOST, SILENT -> agenda.at(due(), () -> execute(request, under, settled));
            case LOST -> reportUnknown(request);
            case LATE -> {
                reportUnknown(request);
                delayed(() -> execute(request, under, Fate.SILENT));
            }
        }
    }

    private long due() {
        lastDue = Math.max(lastDue, agenda.now() + coordinator.delay());
        return lastDue;
    }

    private void delayed(Runnable execution) {
        late.addLast(execution);
        agenda.in(coordinator.lateness(), this::runLate);
    }

    private void runLate() {
        while (!coordinator.isDown() && !late.isEmpty()) {
            late.removeFirst().run();
        }
    }

    private <T> void execute(Request<T> request, @Nullable Session under, Fate fate) {
        runLate();
        boolean refused = under != null && under.isExpired() && !coordinator.expiredMayWrite();
        if (coordinator.isDown() || refused) {
            reportUnknown(request);
            return;
        }
        T result = request.run().apply(coordinator.nodes());
        if (fate == Fate.ANSWER_LOST) {
            reportUnknown(request);
        } else if (fate == Fate.NORMAL) {
            if (coordinator.reaches(process.host())) {
                agenda.in(
                        coordinator.delay(),
                        () -> process.post(() -> request.answered().accept(result)));
            } else {
                reportUnknown(request);
            }
        }
    }

    private void reportUnknown(Request<?> request) {
        agenda.in(LOSS_NANOS, () -> process.post(request.unknown()::run));
    }

    /** Opens a session and stands for election; an expired session is replaced by a new one. */
    public void stand(Candidate candidate) {
        process.post(() -> renew(candidate));
    }

    private void renew(Candidate candidate) {
        if (!coordinator.reaches(process.host())) {
            agenda.in(PING_NANOS, () -> process.post(() -> renew(candidate)));
            return;
        }
        Session fresh = new Session();
        fresh.whenChosen(election -> agenda.in(
                coordinator.delay(),
                () -> process.post(() -> {
                    if (session == fresh) {
                        candidate.elected(election);
                    }
                })));
        session = fresh;
        agenda.in(coordinator.delay(), () -> {
            if (process.isAlive()) {
                coordinator.stand(fresh);
            }
        });
        ping(candidate, fresh);
    }

    private void ping(Candidate candidate, Session own) {
        agenda.in(PING_NANOS, () -> process.post(() -> pinged(candidate, own)));
    }

    private void pinged(Candidate candidate, Session own) {
        if (session != own) {
            return;
        }
        if (!coordinator.reaches(process.host())) {
            ping(candidate, own);
        } else if (own.isExpired()) {
            session = null;
            candidate.deposed();
            renew(candidate);
        } else {
            agenda.in(coordinator.delay(), () -> coordinator.heard(own));
            ping(candidate, own);
        }
    }

    /** Ends the session, so that another is elected at once. */
    public void resign() {
        Session own = session;
        session = null;
        if (own != null && coordinator.reaches(process.host())) {
            agenda.in(coordinator.delay(), () -> coordinator.closed(own));
        }
    }
}
