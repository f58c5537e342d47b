package dev.berth.test;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Entities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

// In the place of masters and coordinator: it makes the same views in the same two steps (offer, barrier, load, run),
// from what it knows for sure, since here nobody has to guess who is dead. What a slow or divided master could do is
// the simulator's to play.

/** The played cluster: who is a member, and who owns what. */
final class Harbor {
    static final int BUCKETS = 16;
    /** The node that calls for the test; behind it the owners, then the gates. */
    private static final int CLIENT = 1;

    private static final int HEARD_MAX = 1_000_000;
    static final Duration LEASE = Duration.ofSeconds(10);
    /** From a death to its certificate, and from there to the next life of the node. */
    private static final Duration CERTIFIED = Duration.ofMillis(50);

    private static final Duration RESTARTED = Duration.ofSeconds(1);
    /** Until one that goes on after its lease has heard what became of it. */
    private static final Duration NEWS = Duration.ofMillis(5);

    private final Scene scene;
    private final Entities app;
    private final TestStore store = new TestStore();
    private final Scene.Lane master;
    private final Map<Incarnation, Member> members = new TreeMap<>();
    private final Map<Incarnation, Long> acknowledged = new TreeMap<>();
    private final List<Cable> cables = new ArrayList<>();
    /** The newest life of each. */
    private final Map<String, PlayedGate> gates = new TreeMap<>();

    private final List<Heard> heard = new ArrayList<>();
    /** Listed, and surely not able to act. */
    private final Set<Incarnation> lapsed = new TreeSet<>();

    private final Map<Integer, String> arriving = new TreeMap<>();
    private final int owners;
    private final Map<Incarnation, Scene.Due> lapsing = new TreeMap<>();
    private final Set<Grant> prepared = new TreeSet<>();
    private View view = View.empty(LEASE.toNanos());
    private Phase phase = Phase.IDLE;
    private long numbers;
    private int offersMade;
    private boolean losesReply;
    private @Nullable Member client;
    private @Nullable Throwable broken;

    private record Heard(String topic, Object message) {}

    private enum Phase {
        IDLE,
        BARRIER,
        LOADING
    }

    /** @param gates none if the application has no users */
    Harbor(Scene scene, Entities app, int owners, List<String> gates) {
        this.scene = scene;
        this.app = app;
        this.owners = owners;
        this.master = scene.lane(() -> true);
        arriving.put(CLIENT, "test");
        for (int i = 1; i <= owners; i++) {
            arriving.put(CLIENT + i, app.service() + "-" + i);
        }
        for (String gate : gates) {
            arriving.put(arriving.size() + 1, gate);
        }
    }

    /** Plays until everything runs; the way in for the test. */
    Member start() {
        master.add(this::look);
        playUntil(this::isSettled);
        return client();
    }

    Scene scene() {
        return scene;
    }

    Entities app() {
        return app;
    }

    TestStore store() {
        return store;
    }

    long nextNumber() {
        return ++numbers;
    }

    @Nullable
    Member member(Incarnation life) {
        return members.get(life);
    }

    /** Null if it is not there. */
    @Nullable
    PlayedGate gate(String name) {
        PlayedGate gate = gates.get(name);
        return gate == null || gate.member().isOver() ? null : gate;
    }

    /** To a client's process at its gate; late or never if the sender dies. */
    void push(Member from, Address to, Bytes message) {
        gates.values().forEach(gate -> gate.push(from, to.value(), message));
    }

    Cable lay(Cable cable) {
        cables.add(cable);
        return cable;
    }

    Member client() {
        Member there = client;
        if (there == null) {
            throw new IllegalStateException("the cluster has not begun");
        }
        return there;
    }

    /** Only what comes to the test's own node is of interest. */
    void heard(Member by, String topic, Object message) {
        if (by == client) {
            if (heard.size() == HEARD_MAX) {
                throw new IllegalStateException("a test hears of " + HEARD_MAX + " publications at most");
            }
            heard.add(new Heard(topic, message));
        }
    }

