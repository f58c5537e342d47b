package dev.berth.node.process;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One virtual thread that drains ready processes while it has a seat. */
final class Runner implements Runnable {
    private static final ScopedValue<Runner> CURRENT = ScopedValue.newInstance();
    /** How long it looks for work before it goes: waking another costs about as much. */
    private static final long SEARCH_NANOS = 20_000;

    private static final int SPINS_PER_LOOK = 8;

    /** So many turns in a row go to what it has made ready itself; then whoever waits for a runner has one. */
    private static final int OWN_MAX = 32;

    private final Runners runners;
    private final Thread thread;
    /** What it has made ready itself and runs next; others may take it when it cannot. */
    private final AtomicReference<@Nullable LocalProcess> next = new AtomicReference<>();

    int seat;
    /** Counts turns, so that the watchdog sees whether it goes on. */
    private volatile long turns;
    /** The process whose handler runs. */
    @Nullable
    LocalProcess process;
    /** The letter at hand; null when there is none, or when its answer has been put off. */
    @Nullable
    Letter letter;
    /** The letter whose handler runs, also when its answer has been put off. */
    @Nullable
    Letter reads;
    /** How many processes run on this thread for one another. */
    int lentDepth;

    private int own;
    private long turnsSeen = -1;

    private Runner(Runners runners, @Nullable Thread lent) {
        this.runners = runners;
        this.thread = lent == null
                ? Thread.ofVirtual()
                        .name("berth-runner")
                        .unstarted(() -> ScopedValue.where(CURRENT, this).run(this))
                : lent;
    }

    /** One that looks for work until there is none; to be seated, then started. */
    static Runner seeking(Runners runners) {
        return new Runner(runners, null);
    }

    /** Does one thing as a runner on the thread of a caller. It has no seat. */
    static void lend(Runners runners, Consumer<Runner> what) {
        Runner lent = new Runner(runners, Thread.currentThread());
        ScopedValue.where(CURRENT, lent).run(() -> what.accept(lent));
    }

    /** Null on a thread that is no runner. */
    static @Nullable Runner current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /** The process whose handler calls; null on a thread that runs none. */
    static @Nullable LocalProcess atWork() {
        Runner runner = current();
        return runner == null ? null : runner.process;
    }

    /** What a handler asks ends no later than what it answers. */
    long earlier(long deadlineNanos) {
        Letter atHand = letter;
        return atHand == null ? deadlineNanos : Math.min(deadlineNanos, atHand.deadlineNanos());
    }

    /** Whether the answer to the letter at hand has been put off. */
    @SuppressWarnings("ReferenceEquality") // a letter is only itself
    boolean answersLater(Letter atHand) {
        return letter != atHand;
    }

    Runners runners() {
        return runners;
    }

    void start() {
        thread.start();
    }

    /** Whether it will run the process right after the one at hand. */
    boolean runsNext(LocalProcess made) {
        if (!runners.sits(this)) {
            return false;
        }
        LocalProcess other = next.getAndSet(made);
        if (other != null) {
            runners.queue(other);
        }
        if (!runners.sits(this)) {
            // The watchdog has just taken the seat, and may have looked before this was here.
            handOn();
        }
        return true;
    }

    /** Gives what it would have run next to the others. */
    void handOn() {
        LocalProcess left = next.getAndSet(null);
        if (left != null) {
            runners.queue(left);
        }
    }

    @Override
    public void run() {
        long turn = 0;
        LocalProcess mine = search();
        while (mine != null) {
            turn++;
            turns = turn;
            boolean more = mine.turn(this);
            if (more) {
                runners.queue(mine);
            }
            mine = runners.sits(this) || runners.sit(this) ? search() : null;
        }
        handOn();
    }

    private @Nullable LocalProcess search() {
        LocalProcess found = mayGoOn() ? poll() : null;
        if (found == null && mayGoOn() && !runners.isSearching()) {
            found = searchOn();
        }
        if (found == null) {
            runners.leave(this);
            // Whoever came between the last look and the leaving may have counted on this one.
            if (!runners.isIdle()) {
                runners.callOne();
            }
        }
        return found;
    }

    private boolean mayGoOn() {
        return !runners.isClosed() && runners.mayRun.getAsBoolean();
    }

    private @Nullable LocalProcess poll() {
        if (next.getPlain() != null && own < OWN_MAX) {
            LocalProcess mine = next.getAndSet(null);
            if (mine != null) {
                own++;
                return mine;
            }
        }
        own = 0;
        // Two that talk to each other would keep this runner to themselves for good.
        handOn();
        return runners.poll();
    }

    private @Nullable LocalProcess searchOn() {
        LocalProcess found = null;
        runners.searches(1);
        long until = System.nanoTime() + SEARCH_NANOS;
        while (found == null && System.nanoTime() < until) {
            for (int i = 0; i < SPINS_PER_LOOK && found == null; i++) {
                Thread.onSpinWait();
                found = runners.poll();
            }
        }
        runners.searches(-1);
        if (found == null) {
            found = runners.poll();
        } else if (!runners.isIdle()) {
            runners.callOne();
        }
        return found;
    }

    /** The handler is about to wait: others go on in its place. */
    void beforeWaiting() {
        if (runners.leave(this)) {
            handOn();
            if (!runners.isIdle()) {
                runners.callOne();
            }
        }
    }

    /**
     * By the watchdog: whether it waits in code that does not say so, or has been at one turn since the last tick.
     *
     * @param tick whether a millisecond has passed since the last one
     */
    boolean isStuck(boolean tick) {
        long now = turns;
        boolean same = tick && now == turnsSeen && now > 0;
        turnsSeen = tick ? now : turnsSeen;
        Thread.State state = thread.getState();
        return state == Thread.State.TIMED_WAITING
                || state == Thread.State.WAITING
                || state == Thread.State.BLOCKED
                || (same && process != null);
    }
}
