package dev.berth.node.coordinator;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Member;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Timings;
import dev.berth.node.driver.ThreadDriver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;

/** A member's machine on a thread of its own, whose slots need nothing to be fenced, loaded and served. Any thread. */
final class Deckhand implements AutoCloseable {
    private final Eventually<MemberAction> acts = new Eventually<>();
    private final Set<String> serving = new ConcurrentSkipListSet<>();
    private final Coordinator coordinator;
    private final List<Pier> piers;
    private final long[] links;
    private final ThreadDriver<MemberEvent, MemberAction> driver;

    Deckhand(String name, List<Offer> offers, Timings timings, CoordinatorConfig where, List<Pier> piers) {
        this.piers = piers;
        this.links = new long[piers.size()];
        this.coordinator = new Coordinator(where, "deckhand", _ -> {}, this::broken);
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        MemberConfig config = new MemberConfig(
                name,
                new Nonce(dice.nextLong(), dice.nextLong()),
                0,
                offers,
                List.of("127.0.0.1:1"),
                "",
                Incarnation.NONE,
                piers.size(),
                timings);
        this.driver =
                new ThreadDriver<>(name, new Member(config), 10_000, System::nanoTime, this::perform, this::broken);
        for (int i = 0; i < links.length; i++) {
            int master = i;
            links[i] = piers.get(i).connect(message -> tell(new MemberEvent.Received(master, message)));
        }
    }

    void start() {
        coordinator.start();
        driver.start();
    }

    private void broken(Throwable why) {
        acts.add(new MemberAction.Exit("broken: " + why));
    }

    private void tell(MemberEvent event) {
        driver.submit(event);
    }

    private void perform(MemberAction action) {
        switch (action) {
            case MemberAction.Send send -> {
                piers.get(send.master()).say(links[send.master()], send.message());
                return;
            }
            case MemberAction.Install install ->
                tell(new MemberEvent.Installed(install.view().number()));
            case MemberAction.Fence fence -> tell(new MemberEvent.Fenced(fence.grant()));
            case MemberAction.Load load -> tell(new MemberEvent.Loaded(load.grant()));
            case MemberAction.Serve serve -> serving.add(name(serve.grant()));
            case MemberAction.Drop drop -> serving.remove(name(drop.grant()));
            case MemberAction.Quiesce quiesce -> tell(new MemberEvent.Quiesced(quiesce.grant()));
            case MemberAction.Flush flush -> tell(new MemberEvent.Flushed(flush.grant()));
            case MemberAction.Mark mark -> tell(new MemberEvent.Marked(mark.grant()));
            case MemberAction.Touch touch -> coordinator.touch(touch, this::tell);
            case MemberAction.Suspend _,
                    MemberAction.Resume _,
                    MemberAction.Preload _,
                    MemberAction.RunDone _,
                    MemberAction.Closed _,
                    MemberAction.Excused _,
                    MemberAction.Answered _,
                    MemberAction.Exit _,
                    MemberAction.Note _ -> {}
        }
        acts.add(action);
    }

    private static String name(Grant grant) {
        return grant.slot() + "@" + grant.epoch();
    }

    <A extends MemberAction> A await(Class<A> type) throws InterruptedException {
        return acts.await(type);
    }

    /** The slots that it serves, each with its epoch. */
    Set<String> serving() {
        return Set.copyOf(serving);
    }

    @Override
    public void close() {
        driver.close();
        coordinator.close();
    }
}
