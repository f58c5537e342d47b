package dev.berth.test;

import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Ground;
import dev.berth.node.link.Dial;
import dev.berth.node.link.PipeEars;
import dev.berth.node.member.SlotHost.Report;
import dev.berth.node.plane.Application;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.plane.Plane;
import dev.berth.node.plane.PlaneLimits;
import dev.berth.node.plane.Work;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Self;
import dev.berth.node.process.Topics;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node of the played cluster: the real plane on a played loop, and the real slots of entities on a played ground. */
final class Member implements Application {
    private record Run(Grant grant, SlotWork work) {}

    private final Harbor harbor;
    private final String name;
    private final Incarnation life;
    private final TestLoop loop;
    private final Plane plane;
    private final Ground ground;
    private final Topics topics;
    private final Scene.Lane news;
    private final Scene.Lane views;
    private final Scene.Lane toStore;
    private final Scene.Lane fromStore;
    private final Map<SlotId, Run> runs = new TreeMap<>();
    private final List<Strand> strands = new ArrayList<>();
    private View view;
    private BiConsumer<View, View> onView = (_, _) -> {};
    private long processes;
    private boolean paused;
    private boolean over;

    Member(Harbor harbor, String name, Incarnation life, View first) {
        this.harbor = harbor;
        this.name = name;
        this.life = life;
        this.view = first;
        this.views = lane();
        this.toStore = harbor.scene().lane(() -> true);
        this.fromStore = lane();
        this.loop = new TestLoop(harbor.scene(), lane());
        this.ground = new TestGround(this);
        this.news = lane();
        this.topics = Topics.of(
                life,
                () -> this.view,
                request -> plane().submit(request),
                harbor.scene()::nowNanos,
                harbor.app().messages(),
                (topic, message) -> harbor.heard(this, topic, message));
        this.plane = new Plane(
                loop,
                harbor.scene()::nowNanos,
                PlaneLimits.DEFAULT,
                (listing, ears, _) -> dial(listing, ears),
                _ -> !over,
                first,
                life,
                this,
                harbor::broken,
                harbor.scene().random.split());
    }

    Topics topics() {
        return topics;
    }

    Scene scene() {
        return harbor.scene();
    }

    String name() {
        return name;
    }

    Incarnation life() {
        return life;
    }

    TestLoop loop() {
        return loop;
    }

    Plane plane() {
        return plane;
    }

    Ground ground() {
        return ground;
    }

    View view() {
        return view;
    }

    boolean isOver() {
        return over;
    }

    boolean isPaused() {
        return paused;
    }

    // ---- Steps

    /** What is done in it waits while the node is paused, and never comes when it is over. */
    Scene.Lane lane() {
        return harbor.scene().lane(() -> !paused && !over);
    }

    void inLane(Scene.Lane lane, Runnable task) {
        lane.add(() -> loop.carry(task));
    }

    Strand strand(Scene.Lane lane, Runnable body) {
        strands.removeIf(Strand::hasEnded);
        Strand strand = new Strand(harbor.nextNumber(), lane, body);
        strands.add(strand);
        lane.add(strand::play);
        return strand;
    }

    <T> CompletableFuture<T> askStore(Supplier<T> request) {
        CompletableFuture<T> answered = new CompletableFuture<>();
        toStore.add(() -> {
            T answer = request.get();
            fromStore.add(() -> answered.complete(answer));
        });
        return answered;
    }

    void playUntil(BooleanSupplier so) {
        harbor.playUntil(so);
    }

    boolean losesReply() {
        return harbor.losesReplyTo(this);
    }

    /** That no other process ever gets. */
    Address nextAddress() {
        return new Address(Address.first(life).value() + ++processes);
    }

    void push(Address to, Bytes message) {
        harbor.push(this, to, message);
    }

    /** Tells the gate that this node is, if it is one, of views. */
    void onView(BiConsumer<View, View> ears) {
        onView = ears;
    }

    <M> ProcessRef<M> spawn(Function<Self<M>, Behavior<M>> made) {
        TestProcess<M> process = new TestProcess<>(this, nextAddress());
        process.begin(made.apply(process));
        return process;
    }

    private Dial dial(@Nullable Listing listing, PipeEars<PeerMessage, PeerMessage> ears) {
        Member other = listing == null ? null : harbor.member(listing.incarnation());
        if (other == null || other.over) {
            loop.execute(() -> ears.closed("nobody is there"));
            return _ -> {};
        }
        Cable cable = harbor.lay(Cable.lay(this, other, ears));
        return _ -> cable.cut();
    }

    // ---- What the master and the machine do to it

    void install(View next, Runnable acknowledged) {
        inLane(views, () -> {
            View before = view;
            view = next;
            plane.install(next, acknowledged);
            onView.accept(before, next);
            next.forEachUnit((slot, state) -> {
                Run run = runs.get(slot);
                if (run != null && (!state.owner().equals(life) || state.epoch() != run.grant.epoch())) {
                    drop(run);
                } else if (run != null && state instanceof SlotState.Running && !run.work.serves()) {
                    plane.serving(run.grant);
                    run.work.serve();
                }
            });
        });
    }

    /** The slot is up here. */
    void load(Grant grant, int capacity, Runnable prepared) {
        inLane(views, () -> {
            Slot slot = new Slot(grant.slot().service(), grant.slot().number(), capacity, grant.epoch());
            SlotWork work = Ground.board(
                    harbor.app(), ground, slot, grant, harbor.store().vault(this, grant));
            runs.put(grant.slot(), new Run(grant, work));
            work.load(new Report() {
                @Override
                public void done() {
                    prepared.run();
                }

                @Override
                public void failed(String cause) {
                    harbor.broken(new IllegalStateException(grant + " cannot be loaded: " + cause));
                }
            });
        });
    }

    private void drop(Run run) {
        runs.remove(run.grant.slot());
        run.work.drop("it is somebody else's");
        plane.withdrawn(run.grant, () -> {});
    }

    void pause() {
        paused = true;
    }

    void goOn() {
        paused = false;
    }

    /** It has heard that it is listed no more. */
    void expelled() {
        inLane(views, () -> {
            List.copyOf(runs.values()).forEach(this::drop);
            plane.stop("expelled", () -> over = true);
        });
    }

    /** As by kill -9. What it had sent may be on its way still. */
    void die() {
        over = true;
        toStore.cut();
    }

    void end() {
        over = true;
        List.copyOf(strands).forEach(Strand::end);
    }

    // ---- What its plane brings

    @Override
    public void admitted(Work work) {
        Grant to = work.dispatch().call().to();
        if (work.dispatch().call().address() == Topics.address(life).value()) {
            inLane(news, () -> topics.received(work));
            return;
        }
        Run run = to == null ? null : runs.get(to.slot());
        if (run != null && run.grant.equals(to)) {
            run.work.put(work);
        } else {
            work.returned();
        }
    }

    @Override
    public void ended(Request request, Outcome<Bytes> outcome, long call) {
        if (request.context() instanceof CallEnd end) {
            end.ended(outcome, call == 0 ? "" : life + ":" + call);
        }
    }

    @Override
    public String toString() {
        return name + " (" + life + ")";
    }
}
