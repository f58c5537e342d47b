package dev.berth.node.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.audit.Count;
import dev.berth.core.audit.Finding;
import dev.berth.core.audit.Invariant;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// A real cluster in this JVM, whose slots answer what the test puts down. So a witness hears honest answers, and then
// those of two owners, of one that has lost and of one that has doubled what it acknowledged.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WitnessTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final SlotId KV_1 = new SlotId("kv", 1);

    @TempDir
    Path dir;

    private final BlockingQueue<Count> script = new LinkedBlockingQueue<>();
    private final Witness witness = new Witness();

    private interface Play {
        void with(DevCluster cluster, Node gate) throws Exception;
    }

    private void play(Play play) throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("kv", 1))) {
            cluster.start(
                    cluster.node("kv-1").withSlots("kv", 1),
                    Map.of("kv", call -> script.take().bytes()));
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());
            play.with(cluster, gate);
        }
    }

    private Witness.Questioner questioner(Node gate, String number) {
        return witness.questioner(gate.agent("kv"), KV_1, number);
    }

    private void add(Witness.Questioner questioner, long value, long epoch) throws InterruptedException {
        script.add(new Count(value, epoch));
        assertThat(questioner.add(LONG)).isInstanceOf(Outcome.Done.class);
    }

    private void compare(Witness.Questioner questioner, long value, long epoch) throws InterruptedException {
        script.add(new Count(value, epoch));
        questioner.compare(LONG);
    }

    @Test
    void honestCluster_holds_andItsViewsAgreeWithTheJournal() throws Exception {
        play((cluster, gate) -> {
            var seen = new LinkedBlockingQueue<View>();
            var _ = witness.watch("gate", gate);
            var _ = gate.onChange(change -> seen.add(change.view()));
            Witness.Questioner ann = questioner(gate, "ann");
            add(ann, 1, 2);
            add(ann, 2, 2);
            compare(ann, 2, 2);
            try (Operator operator = cluster.operator()) {
                View view = Objects.requireNonNull(gate.view());
                operator.propose(new Proposal.DrainNode(gate.self().node(), true), LONG);
                View next = seen.take();
                while (next.number() <= view.number()) {
                    next = seen.take();
                }
                witness.saw("master", operator.status(LONG).view().toView());
                witness.told(operator.history(LONG));
            }

            assertThat(witness.findings()).isEmpty();
            assertThat(witness.lost()).isZero();
            Path file = dir.resolve("history");
            witness.write(file);
            assertThat(Files.readString(file))
                    .contains("kv/1 ADD ann -> 2 2", "gate: view 3", "the journal: JournalEntry", "master: view ");
        });
    }

    @Test
    void dishonestCluster_isConvicted_withBothObservations() throws Exception {
        play((_, gate) -> {
            Witness.Questioner ann = questioner(gate, "ann");
            Witness.Questioner bob = questioner(gate, "bob");
            add(ann, 1, 7);
            add(bob, 1, 3);
            assertThat(witness.doubleOwners()).isEqualTo(1);
            add(ann, 2, 7);
            compare(ann, 0, 7);
            assertThat(witness.lost()).isEqualTo(2);
            add(bob, 5, 7);

            assertThat(witness.findings())
                    .extracting(Finding::invariant)
                    .containsExactly(Invariant.I1, Invariant.I7, Invariant.I7);
            Path file = dir.resolve("history");
            witness.write(file);
            assertThat(Files.readString(file))
                    .contains(Invariant.I1.sentence(), "ann asked kv/1", "1 under epoch 7", "1 under epoch 3")
                    .contains("5 observations");
        });
    }

    @Test
    void whoGetsNoAnswerInTheEnd_isAnError() throws Exception {
        play((_, gate) -> {
            Witness.Questioner ann = questioner(gate, "ann");

            assertThat(ann.add(Duration.ofMillis(50))).isNotInstanceOf(Outcome.Done.class);
            assertThatThrownBy(() -> ann.compare(Duration.ofMillis(50)))
                    .hasMessageContaining("nobody tells what ann of kv/1 is");
            assertThat(witness.findings()).isEmpty();
        });
    }

    @Test
    void answerThatIsNoCount_isAnError() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("kv", 1))) {
            cluster.start(cluster.node("kv-1").withSlots("kv", 1), Map.of("kv", _ -> Bytes.utf8("seven")));
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());

            assertThatThrownBy(() -> questioner(gate, "ann").add(LONG)).hasMessageContaining("got \"seven\"");
        }
    }
}
