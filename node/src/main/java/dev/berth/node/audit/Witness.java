package dev.berth.node.audit;

import dev.berth.core.audit.Answers;
import dev.berth.core.audit.Count;
import dev.berth.core.audit.Finding;
import dev.berth.core.audit.Invariant;
import dev.berth.core.audit.ViewHistory;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.operate.History;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.Subscription;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

// What is seen from outside is enough to convict a cluster, never to acquit it: the simulator, which sees the inside
// as well, does the same with the same checkers. Whatever is reported here is put in order by one lock: a call is asked
// before it is sent, and answered after its answer has come, so whoever comes later in this order came later in truth.

/** Takes in what callers, nodes and the journal of a real cluster say, compares it, and remembers it. Any thread. */
public final class Witness {
    /** So many observations are remembered, the newest ones. */
    public static final int REMEMBERED = 200_000;
    /** And so many findings, the first ones: one mistake may show in every call that follows. */
    public static final int FINDINGS_MAX = 100;

    private final long startNanos = System.nanoTime();
    // Guarded by this.
    private final Answers answers = new Answers(this::found);
    private final ViewHistory views = new ViewHistory(this::found);
    private final ArrayDeque<Object> history = new ArrayDeque<>();
    private final List<Finding> findings = new ArrayList<>();
    private long observed;
    private long doubleOwners;

    private record Call(long askedNanos, long endedNanos, SlotId slot, Bytes words, Outcome<Bytes> outcome) {
        @Override
        public String toString() {
            String end = outcome instanceof Outcome.Done<Bytes>(Bytes answer) ? answer.utf8() : outcome.toString();
            return seconds(endedNanos) + "  " + slot + " " + words.utf8() + " -> " + end + "  (asked at "
                    + seconds(askedNanos) + ")";
        }
    }

    private record Sight(long atNanos, String who, String what) {
        @Override
        public String toString() {
            return seconds(atNanos) + "  " + who + ": " + what;
        }
    }

    private static String seconds(long nanos) {
        return "%.6f".formatted(nanos / 1e9);
    }

    /** Hears of every view that the node applies. */
    public Subscription watch(String who, Node node) {
        return node.onChange(change -> saw(who, change.before().number(), change.view()));
    }

    /** Somebody was asked and showed a view. */
    public void saw(String who, View view) {
        saw(who, -1, view);
    }

    private synchronized void saw(String who, long before, View view) {
        views.seen(who, before, view);
        remember(new Sight(now(), who, "view " + view.number()));
    }

    /** What the coordinator's journal says in the end. */
    public synchronized void told(History journal) {
        journal.entries().forEach(entry -> {
            views.told(entry);
            remember(new Sight(now(), "the journal", entry.toString()));
        });
    }

    /** Whoever asks a slot for a number: "ADD number" adds one to it, "GET number" tells it; both are answered with a Count. */
    public Questioner questioner(Agent agent, SlotId slot, String number) {
        return new Questioner(agent, slot, number);
    }

    /** One caller, and his own number; one call at a time. */
    public final class Questioner {
        private final Agent agent;
        private final SlotId slot;
        private final String number;
        private final Bytes add;
        private final Bytes get;

        private Questioner(Agent agent, SlotId slot, String number) {
            this.agent = agent;
            this.slot = slot;
            this.number = number;
            this.add = Bytes.utf8("ADD " + number);
            this.get = Bytes.utf8("GET " + number);
        }

        /** Adds one; returns when the call has ended. */
        public Outcome<Bytes> add(Duration within) throws InterruptedException {
            Answers.Asked asked;
            synchronized (Witness.this) {
                asked = answers.adds(now(), number, slot, number);
            }
            return ask(asked, add, within);
        }

        /** Asks for it; returns when the call has ended. */
        public Outcome<Bytes> get(Duration within) throws InterruptedException {
            Answers.Asked asked;
            synchronized (Witness.this) {
                asked = answers.reads(now(), number, slot, number);
            }
            return ask(asked, get, within);
        }

        /** Asks for it when all calls have ended: an error unless that is answered. */
        public void compare(Duration within) throws InterruptedException {
            Outcome<Bytes> outcome = get(within);
            if (!(outcome instanceof Outcome.Done<Bytes>)) {
                throw new IllegalStateException("nobody tells what " + number + " of " + slot + " is: " + outcome);
            }
        }

        private Outcome<Bytes> ask(Answers.Asked asked, Bytes words, Duration within) throws InterruptedException {
            try {
                Outcome<Bytes> outcome =
                        agent.callSlotAsync(slot.number(), words, within).get();
                ended(asked, words, outcome);
                return outcome;
            } catch (ExecutionException broken) {
                throw new IllegalStateException("a call ends with an outcome, never so", broken);
            }
        }

        private void ended(Answers.Asked asked, Bytes words, Outcome<Bytes> outcome) {
            synchronized (Witness.this) {
                long now = now();
                switch (outcome) {
                    case Outcome.Done<Bytes>(Bytes answer) -> answers.answered(now, asked, Count.of(answer));
                    case Outcome.Refused<Bytes> _ -> answers.refused(asked);
                    case Outcome.Failed<Bytes> _, Outcome.Unknown<Bytes> _ -> {
                        // It may have been done, now or later, or not.
                    }
                }
                remember(new Call(asked.atNanos(), now, slot, words, outcome));
            }
        }
    }

    // ---- What came of it

    /** What contradicts each other; at most {@link #FINDINGS_MAX}. */
    public synchronized List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** How many answers show two owners of one slot at a time. */
    public synchronized long doubleOwners() {
        return doubleOwners;
    }

    /** How many acknowledged additions were missing, each number at its worst. */
    public synchronized long lost() {
        return answers.lost();
    }

    /** Writes down what was found and everything that is remembered, the oldest first. */
    public synchronized void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Finding finding : findings) {
                out.write(finding + "\n");
            }
            out.write(observed + " observations, the newest " + history.size() + " of them, in seconds:\n");
            for (Object each : history) {
                out.write(each + "\n");
            }
        }
    }

    private long now() {
        return System.nanoTime() - startNanos;
    }

    private void found(Finding finding) {
        if (finding.invariant() == Invariant.I1) {
            doubleOwners++;
        }
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }

    private void remember(Object observation) {
        observed++;
        if (history.size() == REMEMBERED) {
            history.removeFirst();
        }
        history.addLast(observation);
    }
}
