package dev.berth.lab.scenario;

import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import dev.berth.lab.sim.coordinator.Coordinator;
import dev.berth.lab.sim.coordinator.Fate;
import dev.berth.lab.sim.coordinator.Nodes;
import dev.berth.lab.sim.coordinator.RequestKind;
import dev.berth.lab.sim.coordinator.RequestRule;
import dev.berth.lab.sim.coordinator.Troubles;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.net.Line;
import dev.berth.lab.sim.net.Network;
import dev.berth.lab.sim.net.Rule;
import dev.berth.lab.sim.node.Codecs;
import dev.berth.lab.sim.store.Store;
import dev.berth.lab.sim.store.WriteRule;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

// pause|continue NODE                     SIGSTOP, SIGCONT
// freeze NODE [unseen] | thaw NODE        the machine with its clocks
// clock NODE rate PPM | wall DURATION
// cut|heal A->B | A<->B | all             a direction, both; A or B may be "coordinator" or "store"
// mute|deafen|unmute|undeafen NODE
// hold|hold-alone|lose|double MESSAGE A->B [xN] as=LABEL      messages in the network, by the name of their record
// hold-request KIND MASTER [xN] as=LABEL  what somebody asks of the coordinator
// hold-store KIND NODE [xN] as=LABEL      FENCE, APPEND or LOAD on its way to the store
// outcome KIND MASTER FATE [xN]           LOST, ANSWER_LOST, LATE, SILENT
// release LABEL
// reset A->B                              the connections between two processes break
// coordinator down|up|wipe|lenient        lenient: a write of an expired session that was under way still lands
// store failover DURATION|forget-fences|stop-replication

/** Commands that make things go wrong. One thread. */
final class FaultVerbs {
    private final Stage stage;

    FaultVerbs(Stage stage) {
        this.stage = stage;
    }

    boolean run(String verb, Words words) {
        switch (verb) {
            case "pause" -> stage.process(words.next()).hold();
            case "continue" -> stage.process(words.next()).letGo();
            case "freeze" -> stage.host(words.next()).freeze(words.take("unseen"));
            case "thaw" -> stage.host(words.next()).thaw();
            case "clock" -> clock(stage.host(words.next()), words);
            case "cut" -> pair(words, network()::cut);
            case "heal" -> heal(words);
            case "mute" -> network().mute(stage.host(words.next()), true);
            case "unmute" -> network().mute(stage.host(words.next()), false);
            case "deafen" -> network().deafen(stage.host(words.next()), true);
            case "undeafen" -> network().deafen(stage.host(words.next()), false);
            case "hold", "hold-alone", "lose", "double" -> rule(verb, words);
            case "hold-request" -> holdRequest(words);
            case "outcome" -> outcome(words);
            case "hold-store" -> holdStore(words);
            case "release" -> release(words.next());
            case "reset" -> reset(words.next());
            case "coordinator" -> coordinator(words);
            case "store" -> store(words);
            default -> {
                return false;
            }
        }
        return true;
    }

    private Network network() {
        return stage.world().network();
    }

    private static void clock(Host host, Words words) {
        switch (words.next()) {
            case "rate" -> host.setRate(1_000_000 + words.number());
            case "wall" -> host.clock().stepWall(words.duration());
            default -> throw words.wrong("turns no clock");
        }
    }

    private void heal(Words words) {
        if (words.take("all")) {
            network().healAll();
        } else {
            pair(words, network()::heal);
        }
    }

    private void pair(Words words, BiConsumer<Host, Host> each) {
        String text = words.next();
        if (text.contains("<->")) {
            Host a = stage.host(text.substring(0, text.indexOf("<->")));
            Host b = stage.host(text.substring(text.indexOf("<->") + 3));
            each.accept(a, b);
            each.accept(b, a);
        } else {
            each.accept(stage.host(from(text)), stage.host(to(text)));
        }
    }

    private static String from(String pair) {
        return pair.substring(0, pair.indexOf("->"));
    }

