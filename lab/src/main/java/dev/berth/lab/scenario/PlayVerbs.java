package dev.berth.lab.scenario;

import dev.berth.core.audit.Invariant;
import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.registry.RegistryKey;
import dev.berth.core.store.OwnerFence;
import dev.berth.lab.sim.World;
import dev.berth.lab.sim.app.Errand;
import dev.berth.lab.sim.app.Toy;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.store.Append;
import dev.berth.lab.sim.store.Appended;
import dev.berth.lab.sim.store.Store;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// run DURATION | run until CONDITION [within=30s]
// must CONDITION [within=30s]      the same, and it is a promise of the protocol (I8) that it comes to hold
// expect CONDITION
// write NODE SLOT            a handler passes its lease check and sends a write to the store
// call NODE|SLOT SLOT [budget=10s] [then=SLOT]     a node, or a slot through its node, has the other slot add
//                                      one, durably, and then send a message to a third
// read NODE SLOT                       a node asks for the number that calls add to
// send NODE|SLOT SLOT                  a one-way message
// enroll NODE KEY | withdraw NODE KEY  a process of the node wants a key of the registry, or wants it no more
// show slots | members | names       the newest durable view, in the results
// finish [within=60s]        all faults end; every slot must be served; what was acknowledged must be there
// quietly                    first in a block: nothing of it is shown

/** Commands that let time pass, let nodes do something, and look. One thread. */
final class PlayVerbs {
    private static final int KEY = 1;
    private static final long LONG = 30_000_000_000L;

    private final Stage stage;
    private long operations;

    PlayVerbs(Stage stage) {
        this.stage = stage;
    }

    boolean run(String verb, Words words, int blockStart) {
        switch (verb) {
            case "run" -> runTime(words);
            case "must" -> must(words);
            case "expect" -> expect(words, blockStart);
            case "write" -> write(stage.member(words.next()), Stage.slot(words.next()));
            case "call", "read", "send" -> errand(verb, words);
            case "enroll" -> registry(words, true);
            case "withdraw" -> registry(words, false);
            case "show" -> show(words);
            case "finish" -> finish(words);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void runTime(Words words) {
        World world = stage.world();
        if (!words.take("until")) {
            world.runFor(words.duration());
            return;
        }
        long within = words.duration("within", LONG);
        BooleanSupplier condition = Conditions.read(stage, words, stage.heard.count());
        if (!world.runUntil(condition, within) && !stage.lenient) {
            throw words.wrong("waits in vain");
        }
    }

    private void must(Words words) {
        long within = words.duration("within", LONG);
        if (!stage.world().runUntil(Conditions.read(stage, words, stage.heard.count()), within)) {
            stage.world().checks().fail(Invariant.I8, words + " does not come to hold", null);
        }
    }

    private void expect(Words words, int blockStart) {
        if (!Conditions.read(stage, words, blockStart).getAsBoolean() && !stage.lenient) {
            throw words.wrong("does not hold");
        }
    }

    private void write(MemberProcess member, SlotId slot) {
        member.post(() -> {
            World world = stage.world();
            Grant grant = grant(member, slot);
            OwnerFence fence = grant == null ? null : member.slots().of(grant);
            if (!member.mayAct() || grant == null || fence == null || !fence.mayWrite()) {
                world.trace().line(member.name(), "may not write " + slot);
                return;
            }
            world.checks().acts(member, "write of " + grant);
            OperationId operation = new OperationId(member.number(), ++operations);
            var _ = world.checks().asked(member, slot, KEY, operation);
            int version = world.store().entry(slot, KEY).version();
            Append append = new Append(grant, KEY, operation, 1, version);
            world.store()
                    .append(
                            member,
                            append,
                            new Store.Ask<>(
                                    appended -> answered(member, append, fence, appended),
                                    () -> world.trace().line(member.name(), "never learns what became of its write")));
        });
    }

    private void answered(MemberProcess member, Append append, OwnerFence fence, Appended appended) {
        fence.wrote(appended.answer(), member.applied());
        if (appended.isDone()) {
            World world = stage.world();
            world.checks()
                    .acknowledged(world.store(), member.name(), append.grant().slot(), KEY, append.operation());
        }
    }

    private void errand(String verb, Words words) {
        String sender = words.next();
        SlotId to = Stage.slot(words.next());
        long budget = words.duration("budget", LONG / 3);
        String next = words.option("then", "");
        boolean bySlot = sender.contains("/");
        MemberProcess member = bySlot ? stage.member(stage.server(sender)) : stage.member(sender);
        member.post(() -> {
            World world = stage.world();
            Grant from = bySlot ? grant(member, Stage.slot(sender)) : null;
            OperationId operation = new OperationId(member.number(), ++operations);
            long deadline = member.host().monotonic() + budget;
            Errand errand = new Errand(from, to, KEY, operation, deadline);
            Toy toy = stage.toy(member);
            Consumer<Boolean> ended = done -> world.trace()
                    .line(member.name(), "its call of " + to + (done ? " is done" : " is not done, or who knows"));
            switch (verb) {
                case "call" -> errand.call(toy, next.isEmpty() ? null : Stage.slot(next), ended);
                case "read" -> errand.read(toy, ended);
                default -> errand.send(toy);
            }
        });
    }

    private void registry(Words words, boolean wanted) {
        MemberProcess member = stage.member(words.next());
        RegistryKey key = key(words.next());
        Toy toy = stage.toy(member);
        member.post(() -> {
            if (wanted) {
                toy.enroll(key);
            } else {
                toy.withdraw(key);
            }
        });
    }

    static RegistryKey key(String id) {
        return RegistryKey.of("player", id);
    }

    private static @Nullable Grant grant(MemberProcess member, SlotId slot) {
        var view = member.member().view();
        var state = view == null ? null : view.slot(slot);
        return state != null && state.owner().equals(member.self()) ? new Grant(slot, state.epoch()) : null;
    }

    private void show(Words words) {
        switch (words.next()) {
            case "slots" -> {
                stage.show("view " + stage.view().number());
                stage.view().forEachUnit((slot, state) -> stage.show(slot + " " + state));
            }
            case "names" -> stage.view().names().forEach((name, holder) -> stage.show(name + " " + holder));
            case "members" -> stage.world().members().values().forEach(member -> stage.show(words(member)));
            default -> throw words.wrong("shows nothing known");
        }
    }

    private static String words(MemberProcess member) {
        Incarnation self = member.self();
        String state = !member.isAlive() ? "GONE" : member.mayAct() ? "SERVING" : "SUSPENDED";
        return member.name() + " " + self + " " + state + " view=" + member.applied();
    }

    private void finish(Words words) {
        World world = stage.world();
        List.copyOf(stage.held.values()).forEach(held -> held.release().run());
        stage.held.clear();
        world.network().healAll();
        world.coordinator().comeUp();
        world.store().calm();
        world.hosts().forEach(host -> {
            host.thaw();
            List.copyOf(host.processes()).forEach(Process::letGoWholly);
        });
        long within = words.duration("within", 2 * LONG);
        BooleanSupplier served = Conditions.read(stage, new Words("all served"), 0);
        if (!world.runUntil(served, within)) {
            world.checks().fail(Invariant.I8, "all faults have stopped, and not all slots are served", null);
        }
        world.checks().atTheEnd(world.store());
        stage.world().members().values().stream().filter(Process::isAlive).forEach(member -> stage.show(words(member)));
        show(new Words("slots"));
    }
}
