package dev.berth.lab.sim.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Durable.Touch;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.NodeId;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.kernel.Digest;
import dev.berth.lab.sim.kernel.LocalClock;
import dev.berth.lab.sim.kernel.Trace;
import dev.berth.lab.sim.net.Frame;
import dev.berth.lab.sim.net.Line;
import dev.berth.lab.sim.net.Network;
import dev.berth.lab.sim.net.Weather;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// Candidates with a client each write down what they hear. They are cut off, held and killed, requests meet their
// fates, and the lists and the nodes are read.

/** One elected at a time, conditional writes, and outcomes that get lost. */
class CoordinatorTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Incarnation LIFE = new Incarnation(new NodeId(3), 7);

    private final Agenda agenda = new Agenda();
    private final Network network = new Network(agenda, new Dice(1), new Digest(), Weather.CALM, new Network.Watcher() {
        @Override
        public void sent(Line from, Frame frame) {}

        @Override
        public void landed(Line to, Frame frame) {}
    });
    private final Nodes nodes = new Nodes(new byte[] {1}, new byte[] {1});
    private final Coordinator coordinator = new Coordinator(
            agenda, host(0), network, new Dice(2), nodes, 6 * SECOND, new Coordinator.Delays(1_000_000, 1_000_000));

    private Host host(int index) {
        return new Host(agenda, index, "host-" + index, new LocalClock(0, 1_000_000, 0));
    }

    /** A process that wants to be elected and asks the coordinator things. */
    private final class Politician extends Process implements Client.Candidate {
        final List<String> heard = new ArrayList<>();
        final Client client = new Client(agenda, this, coordinator, new Trace(agenda, 0));

        Politician(int number) {
            super(agenda, CoordinatorTest.this.host(number), number, "p" + number);
        }

        void write(int expected, int content) {
            client.submit(
                    RequestKind.WRITE_VIEW,
                    there -> there.writeView(expected, new byte[] {(byte) content}, List.of(), entry(content)),
                    done -> heard.add(done ? "done" : "conflict"),
                    () -> heard.add("unknown"));
        }

        @Override
        public void elected(long election) {
            heard.add("elected");
        }

        @Override
        public void deposed() {
            heard.add("deposed");
        }

        @Override
        protected void finish() {}

        @Override
        protected void ended() {}
    }

    private void run(long nanos) {
        long until = agenda.now() + nanos;
        while (agenda.nextDue() <= until) {
            agenda.step();
        }
        agenda.passTo(until);
    }

    @Test
    void sessionOfTheElectedExpires_nextIsElected_andTheFirstLearnsItWhenItIsBack() {
        Politician first = new Politician(1);
        Politician second = new Politician(2);
        first.client.stand(first);
        run(SECOND);
        second.client.stand(second);
        run(SECOND);
        assertThat(first.heard).containsExactly("elected");

        network.mute(first.host(), true);
        run(5 * SECOND);
        assertThat(second.heard).isEmpty();
        run(5 * SECOND);
        assertThat(second.heard).containsExactly("elected");
        assertThat(first.heard).containsExactly("elected");

        network.mute(first.host(), false);
        run(2 * SECOND);
        assertThat(first.heard).containsExactly("elected", "deposed");
    }

    @Test
    void outage_expiresNobody() {
        Politician first = new Politician(1);
        Politician second = new Politician(2);
        first.client.stand(first);
        run(SECOND);
        second.client.stand(second);
        coordinator.goDown();
        run(60 * SECOND);
        coordinator.comeUp();
        run(20 * SECOND);

        assertThat(first.heard).containsExactly("elected");
        assertThat(second.heard).isEmpty();
    }

    @Test
    void writes_areComparedWithTheVersion() {
        Politician one = new Politician(1);
        Politician two = new Politician(2);
        one.write(0, 10);
        run(SECOND);
        two.write(0, 20);
        run(SECOND);

        assertThat(one.heard).containsExactly("done");
        assertThat(two.heard).containsExactly("conflict");
        assertThat(nodes.view()).containsExactly(10);
    }

    @Test
    void fates_loseTheAnswerOrTheWriteOrDelayIt() {
        Politician one = new Politician(1);
        coordinator.rule(RequestRule.fate((_, _) -> true, Fate.ANSWER_LOST, 1));
        one.write(0, 10);
        run(5 * SECOND);
        assertThat(one.heard).containsExactly("unknown");
        assertThat(nodes.view()).containsExactly(10);

        coordinator.rule(RequestRule.fate((_, _) -> true, Fate.LOST, 1));
        one.write(1, 20);
        run(5 * SECOND);
        assertThat(one.heard).containsExactly("unknown", "unknown");
        assertThat(nodes.view()).containsExactly(10);

        RequestRule hold = coordinator.rule(RequestRule.hold((_, kind) -> kind == RequestKind.WRITE_VIEW, 1));
        one.write(1, 30);
        run(5 * SECOND);
        assertThat(nodes.view()).containsExactly(10);
        coordinator.release(hold);
        run(SECOND);
        assertThat(nodes.view()).containsExactly(30);
        assertThat(one.heard).endsWith("done");
    }

    @Test
    void lateWrite_isExecutedBeforeTheNextRequestOfTheSameClient() {
        Politician one = new Politician(1);
        coordinator.troubles(new Troubles(0, 0, 0, 0, 600 * SECOND, false));
        coordinator.rule(RequestRule.fate((_, _) -> true, Fate.LATE, 1));
        one.write(0, 10);
        one.write(0, 20);
        run(5 * SECOND);

        assertThat(nodes.view()).containsExactly(10);
        assertThat(one.heard).containsExactlyInAnyOrder("unknown", "conflict");
    }

    private static JournalEntry entry(long view) {
        return new JournalEntry(view, 1, "m1", 0, "because", List.of(), 0);
    }

    @Test
    void entry_isThereWithItsView_orNotAtAll() {
        assertThat(nodes.writeView(0, new byte[] {2}, List.of(), entry(7))).isTrue();
        assertThat(nodes.writeView(0, new byte[] {2}, List.of(), entry(8))).isFalse();
        assertThat(nodes.writeView(1, new byte[] {3}, List.of(), entry(7 + JournalEntry.VIEWS_MAX)))
                .isTrue();

        assertThat(nodes.journal()).containsExactly(entry(7 + JournalEntry.VIEWS_MAX));
    }

    @Test
    void touch_changesItsVersion_whichAViewCanCompare() {
        assertThat(nodes.touch(LIFE, 0)).isTrue();
        assertThat(nodes.writeView(0, new byte[] {2}, List.of(new Touch(LIFE, 0)), entry(2)))
                .isFalse();
        assertThat(nodes.writeView(0, new byte[] {2}, List.of(new Touch(LIFE, 1)), entry(2)))
                .isTrue();
        assertThat(nodes.touch(LIFE, 0)).as("the view has another version now").isFalse();
        assertThat(nodes.touches()).containsExactly(new Touch(LIFE, 1));
    }
}