    <T> List<T> heard(String topic, Class<T> type) {
        return heard.stream()
                .filter(each -> each.topic.equals(topic) && type.isInstance(each.message))
                .map(each -> type.cast(each.message))
                .toList();
    }

    void broken(Throwable why) {
        broken = broken == null ? why : broken;
    }

    /** Plays until that is so, and throws what has gone wrong in the cluster itself. */
    void playUntil(BooleanSupplier so) {
        scene.playUntil(() -> broken != null || so.getAsBoolean());
        check();
    }

    void check() {
        if (broken != null) {
            throw new IllegalStateException("the played cluster is broken", broken);
        }
    }

    private boolean isSettled() {
        return phase == Phase.IDLE && unsettledSlots().isEmpty();
    }

    private List<SlotId> unsettledSlots() {
        List<SlotId> found = new ArrayList<>();
        view.forEachUnit((slot, state) -> {
            Member owner = members.get(state.owner());
            if (!(state instanceof SlotState.Running)
                    || owner == null
                    || owner.view().number() < view.number()) {
                found.add(slot);
            }
        });
        return view.service(app.service()) == null ? List.of(new SlotId(app.service(), 1)) : found;
    }

    // ---- What the test does

    /** By the newest view; null while nobody has it, or somebody dead. */
    @Nullable
    Member owner(int bucket) {
        SlotState state = view.slot(new SlotId(app.service(), bucket));
        Member owner = state == null ? null : members.get(state.owner());
        return owner == null || owner.isOver() ? null : owner;
    }

    void kill(Member member) {
        member.die();
        cables.stream().filter(cable -> cable.touches(member)).toList().forEach(cable -> cable.died(member));
        cables.removeIf(cable -> cable.touches(member));
        gates.values().forEach(gate -> gate.died(member));
        scene.after(CERTIFIED.toNanos(), master, () -> cannotAct(member));
        comesBack(member);
    }

    void pause(Member member) {
        member.pause();
        lapsing.put(member.life(), scene.after(LEASE.toNanos(), master, () -> cannotAct(member)));
    }

    private void cannotAct(Member member) {
        lapsed.add(member.life());
        look();
    }

    void goOn(Member member) {
        member.goOn();
        Scene.Due lapse = lapsing.remove(member.life());
        if (lapse != null) {
            lapse.cancel();
        }
        if (lapsed.contains(member.life())) {
            scene.after(NEWS.toNanos(), master, member::expelled);
            comesBack(member);
        }
    }

    private void comesBack(Member member) {
        scene.after(RESTARTED.toNanos(), master, () -> {
            arriving.put(member.life().node().value(), member.name());
            look();
        });
    }

    void loseReply() {
        losesReply = true;
    }

    boolean losesReplyTo(Member member) {
        boolean loses = losesReply && member == client;
        if (loses) {
            losesReply = false;
        }
        return loses;
    }

    void end() {
        members.values().forEach(Member::end);
    }

    // ---- Views

    private void look() {
        switch (phase) {
            case IDLE -> propose();
            case BARRIER -> {
                if (members.values().stream().allMatch(this::hasLearned)) {
                    phase = Phase.LOADING;
                    offered().forEach(this::load);
                    look();
                }
            }
            case LOADING -> {
                if (offered().entrySet().stream()
                        .allMatch(each -> prepared.contains(each.getKey()) || lapsed.contains(each.getValue()))) {
                    run();
                }
            }
        }
    }

    private boolean hasLearned(Member member) {
        return !view.lists(member.life())
                || lapsed.contains(member.life())
                || acknowledged.getOrDefault(member.life(), 0L) >= view.number();
    }

    /** To whom. */
    private Map<Grant, Incarnation> offered() {
        Map<Grant, Incarnation> all = new TreeMap<>();
        view.forEachUnit((slot, state) -> {
            if (state instanceof SlotState.Offered(Incarnation owner, long epoch, int _)) {
                all.put(new Grant(slot, epoch), owner);
            }
        });
        return all;
    }

