package dev.berth.node.worker;

import dev.berth.core.call.Outcome;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Member;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.node.link.Loops;
import dev.berth.node.member.SlotHost;
import dev.berth.node.member.ViewStep;
import dev.berth.node.plane.Plane;
import dev.berth.node.plane.PlaneLimits;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// The first time that a virtual machine does something, it loads classes and links call sites. A standby does nearly
// everything for the first time when a slot waits for it, and that was most of a take-over. So it does it once before:
// a member, a plane and a slot of its own, which nobody else sees; no socket, no file.

/** A slot's way from offered to answered, walked once per process while the node waits for its turn. One thread. */
final class Rehearsal implements Slots.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final long PATIENCE_SECONDS = 20;
    private static final long MASTERS_CLOCK = 1;
    private static final long CLUSTER = 1;
    private static final String SERVICE = "rehearsal";

    private final Incarnation self = new Incarnation(new NodeId(1), 2);
    private final Nonce nonce = new Nonce(1, 2);
    private final Offer offer = new Offer(SERVICE, 1, true);
    private final Grant grant = new Grant(new SlotId(SERVICE, 1), 2);
    private final FrameWriter<ClusterMessage.ToMember> said =
            new FrameWriter<>(Protocol.TO_MEMBER, CLUSTER, 1, Limits.VIEW);
    private final FrameReader<ClusterMessage.ToMember> heard =
            new FrameReader<>(Protocol.TO_MEMBER, CLUSTER, Protocol.VERSIONS, Limits.VIEW);
    private final FrameWriter<ClusterMessage.ToMaster> answers =
            new FrameWriter<>(Protocol.TO_MASTER, CLUSTER, 1, Limits.VIEW);
    private final CompletableFuture<Outcome<Bytes>> ended = new CompletableFuture<>();

    /** Plays it in the background; once per process. */
    static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            Thread.ofPlatform().name("berth-rehearsal").daemon().start(() -> {
                try {
                    LOG.debug("rehearsed: {}", new Rehearsal().play());
                } catch (RuntimeException | ExecutionException | TimeoutException | InterruptedException missed) {
                    // Without it the first take-over takes longer; nothing else depends on it.
                    LOG.debug("not rehearsed", missed);
                }
            });
        }
    }

    /** How the rehearsed call ended. */
    Outcome<Bytes> play() throws InterruptedException, ExecutionException, TimeoutException {
        View planned = View.empty(Timings.DEFAULT.leaseNanos())
                .apply(new Delta(1, SERVICE, List.of(new Change.ServicePlanned(ServicePlan.plain(SERVICE, 1)))));
        Listing listing = new Listing(self, SERVICE, nonce, List.of(offer), List.of("127.0.0.1:1"), "", false);
        View offered = planned.apply(new Delta(
                2,
                SERVICE,
                List.of(
                        new Change.MemberListed(listing),
                        new Change.SlotChanged(grant.slot(), new SlotState.Offered(self, grant.epoch(), 0)))));
        Delta runs = new Delta(
                3, SERVICE, List.of(new Change.SlotChanged(grant.slot(), new SlotState.Running(self, grant.epoch()))));
        member(offered, runs);
        return slot(offered, offered.apply(runs));
    }

    private void member(View offered, Delta runs) {
        Member member = new Member(new MemberConfig(
                SERVICE, nonce, 0, List.of(offer), List.of(), "", Incarnation.NONE, 1, Timings.DEFAULT));
        long now = System.nanoTime();
        member.advance(now, this::heard);
        tell(member, now, new ClusterMessage.Admit(1, nonce, self, MASTERS_CLOCK));
        tell(member, now, new ClusterMessage.ViewFull(1, ViewImage.of(offered)));
        member.on(now, new MemberEvent.Installed(offered.number()), this::heard);
        long lease = Timings.DEFAULT.leaseNanos();
        for (long seq = 1; seq <= 2; seq++) {
            tell(member, now, new ClusterMessage.Answer(1, self, seq, lease, 2, 1, MASTERS_CLOCK));
        }
        member.on(now, new MemberEvent.Fenced(grant), this::heard);
        tell(member, now, new ClusterMessage.Closed(1, self, 2, List.of()));
        member.on(now, new MemberEvent.Loaded(grant), this::heard);
        tell(member, now, new ClusterMessage.ViewDeltas(1, 2, List.of(runs)));
        member.on(now, new MemberEvent.Installed(runs.number()), this::heard);
        member.on(now, new MemberEvent.Stop(SERVICE), this::heard);
    }

    /** As it comes from a master: through the bytes. */
    private void tell(Member member, long now, ClusterMessage.ToMember message) {
        byte[] frame = said.frame(message);
        try {
            heard.read(
                    frame,
                    0,
                    frame.length,
                    decoded -> member.on(now, new MemberEvent.Received(0, decoded), this::heard));
        } catch (WireException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void heard(MemberAction action) {
        if (action instanceof MemberAction.Send(int _, ClusterMessage.ToMaster message)) {
            answers.frame(message);
        }
    }

    private Outcome<Bytes> slot(View offered, View runs)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (Loops loops = Loops.start(1);
                ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor()) {
            SlotService echo = ServiceCall::body;
            Slots slots = new Slots(Map.of(SERVICE, echo), handlers, () -> true, null, this, new Counts(), _ -> {});
            Plane plane = new Plane(
                    loops.next(),
                    System::nanoTime,
                    PlaneLimits.DEFAULT,
                    (_, _, _) -> _ -> {},
                    _ -> true,
                    offered,
                    self,
                    slots,
                    ended::completeExceptionally,
                    new SplittableRandom());
            slots.load(grant, 1, new SlotHost.Report() {
                @Override
                public void done() {
                    plane.resume();
                    plane.install(runs, () -> {
                        slots.serve(grant);
                        plane.serving(grant);
                        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                        plane.submit(Request.toSlot(1, grant.slot(), deadline, Bytes.utf8(SERVICE)));
                    });
                }

                @Override
                public void failed(String cause) {
                    ended.completeExceptionally(new IllegalStateException(cause));
                }
            });
            Outcome<Bytes> outcome = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            CompletableFuture<Void> stopped = new CompletableFuture<>();
            plane.stop(SERVICE, () -> stopped.complete(null));
            stopped.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return outcome;
        }
    }

    @Override
    public void ended(Request request, Outcome<Bytes> outcome, long call) {
        ended.complete(outcome);
    }

    @Override
    public Node node() {
        throw new IllegalStateException("a rehearsal has no node");
    }

    @Override
    public void runDone(Slot slot) {}

    @Override
    public void installed(View view, List<ViewStep> steps) {}

    @Override
    public void over(String cause) {}
}
