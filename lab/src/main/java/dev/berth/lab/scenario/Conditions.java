package dev.berth.lab.scenario;

import dev.berth.core.cluster.SlotState;
import dev.berth.core.registry.RegistryKey;
import dev.berth.lab.sim.node.MasterProcess;
import dev.berth.lab.sim.node.MemberProcess;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

// The same conditions serve "run until" and "expect".
//   role/1 at NODE | role/1 at nobody     who serves the slot and may act
//   role/1 is FREE|OFFERED|RUNNING|...    the newest durable view
//   NODE serving|suspended|gone|listed    a node
//   NODE leads                            a master, by its own lease
//   NODE says "text"                      in the trace, since the command began (run) or the block (expect)
//   NODE applied N                        the view that a node acts by, at least
//   NODE has KEY                          it believes that it holds a key of the registry
//   LABEL holds N                         what a rule has caught
//   all served                            every slot has an owner who serves

/** Conditions in words. */
final class Conditions {
    private Conditions() {}

    static BooleanSupplier read(Stage stage, Words words, int from) {
        if (words.take("not")) {
            BooleanSupplier other = read(stage, words, from);
            return () -> !other.getAsBoolean();
        }
        String subject = words.next();
        String verb = words.next();
        return switch (verb) {
            case "at" -> {
                String wanted = words.next();
                yield () -> stage.server(subject).equals(wanted);
            }
            case "is" -> {
                String wanted = words.next();
                yield () -> word(stage.state(subject)).equals(wanted);
            }
            case "served" -> () -> allServed(stage);
            case "serving" ->
                () -> stage.member(subject).isAlive() && stage.member(subject).mayAct();
            case "suspended" ->
                () -> stage.member(subject).isAlive() && !stage.member(subject).mayAct();
            case "gone" -> () -> !stage.process(subject).isAlive();
            case "alive" -> () -> stage.process(subject).isAlive();
            case "listed" -> () -> stage.view().lists(stage.member(subject).self());
            case "leads" -> () -> stage.process(subject) instanceof MasterProcess master && master.leads();
            case "applied" -> {
                long wanted = words.number();
                yield () -> stage.member(subject).applied() >= wanted;
            }
            case "has" -> {
                RegistryKey key = PlayVerbs.key(words.next());
                yield () -> {
                    MemberProcess member = stage.member(subject);
                    return member.isAlive() && stage.toy(member).has(key);
                };
            }
            case "holds" -> {
                int wanted = words.hasNext() ? words.number() : 1;
                yield () -> held(stage, subject).count().getAsInt() >= wanted;
            }
            case "says" -> {
                String text = words.next();
                yield () -> stage.heard.has(from, subject.equals("anybody") ? "*" : subject, text);
            }
            default -> throw words.wrong("has no condition \"" + verb + "\"");
        };
    }

    static Stage.Held held(Stage stage, String label) {
        Stage.Held held = stage.held.get(label);
        if (held == null) {
            throw new IllegalArgumentException("nothing is held as " + label);
        }
        return held;
    }

    static String word(@Nullable SlotState state) {
        return state == null ? "UNKNOWN" : state.word();
    }

    private static boolean allServed(Stage stage) {
        boolean[] served = {true};
        stage.view()
                .forEachUnit((slot, _) -> served[0] &= stage.world().checks().isServed(slot));
        return served[0];
    }
}