    private static String to(String pair) {
        return pair.substring(pair.indexOf("->") + 2);
    }

    private static int times(Words words) {
        if (words.hasNext()) {
            String word = words.next();
            if (word.startsWith("x")) {
                return Integer.parseInt(word.substring(1));
            }
            throw words.wrong("has " + word + " where xN is wanted");
        }
        return 1_000_000;
    }

    private static String label(Words words) {
        return words.option("as", "it");
    }

    private void rule(String verb, Words words) {
        String message = words.next();
        String pair = words.next();
        String label = label(words);
        BiPredicate<Process, Process> both = (a, b) -> named(a, from(pair)) && named(b, to(pair));
        Rule.Picker picker = (a, b, sent) -> sent.getClass().getSimpleName().equals(message) && both.test(a, b);
        Rule.Treatment treatment =
                Rule.Treatment.valueOf(verb.toUpperCase(Locale.ROOT).replace('-', '_'));
        Rule rule = network().rule(picker, treatment, times(words));
        stage.held.put(label, new Stage.Held(rule::picked, () -> network().release(rule)));
    }

    private boolean named(Process process, String name) {
        if (name.equals("*")) {
            return true;
        }
        return stage.former.containsKey(name)
                ? stage.former.get(name) == process
                : process.name().equals(name) && !stage.former.containsValue(process);
    }

    private void holdRequest(Words words) {
        RequestKind kind = RequestKind.valueOf(words.next());
        String name = words.next();
        String label = label(words);
        Coordinator coordinator = stage.world().coordinator();
        RequestRule rule = coordinator.rule(
                RequestRule.hold((process, asked) -> asked == kind && named(process, name), times(words)));
        stage.held.put(label, new Stage.Held(rule::held, () -> coordinator.release(rule)));
    }

    private void outcome(Words words) {
        RequestKind kind = RequestKind.valueOf(words.next());
        String name = words.next();
        Fate fate = Fate.valueOf(words.next());
        Coordinator coordinator = stage.world().coordinator();
        int times = words.hasNext() ? times(words) : 1;
        coordinator.rule(RequestRule.fate((process, asked) -> asked == kind && named(process, name), fate, times));
    }

    private void holdStore(Words words) {
        String kind = words.next();
        String name = words.next();
        String label = label(words);
        Store store = stage.world().store();
        WriteRule rule =
                store.hold(new WriteRule((asker, what, _) -> what.equals(kind) && named(asker, name), times(words)));
        stage.held.put(label, new Stage.Held(rule::held, () -> store.release(rule)));
    }

    private void release(String label) {
        Conditions.held(stage, label).release().run();
        stage.held.remove(label);
    }

    private void reset(String pair) {
        Process from = stage.process(from(pair));
        for (Line line : network().linesOf(from.number())) {
            if (named(line.peer().process(), to(pair))) {
                network().reset(line, true, true);
            }
        }
    }

    private void coordinator(Words words) {
        switch (words.next()) {
            case "down" -> stage.world().coordinator().goDown();
            case "up" -> stage.world().coordinator().comeUp();
            case "wipe" -> wipe();
            case "lenient" -> stage.world().coordinator().troubles(new Troubles(0, 0, 0, 0, 1_000_000_000L, true));
            default -> throw words.wrong("does nothing known to the coordinator");
        }
    }

    /** Somebody has emptied it, and everything counts from the start. */
    private void wipe() {
        View empty = View.empty(stage.world().setup().timings().leaseNanos());
        Nodes nodes = stage.world().coordinator().nodes();
        nodes.wipe(Codecs.view(ViewImage.of(empty)), Codecs.term(new TermRecord(0, 0, "none", true, 0)));
        stage.world().checks().history().wiped(empty);
    }

    private void store(Words words) {
        Store store = stage.world().store();
        switch (words.next()) {
            case "failover" -> store.failOver(0, words.duration());
            case "forget-fences" -> store.forgetFences();
            case "stop-replication" -> store.stopReplication(0);
            default -> throw words.wrong("does nothing known to the store");
        }
    }
}