    private void load(Grant grant, Incarnation to) {
        Member owner = members.get(to);
        if (owner != null && !prepared.contains(grant)) {
            owner.load(
                    grant,
                    BUCKETS,
                    () -> master.add(() -> {
                        prepared.add(grant);
                        look();
                    }));
        }
    }

    /** Expels, admits and offers; nothing if nothing is to be done. */
    private void propose() {
        long number = view.number() + 1;
        List<Change> changes = new ArrayList<>();
        List<Incarnation> owners = new ArrayList<>();
        view.forEachMember(listing -> {
            if (lapsed.contains(listing.incarnation())) {
                changes.add(new Change.MemberGone(listing.incarnation(), "it cannot act"));
            } else if (!listing.offers().isEmpty()) {
                owners.add(listing.incarnation());
            }
        });
        List<Listing> coming = arriving.entrySet().stream()
                .filter(each -> isFree(each.getKey()))
                .map(each -> listing(new Incarnation(new NodeId(each.getKey()), number), each.getValue()))
                .toList();
        for (Listing listing : coming) {
            changes.add(new Change.MemberListed(listing));
            if (!listing.offers().isEmpty()) {
                owners.add(listing.incarnation());
            }
        }
        if (view.service(app.service()) == null) {
            changes.add(new Change.ServicePlanned(ServicePlan.bucketed(app.service(), 1, BUCKETS)));
            for (int bucket = 1; bucket <= BUCKETS; bucket++) {
                offer(new SlotId(app.service(), bucket), owners, number, changes);
            }
        }
        view.forEachUnit((slot, state) -> {
            if (state.owner().isNone() ? !owners.isEmpty() : lapsed.contains(state.owner())) {
                offer(slot, owners, number, changes);
            }
        });
        if (!changes.isEmpty()) {
            apply("the cluster has changed", changes);
            coming.forEach(this::arrive);
            phase = Phase.BARRIER;
            tell();
        }
    }

    /** Its former life is listed no more. */
    private boolean isFree(int node) {
        Listing listing = view.member(new NodeId(node));
        return listing == null || lapsed.contains(listing.incarnation());
    }

    private Listing listing(Incarnation life, String name) {
        int number = life.node().value();
        List<Offer> offers =
                number == CLIENT || isGate(number) ? List.of() : List.of(new Offer(app.service(), BUCKETS, false));
        return new Listing(life, name, new Nonce(0, ++numbers), offers, List.of(), "", false);
    }

    private boolean isGate(int number) {
        return number > CLIENT + owners;
    }

    private void offer(SlotId slot, List<Incarnation> owners, long epoch, List<Change> changes) {
        SlotState next = owners.isEmpty()
                ? SlotState.Free.CLEAN
                : new SlotState.Offered(owners.get(offersMade++ % owners.size()), epoch, 0);
        changes.add(new Change.SlotChanged(slot, next));
    }

    private void arrive(Listing listing) {
        arriving.remove(listing.id().value());
        Member member = new Member(this, listing.name(), listing.incarnation(), view);
        members.put(listing.incarnation(), member);
        if (listing.id().value() == CLIENT) {
            client = member;
        } else if (isGate(listing.id().value())) {
            gates.put(listing.name(), new PlayedGate(member, app));
        }
    }

    private void run() {
        List<Change> changes = new ArrayList<>();
        offered().forEach((grant, owner) -> {
            if (prepared.contains(grant)) {
                changes.add(new Change.SlotChanged(grant.slot(), new SlotState.Running(owner, grant.epoch())));
            }
        });
        phase = Phase.IDLE;
        if (!changes.isEmpty()) {
            apply("they are prepared", changes);
            tell();
        }
        look();
    }

    private void apply(String reason, List<Change> changes) {
        view = view.apply(new Delta(view.number() + 1, reason, changes));
    }

    private void tell() {
        View next = view;
        members.values().stream()
                .filter(member -> next.lists(member.life()))
                .forEach(member -> member.install(
                        next,
                        () -> master.add(() -> {
                            acknowledged.merge(member.life(), next.number(), Math::max);
                            look();
                        })));
    }
}
