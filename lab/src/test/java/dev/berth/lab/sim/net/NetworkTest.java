package dev.berth.lab.sim.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.kernel.Digest;
import dev.berth.lab.sim.kernel.LocalClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

// Two processes on two machines, each with an ear that writes down what it hears. Words are sent, the weather
// changes, and the ears are read.

/** Streams keep their order, cuts stall them, resets lose their tails. */
class NetworkTest {
    private static final long SECOND = 1_000_000_000L;

    private final Agenda agenda = new Agenda();
    private Network network = network(Weather.CALM);
    private Person ann;
    private Person bob;
    private Line toBob;

    /** A process that writes down what it hears. */
    private static final class Person extends Process implements Door, Ear {
        final List<String> heard = new ArrayList<>();
        final List<Line> accepted = new ArrayList<>();

        Person(Agenda agenda, int number) {
            super(
                    agenda,
                    new Host(agenda, number, "host-" + number, new LocalClock(0, 1_000_000, 0)),
                    number,
                    "p" + number);
        }

        @Override
        public Process process() {
            return this;
        }

        @Override
        public Ear accept(Line line) {
            accepted.add(line);
            return this;
        }

        @Override
        public void opened(Line opened) {
            heard.add("opened");
        }

        @Override
        public void heard(Line on, Frame frame) {
            heard.add((String) frame.sent());
        }

        @Override
        public void closed(Line closed, String cause) {
            heard.add("closed: " + cause);
        }

        @Override
        protected void finish() {}

        @Override
        protected void ended() {}
    }

    private Network network(Weather weather) {
        Network.Watcher nobody = new Network.Watcher() {
            @Override
            public void sent(Line from, Frame frame) {}

            @Override
            public void landed(Line to, Frame frame) {}
        };
        return new Network(agenda, new Dice(5), new Digest(), weather, nobody);
    }

    @BeforeEach
    void connect() {
        ann = new Person(agenda, 1);
        bob = new Person(agenda, 2);
        network.open(bob);
        toBob = network.connect(ann, bob.number(), ann, false);
        run(SECOND);
    }

    private void run(long nanos) {
        long until = agenda.now() + nanos;
        while (agenda.nextDue() <= until) {
            agenda.step();
        }
        agenda.passTo(until);
    }

    private static Frame word(String word) {
        return new Frame(word, word.getBytes(StandardCharsets.UTF_8));
    }

    private void say(String... words) {
        for (String word : words) {
            toBob.send(word(word));
        }
    }

    @Test
    void stream_keepsItsOrder() {
        say("a", "b", "c", "d", "e", "f", "g");
        toBob.close("done");
        run(SECOND);

        assertThat(bob.heard).containsExactly("opened", "a", "b", "c", "d", "e", "f", "g", "closed: done");
    }

    @Test
    void cut_stallsOneDirectionOnly_andHealingLetsItGoOn() {
        network.cut(ann.host(), bob.host());
        say("late");
        bob.accepted.getFirst().send(word("back"));
        run(SECOND);

        assertThat(ann.heard).containsExactly("opened", "back");
        assertThat(bob.heard).containsExactly("opened");
        network.heal(ann.host(), bob.host());
        run(SECOND);
        assertThat(bob.heard).containsExactly("opened", "late");
    }

    @Test
    void longCut_breaksTheStream_andTheOtherSideLearnsItWhenItSends() {
        network.cut(ann.host(), bob.host());
        say("lost");
        run(60 * SECOND);
        network.heal(ann.host(), bob.host());
        run(SECOND);

        assertThat(ann.heard).containsExactly("opened", "closed: timed out");
        assertThat(bob.heard).containsExactly("opened");
        bob.accepted.getFirst().send(word("hello?"));
        run(SECOND);
        assertThat(bob.heard).containsExactly("opened", "closed: reset");
    }

    @Test
    void reset_losesWhatIsUnderWay() {
        say("lost");
        network.reset(toBob, true, true);
        run(SECOND);

        assertThat(bob.heard).containsExactly("opened", "closed: reset");
        assertThat(ann.heard).containsExactly("opened", "closed: reset");
    }

    @Test
    void heldProcess_hearsEverythingWhenItGoesOn() {
        bob.hold();
        say("a", "b");
        run(SECOND);
        assertThat(bob.heard).containsExactly("opened");

        bob.letGo();
        assertThat(bob.heard).containsExactly("opened", "a", "b");
    }

    @Test
    void deadProcess_resetsWhoeverSpeaksToIt() {
        bob.end();
        network.processEnded(bob, false);
        run(SECOND);

        assertThat(ann.heard).containsExactly("opened", "closed: process ended");
        Line again = network.connect(ann, bob.number(), ann, false);
        run(SECOND);
        assertThat(again.isGone()).isTrue();
        assertThat(ann.heard).endsWith("closed: refused");
    }

    @Test
    void rule_holdsOneMessage_andThoseBehindItOnTheStream() {
        Rule rule = network.rule((_, _, message) -> message.equals("b"), Rule.Treatment.HOLD, 1);
        say("a", "b", "c");
        run(SECOND);
        assertThat(bob.heard).containsExactly("opened", "a");

        network.release(rule);
        run(SECOND);
        assertThat(bob.heard).containsExactly("opened", "a", "b", "c");
    }

    @Test
    void datagrams_getLostDoubledAndReordered() {
        network = network(new Weather(1_000, 1_000_000, 0, 0, true, 20, 20, 15 * SECOND));
        network.open(bob);
        Line line = network.connect(ann, bob.number(), ann, true);
        run(SECOND);
        bob.heard.clear();
        for (int i = 0; i < 500; i++) {
            line.send(word("m" + i));
        }
        run(SECOND);

        assertThat(bob.heard.stream().distinct().count()).isBetween(350L, 450L);
        assertThat(bob.heard)
                .hasSizeGreaterThan((int) bob.heard.stream().distinct().count());
        assertThat(bob.heard).isNotEqualTo(bob.heard.stream().sorted().toList());
    }
}
