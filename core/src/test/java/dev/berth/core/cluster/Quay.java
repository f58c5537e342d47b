package dev.berth.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.machine.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

// A message takes 1 ms, a request to coordinator, store or application 2 ms. Tests choose which messages get lost or
// wait, who is paused, and what becomes of a write. After every step two promises are checked: no slot has two owners
// who may act (I1), and after `up` nobody who may act is behind the view of the grant (I3).

/** A few masters and members around one {@link Ledger}, under manual time. */
final class Quay {
    static final long MS = 1_000_000L;
    static final long S = 1_000 * MS;

    /** A message on its way; {@code link} is the process of the member at one end. */
    record Letter(String from, String to, int link, ClusterMessage message) {}

    private record Due(long nanos, long order, Runnable what) {}

    final Ledger ledger = new Ledger();
    final List<Letter> letters = new ArrayList<>();
    /** What masters have written into their logs. */
    final List<String> masterNotes = new ArrayList<>();

    final List<Predicate<Letter>> lost = new ArrayList<>();
    final List<Predicate<Letter>> delayed = new ArrayList<>();
    /** What is stored for each slot: the highest epoch that has fenced it. */
    final TreeMap<SlotId, Long> fences = new TreeMap<>();
    /** Requests to store and application that the test answers itself, or never. */
    Predicate<MemberAction> withheld = _ -> false;

