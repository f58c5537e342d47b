package dev.berth.node.member;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Member;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Outbox;
import dev.berth.node.driver.MachineHaltedException;
import dev.berth.node.driver.ThreadDriver;
import dev.berth.node.plane.Plane;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// The machine decides on a thread of its own, which does nothing else, so that beats leave in time whatever the
// application does. Everybody else asks the lease it has published last, and needs nobody's leave to find it over.

/** A listed node: core's Member with its masters, its plane and its slots. Any thread may call it. */
public final class MemberNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberNode.class);
    private static final int EVENTS_MAX = 1 << 16;
    private static final long LINGER_MILLIS = 50;
    /** Only a reminder: what the clocks show is read when it arrives, on the thread that compares them. */
    private static final MemberEvent.Clocks LOOK_AT_CLOCKS = new MemberEvent.Clocks(0, 0);
    /** Clocks that were read further apart than this are not compared. */
    private static final long CLOCKS_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final MemberConfig config;
    private final MemberParts parts;
    private final LongSupplier clock = System::nanoTime;
    private final ThreadDriver<MemberEvent, MemberAction> driver;
    private final MasterPipes masters;
    private final Map<Nonce, CompletableFuture<Decision>> asked = new ConcurrentHashMap<>();
    private final ViewSteps steps = new ViewSteps();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long actUntilNanos = Long.MIN_VALUE;
    private volatile Incarnation self = Incarnation.NONE;
    private final LongAdder suspensions = new LongAdder();
    private volatile @Nullable Plane plane;
    /** Why it is not listed yet; the loop's. */
    private String parkedCause = "";

    private @Nullable ScheduledFuture<?> clocks;

    /** What became of a proposal. */
    public record Decision(boolean accepted, long view, String reason) {}

    public MemberNode(MemberConfig config, MemberParts parts) {
        this.config = config;
        this.parts = parts;
        this.masters = new MasterPipes(parts.transport(), parts.loop(), parts.masters(), this::received);
        this.driver = new ThreadDriver<>(
                "member-" + config.name(), new Publishing(config), EVENTS_MAX, clock, this::perform, this::halted);
    }

    /** Random bits for a process that starts. */
    public static Nonce nonce() {
        return new Nonce(RANDOM.nextLong(), RANDOM.nextLong());
    }

    public void start() {
        driver.start();
        long beat = config.timings().beatNanos();
        clocks = parts.loop().scheduleAtFixedRate(() -> tell(LOOK_AT_CLOCKS), 0, beat, TimeUnit.NANOSECONDS);
    }

    /** Rule 12, for whoever is about to do something by the node's right. */
    public boolean mayAct(long nowNanos) {
        return nowNanos < actUntilNanos;
    }

    /** This life; {@link Incarnation#NONE} before admission. */
    public Incarnation self() {
        return self;
    }

    /** How often its lease has run out. */
    public long suspensions() {
        return suspensions.sum();
    }

    /** Null before the first view. */
    public @Nullable Plane plane() {
        return plane;
    }

    /** Asks for a change of the view; ends when a view has it or the master has refused it. */
    public CompletableFuture<Decision> ask(Proposal proposal) {
        Nonce id = nonce();
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        asked.put(id, decision);
        tell(new MemberEvent.Ask(id, proposal));
        return decision;
    }

    /** Stops in good order: says goodbye, so that nobody waits for the lease. Slots should have been drained before. */
    @Override
    public void close() {
        stop("closed");
    }

    public void stop(String cause) {
        if (!over.get()) {
            actUntilNanos = Long.MIN_VALUE;
            tell(new MemberEvent.Stop(cause));
        }
    }

    private void received(ClusterMessage.ToMember message, int master) {
        if (message instanceof ClusterMessage.Parked parked && !parked.cause().equals(parkedCause)) {
            // It asks again and again; the answer is worth a line when it is another one.
            parkedCause = parked.cause();
            LOG.info("member {} PARKED cause={}", config.name(), parkedCause);
        }
        tell(new MemberEvent.Received(master, message));
    }

    private void tell(MemberEvent event) {
        if (!driver.submit(event) && !over.get()) {
            end("more than " + EVENTS_MAX + " events wait for the member");
        }
    }

    /** What other threads may know of the machine is published before its actions are performed. */
    private final class Publishing extends Member {
        Publishing(MemberConfig config) {
            super(config);
        }

        @Override
        public void on(long nowNanos, MemberEvent event, Outbox<MemberAction> out) {
            if (event instanceof MemberEvent.Clocks) {
                lookAtClocks(nowNanos, out);
            } else {
                super.on(nowNanos, event, out);
            }
            publish();
        }

        @Override
        public void advance(long nowNanos, Outbox<MemberAction> out) {
            super.advance(nowNanos, out);
            publish();
        }

        @Override
        protected View next(View base, Delta delta) {
            View view = super.next(base, delta);
            steps.heard(base, delta, view);
            return view;
        }

        // On a machine with too much to do this thread may wait between two clocks, which then seem to disagree. Such a
        // reading is left out: a clock that did jump still shows it at the next one.
        private void lookAtClocks(long nowNanos, Outbox<MemberAction> out) {
            MemberEvent.Clocks read = Clocks.read();
            if (clock.getAsLong() - nowNanos <= CLOCKS_NANOS_MAX) {
                super.on(nowNanos, read, out);
            } else {
                super.advance(nowNanos, out);
            }
        }

        private void publish() {
            self = self();
            actUntilNanos = isOver() || view() == null ? Long.MIN_VALUE : leaseUntilNanos();
        }
    }

    // ---- Actions, on the member's thread

    private void perform(MemberAction action) {
        switch (action) {
            case MemberAction.Send(int master, ClusterMessage.ToMaster message) -> masters.send(master, message);
            case MemberAction.Install install -> install(install.view());
            case MemberAction.Suspend(String cause) -> suspend(cause);
            case MemberAction.Resume _ -> resume();
            case MemberAction.Fence(Grant grant) -> fence(grant);
            case MemberAction.Load(Grant grant, int capacity) ->
                parts.slots().load(grant, capacity, report(new MemberEvent.Loaded(grant), grant));
            case MemberAction.Preload(Grant grant) -> parts.slots().preload(grant);
            case MemberAction.Serve(Grant grant) -> serve(grant);
            case MemberAction.RunDone(Grant grant) -> parts.slots().runDone(grant);
            case MemberAction.Drop(Grant grant, String cause) -> drop(grant, cause);
            case MemberAction.Quiesce(Grant grant) -> quiesce(grant);
            case MemberAction.Flush(Grant grant) -> parts.slots().flush(grant, flushed(grant));
            case MemberAction.Mark(Grant grant) -> thePlane().mark(grant, () -> tell(new MemberEvent.Marked(grant)));
            case MemberAction.Touch touch -> parts.touches().touch(touch, this::tell);
            case MemberAction.Answered answered -> answered(answered);
            case MemberAction.Closed(View view) -> parts.slots().closed(view);
            case MemberAction.Excused _ -> {}
            case MemberAction.Exit(String cause) -> end(cause);
            case MemberAction.Note(String line) -> LOG.info(line);
        }
    }

    private Plane thePlane() {
        Plane there = plane;
        if (there == null) {
            throw new IllegalStateException(config.name() + " has no view yet");
        }
        return there;
    }

    private void install(View view) {
        Plane there = plane;
        if (there == null) {
            plane = parts.planes().make(this::mayAct, view, self, this::broken);
            parts.slots().installed(view, steps.installed(view));
            tell(new MemberEvent.Installed(view.number()));
        } else {
            there.install(view, () -> {
                parts.slots().installed(view, steps.installed(view));
                tell(new MemberEvent.Installed(view.number()));
            });
        }
    }

    private void suspend(String cause) {
        suspensions.increment();
        parts.slots().suspended(cause);
        Plane there = plane;
        if (there != null) {
            there.suspend();
        }
    }

    private void resume() {
        thePlane().resume();
        parts.slots().resumed();
    }

    private void fence(Grant grant) {
        parts.fencing().assertFence(grant, new Fencing.Answer() {
            @Override
            public void taken() {
                tell(new MemberEvent.Fenced(grant));
            }

            @Override
            public void refused(long storedEpoch) {
                tell(new MemberEvent.FenceRefused(grant, storedEpoch));
            }
        });
    }

    private void serve(Grant grant) {
        parts.slots().serve(grant);
        thePlane().serving(grant);
    }

    private void quiesce(Grant grant) {
        thePlane().withdrawn(grant, () -> parts.slots().quiesce(grant, () -> tell(new MemberEvent.Quiesced(grant))));
    }

    private void drop(Grant grant, String cause) {
        Plane there = plane;
        if (there != null) {
            there.withdrawn(grant, () -> parts.slots().drop(grant, cause));
        }
    }

    private SlotHost.Report report(MemberEvent done, Grant grant) {
        return new SlotHost.Report() {
            @Override
            public void done() {
                tell(done);
            }

            @Override
            public void failed(String cause) {
                tell(new MemberEvent.LoadFailed(grant, cause));
            }
        };
    }

    /** A flush that fails is not reported: the drain's deadline gives the slot back to its owner. */
    private SlotHost.Report flushed(Grant grant) {
        return new SlotHost.Report() {
            @Override
            public void done() {
                tell(new MemberEvent.Flushed(grant));
            }

            @Override
            public void failed(String cause) {
                LOG.warn("slot {} could not be flushed, its drain will be abandoned: {}", grant, cause);
            }
        };
    }

    private void answered(MemberAction.Answered answered) {
        CompletableFuture<Decision> decision = asked.remove(answered.id());
        if (decision != null) {
            decision.complete(new Decision(answered.accepted(), answered.view(), answered.reason()));
        }
    }

    // ---- The end

    private void halted(MachineHaltedException why) {
        broken(why);
    }

    private void broken(Throwable why) {
        LOG.error("node {} HALTED: {}", config.name(), why.getMessage(), why);
        end("halted: " + why.getMessage());
    }

    private void end(String cause) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        actUntilNanos = Long.MIN_VALUE;
        if (clocks != null) {
            clocks.cancel(false);
        }
        asked.values().forEach(decision -> decision.complete(new Decision(false, 0, "the node has ended: " + cause)));
        Thread.ofVirtual().name("berth-end").start(() -> {
            driver.close();
            Plane there = plane;
            if (there != null) {
                there.stop(cause, () -> {});
            }
            linger();
            masters.close(cause);
            parts.slots().over(cause);
        });
    }

    /**
     * A socket that is closed with something unread resets the connection, and the other end may then never read what was sent
     * last: the goodbye, without which the master waits for the lease.
     */
    private static void linger() {
        try {
            Thread.sleep(LINGER_MILLIS);
        } catch (InterruptedException inAHurry) {
            Thread.currentThread().interrupt();
        }
    }
}
