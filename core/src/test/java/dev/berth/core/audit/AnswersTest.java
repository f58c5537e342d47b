package dev.berth.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// Histories by hand. Those that one honest owner after the other could have made are accepted; each of the others is a
// way in which two owners, a lost or a doubled effect would show, and the finding names both calls.
class AnswersTest {
    private static final SlotId KV_1 = new SlotId("kv", 1);
    private static final SlotId KV_2 = new SlotId("kv", 2);

    private final List<Finding> findings = new ArrayList<>();
    private final Answers answers = new Answers(findings::add);
    private long now;

    private Answers.Asked adds(String who) {
        return answers.adds(++now, who, KV_1, "n");
    }

    private Answers.Asked reads(String who) {
        return answers.reads(++now, who, KV_1, "n");
    }

    private void told(Answers.Asked asked, long value, long epoch) {
        answers.answered(++now, asked, new Count(value, epoch));
    }

    private void finds(Invariant invariant, String... words) {
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.invariant()).isEqualTo(invariant);
            assertThat(finding.toString()).contains(invariant.sentence()).contains(words);
        });
    }

    @Test
    void oneOwnerAfterTheOther_isAccepted_whateverCrosses() {
        told(adds("ann"), 1, 3);
        Answers.Asked slow = adds("bob");
        told(adds("ann"), 3, 3);
        told(slow, 2, 3);
        Answers.Asked read = reads("cat");
        told(adds("ann"), 4, 7);
        // Sent before the answer of the next owner had come.
        told(read, 3, 3);
        told(reads("cat"), 4, 7);
        told(answers.reads(++now, "cat", KV_2, "n"), 0, 2);

        assertThat(findings).isEmpty();
        assertThat(answers.lost()).isZero();
    }

    @Test
    void epochThatGoesBack_isTwoOwners_whoeverAsks() {
        told(adds("ann"), 1, 7);
        told(reads("bob"), 1, 3);

        finds(Invariant.I1, "ann asked kv/1", "1 under epoch 7", "bob asked kv/1", "1 under epoch 3");
    }

    @Test
    void acknowledgedAddition_thatIsMissing_isFound() {
        told(adds("ann"), 1, 3);
        told(adds("ann"), 2, 3);
        told(reads("bob"), 1, 7);

        finds(Invariant.I7, "ann asked", "2 under epoch 3", "bob asked", "1 under epoch 7");
        assertThat(answers.lost()).isEqualTo(1);
    }

    @Test
    void place_thatIsGivenTwice_oneAfterTheOther_orAtTheSameTime_isFound() {
        told(adds("ann"), 1, 3);
        told(adds("ann"), 1, 3);
        finds(Invariant.I7, "1 under epoch 3");

        findings.clear();
        Answers.Asked one = adds("ann");
        Answers.Asked other = adds("bob");
        told(one, 3, 3);
        told(other, 3, 3);
        finds(Invariant.I7, "ann asked", "bob asked", "3 under epoch 3");
    }

    @Test
    void unknownAddition_mayBeDoneOnce_orNot_butNotTwice() {
        told(adds("ann"), 1, 3);
        adds("ann");
        told(adds("ann"), 3, 3);
        adds("ann");
        told(adds("ann"), 4, 3);
        assertThat(findings).isEmpty();

        told(adds("ann"), 7, 3);
        finds(Invariant.I7, "only 6 additions may have been done", "7 under epoch 3");
    }

    @Test
    void refusedAddition_isNotDone() {
        answers.refused(adds("ann"));
        told(adds("ann"), 1, 3);
        assertThat(findings).isEmpty();

        answers.refused(adds("ann"));
        told(adds("ann"), 3, 3);
        finds(Invariant.I7, "only 2 additions");
    }

    @Test
    void additionAskedForAgain_hasTheSamePlace() {
        Answers.Asked first = adds("ann");
        told(adds("bob"), 2, 3);
        told(answers.again(++now, "ann", first), 1, 7);
        told(answers.again(++now, "cat", first), 1, 7);
        assertThat(findings).isEmpty();

        told(answers.again(++now, "ann", first), 3, 7);
        finds(Invariant.I7, "ann asked", "1 under epoch 7", "for the same addition");
    }

    @Test
    void end_comparesWhatIsThere() {
        told(adds("ann"), 1, 3);
        told(adds("ann"), 2, 3);
        answers.compare(++now, "the store", (_, _) -> 2);
        assertThat(findings).isEmpty();

        answers.compare(++now, "the store", (_, _) -> 0);
        finds(Invariant.I7, "ann asked kv/1", "2 under epoch 3", "the store", "told 0");
        assertThat(answers.lost()).isEqualTo(2);

        findings.clear();
        answers.compare(++now, "the store", (_, _) -> 3);
        finds(Invariant.I7, "only 2 additions", "told 3");
    }

    @Test
    void finding_saysWhen() {
        told(answers.adds(1_250_000_000L, "ann", KV_1, "n"), 1, 7);
        Answers.Asked late = answers.reads(2_000_000_000L, "bob", KV_1, "n");
        answers.answered(2_000_042_999L, late, new Count(1, 3));

        finds(Invariant.I1, "asked kv/1 at 1.250000 s to add to n", "at 2.000000 s to tell n", "at 2.000042 s");
    }

    @Test
    void count_isTwoNumbers_orSaysWhatItGot() {
        assertThat(Count.of(new Count(17, 3).bytes())).isEqualTo(new Count(17, 3));
        for (String wrong : List.of("", "17", "17 x", "1 2 3")) {
            assertThatThrownBy(() -> Count.of(Bytes.utf8(wrong))).hasMessageContaining("got \"" + wrong + "\"");
        }
    }
}