    Timings timings = Timings.DEFAULT;
    int viewBytesMax = MasterConfig.VIEW_BYTES_MAX;
    long now = S;
    private final List<Letter> waiting = new ArrayList<>();
    private final List<Moored<MasterEvent, MasterAction>> masters = new ArrayList<>();
    private final List<Moored<MemberEvent, MemberAction>> members = new ArrayList<>();
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::order));
    private final TreeMap<SlotId, TreeSet<Integer>> serving = new TreeMap<>();
    private final List<String> masterNames;
    private final List<ServicePlan> plan;
    private long order;
    private long elections;
    private long upEpoch;

    Quay(int masterCount, ServicePlan... plan) {
        this.masterNames = List.of("m0", "m1", "m2").subList(0, masterCount);
        this.plan = List.of(plan);
    }

    // ---- Who is there ----

    /** Starts a master process and lets the election choose it. */
    Moored<MasterEvent, MasterAction> elect(String name) {
        Master master =
                new Master(new MasterConfig(name, masterNames, timings, plan, SettingsCatalog.BUILT_IN, viewBytesMax));
        Moored<MasterEvent, MasterAction> node = new Moored<>(name, master, action -> perform(name, action));
        masters.removeIf(known -> known.name.equals(name));
        masters.add(node);
        node.tell(now, new MasterEvent.Elected(++elections));
        return node;
    }

    Moored<MemberEvent, MemberAction> start(String name, Offer... offers) {
        return start(name, 0, offers);
    }

    Moored<MemberEvent, MemberAction> start(String name, int wantedId, Offer... offers) {
        int link = members.size();
        Member member = new Member(new MemberConfig(
                name,
                new Nonce(7, link),
                wantedId,
                List.of(offers),
                List.of("10.0.0." + link + ":7000"),
                "launcher of " + name,
                Incarnation.NONE,
                masterNames.size(),
                timings));
        Moored<MemberEvent, MemberAction> node = new Moored<>(name, member, action -> perform(link, action));
        members.add(node);
        return node;
    }

    static Member member(Moored<MemberEvent, MemberAction> node) {
        return (Member) node.machine;
    }

    static Incarnation life(Moored<MemberEvent, MemberAction> node) {
        return member(node).self();
    }

    boolean mayAct(Moored<MemberEvent, MemberAction> node) {
        return !node.isDead() && member(node).mayAct(now);
    }

    /** Whether it serves a slot of "role" and may act. */
    boolean serves(Moored<MemberEvent, MemberAction> node, int slot) {
        return mayAct(node) && servers(slot(slot)).contains(members.indexOf(node));
    }

    static SlotId slot(int number) {
        return new SlotId("role", number);
    }

    /** The durable state of a slot of "role". */
    SlotState state(int slot) {
        return Objects.requireNonNull(ledger.now().slot(slot(slot)), "the view has no such slot");
    }

    // ---- Time ----

    void run(long nanos) {
        until(now + nanos, () -> false);
    }

    /** Runs until it holds; fails if it does not within the time. */
    void await(String what, long nanos, BooleanSupplier holds) {
        assertThat(until(now + nanos, holds))
                .as("within %s ms: %s; %s", nanos / MS, what, ledger.view)
                .isTrue();
    }

    private boolean until(long end, BooleanSupplier holds) {
        int steps = 0;
        while (!holds.getAsBoolean()) {
            long due = queue.isEmpty() ? Machine.NEVER : queue.element().nanos();
            long wake = moored().mapToLong(Moored::wakeNanos).min().orElse(Machine.NEVER);
            long next = Math.max(now, Math.min(wake, due));
            if (next > end) {
                now = end;
                return holds.getAsBoolean();
            }
            steps = next > now ? 0 : steps + 1;
            assertThat(steps).as("steps without time passing").isLessThan(5_000);
            now = next;
            if (due <= wake) {
                queue.remove().what().run();
            } else {
                moored().filter(node -> node.wakeNanos() == wake).findFirst().ifPresent(node -> node.advance(now));
            }
            checkPromises();
        }
        return true;
    }

    private Stream<Moored<?, ?>> moored() {
        return Stream.concat(masters.stream(), members.stream());
    }

    private void later(long nanos, Runnable what) {
        queue.add(new Due(now + nanos, order++, what));
    }

    // ---- Messages ----

    /** Loses the messages of this kind that fit, until the returned filter is taken out of {@link #lost}. */
    Predicate<Letter> lose(Class<? extends ClusterMessage> kind, Predicate<Letter> which) {
        Predicate<Letter> filter = letter -> kind.isInstance(letter.message()) && which.test(letter);
        lost.add(filter);
        return filter;
    }

    /** Cuts a member off from all masters, both ways. */
    Predicate<Letter> cutOff(Moored<MemberEvent, MemberAction> member) {
        return lose(ClusterMessage.class, letter -> members.get(letter.link()) == member);
    }

    void delay(Class<? extends ClusterMessage> kind, Predicate<Letter> which) {
        delayed.add(letter -> kind.isInstance(letter.message()) && which.test(letter));
    }

    void deliverDelayed() {
        delayed.clear();
        List<Letter> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(this::deliver);
    }

    <T extends ClusterMessage> List<T> sent(Class<T> kind, Moored<?, ?> member) {
        return letters.stream()
                .filter(letter -> members.get(letter.link()) == member && kind.isInstance(letter.message()))
                .map(letter -> kind.cast(letter.message()))
                .toList();
    }

    /** Says something to a master in the member's name, over its connection. */
    void say(Moored<MemberEvent, MemberAction> member, String master, ClusterMessage.ToMaster message) {
        post(new Letter(member.name, master, members.indexOf(member), message));
    }

    private void post(Letter letter) {
        letters.add(letter);
        if (lost.stream().anyMatch(filter -> filter.test(letter))) {
            return;
        }
        if (delayed.stream().anyMatch(filter -> filter.test(letter))) {
            waiting.add(letter);
        } else {
            later(MS, () -> deliver(letter));
        }
    }

    private void deliver(Letter letter) {
        switch (letter.message()) {
            case ClusterMessage.ToMaster message ->
                masters.stream()
                        .filter(node -> node.name.equals(letter.to()))
                        .forEach(node -> node.tell(now, new MasterEvent.Received(letter.link(), message)));
            case ClusterMessage.ToMember message ->
                members.get(letter.link())
                        .tell(now, new MemberEvent.Received(masterNames.indexOf(letter.from()), message));
        }
    }

    // ---- Actions ----

    private void perform(String name, MasterAction action) {
        switch (action) {
            case MasterAction.Send send -> {
                int link = (int) send.link();
                post(new Letter(name, members.get(link).name, link, send.message()));
            }
            case MasterAction.Note note -> masterNotes.add(note.line());
            case MasterAction.ReadJournal _ -> {}
            case MasterAction.Read _, MasterAction.WriteTerm _, MasterAction.TakeOver _, MasterAction.WriteView _ ->
                later(
                        MS,
                        () -> ledger.perform(action)
                                .ifPresent(answer -> later(
                                        MS,
                                        () -> masters.stream()
                                                .filter(node -> node.name.equals(name))
                                                .forEach(node -> node.tell(now, answer)))));
        }
    }

    private void perform(int link, MemberAction action) {
        Moored<MemberEvent, MemberAction> node = members.get(link);
        followService(link, action);
        if (withheld.test(action)) {
            return;
        }
        switch (action) {
            case MemberAction.Send send ->
                post(new Letter(node.name, masterNames.get(send.master()), link, send.message()));
            case MemberAction.Install install ->
                later(
                        0,
                        () -> node.tell(
                                now, new MemberEvent.Installed(install.view().number())));
            case MemberAction.Fence fence -> later(2 * MS, () -> node.tell(now, fence(fence.grant())));
            case MemberAction.Load load -> later(2 * MS, () -> node.tell(now, new MemberEvent.Loaded(load.grant())));
            case MemberAction.Quiesce quiesce ->
                later(2 * MS, () -> node.tell(now, new MemberEvent.Quiesced(quiesce.grant())));
            case MemberAction.Flush flush ->
                later(2 * MS, () -> node.tell(now, new MemberEvent.Flushed(flush.grant())));
            case MemberAction.Mark mark -> later(2 * MS, () -> node.tell(now, new MemberEvent.Marked(mark.grant())));
            case MemberAction.Touch touch ->
                later(MS, () -> {
                    MemberEvent answer = ledger.touch(touch);
                    later(MS, () -> node.tell(now, answer));
                });
            case MemberAction.Closed _,
                    MemberAction.Excused _,
                    MemberAction.Serve _,
                    MemberAction.Drop _,
                    MemberAction.Suspend _,
                    MemberAction.Resume _,
                    MemberAction.Preload _,
                    MemberAction.RunDone _,
                    MemberAction.Answered _,
                    MemberAction.Exit _,
                    MemberAction.Note _ -> {}
        }
    }

    /** The store: a grant fences out all before it. */
    private MemberEvent fence(Grant grant) {
        long stored = Math.max(fences.getOrDefault(grant.slot(), 0L), grant.epoch());
        fences.put(grant.slot(), stored);
        return stored == grant.epoch() ? new MemberEvent.Fenced(grant) : new MemberEvent.FenceRefused(grant, stored);
    }

    // ---- Promises ----

    private void followService(int link, MemberAction action) {
        switch (action) {
            case MemberAction.Load load -> noteUp(members.get(link), load.grant());
            case MemberAction.Serve serve -> servers(serve.grant().slot()).add(link);
            case MemberAction.Drop drop -> servers(drop.grant().slot()).remove(link);
            case MemberAction.Quiesce quiesce -> servers(quiesce.grant().slot()).remove(link);
            case MemberAction _ -> {}
        }
    }

    private TreeSet<Integer> servers(SlotId slot) {
        return serving.computeIfAbsent(slot, _ -> new TreeSet<>());
    }

    private void noteUp(Moored<MemberEvent, MemberAction> node, Grant grant) {
        View view = member(node).view();
        if (view != null && view.slot(grant.slot()) instanceof SlotState.Offered) {
            upEpoch = Math.max(upEpoch, grant.epoch());
        }
    }

    private void checkPromises() {
        serving.forEach((slot, links) -> assertThat(links.stream().filter(link -> mayAct(members.get(link))))
                .as("I1: owners of %s who may act", slot)
                .hasSizeLessThan(2));
        for (Moored<MemberEvent, MemberAction> node : members) {
            View view = member(node).view();
            if (mayAct(node) && view != null) {
                assertThat(view.number())
                        .as("I3: view of %s, which may act", node.name)
                        .isGreaterThanOrEqualTo(upEpoch);
            }
        }
    }
}
