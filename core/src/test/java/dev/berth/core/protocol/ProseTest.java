package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Refusal;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.wire.Prose;
import dev.berth.core.wire.WireException;
import java.util.List;
import org.junit.jupiter.api.Test;

// An application's exception may say anything at any length. The records that carry such a text are given one of 20,000
// characters that take one to four bytes, and halves of a pair among them.

/** No explanation is too long or too strange to be sent. */
class ProseTest {
    private static final String ENDLESS = "aä€\uD83C\uDFB2\uD83C".repeat(4_000);
    private static final Incarnation NODE = new Incarnation(new NodeId(1), 1);
    private static final SlotId SLOT = new SlotId("role", 1);
    private static final Nonce NONCE = new Nonce(1, 2);

    @Test
    void endlessExplanation_travelsCut() throws WireException {
        for (Object message : List.of(
                new ClusterMessage.Refused(NONCE, Refusal.NO_VACANCY, ENDLESS),
                new ClusterMessage.Parked(NONCE, ENDLESS),
                new ClusterMessage.GivenUp(NODE, SLOT, 1, ENDLESS, 0),
                new ClusterMessage.DrainAbandoned(NODE, SLOT, 1, ENDLESS),
                new ClusterMessage.Leave(NODE, ENDLESS),
                new ClusterMessage.Decided(NONCE, false, 1, ENDLESS),
                new ClusterMessage.ViewDeltas(
                        1,
                        1,
                        List.of(new Delta(
                                2,
                                ENDLESS,
                                List.of(
                                        new Change.MemberGone(NODE, ENDLESS),
                                        new Change.SlotChanged(SLOT, new SlotState.Parked(ENDLESS, 0)))))),
                new PeerMessage.Goodbye(1, ENDLESS),
                new PeerMessage.Reply(1, null, new PeerMessage.Result.Error(ENDLESS, ENDLESS)))) {
            assertThat(Travellers.read(Travellers.frame(message))).containsExactly(message);
        }
    }

    @Test
    void text_isCutBetweenCharacters_andOnlyOnce() {
        assertThat(Prose.upTo(8, "eight ok")).isEqualTo("eight ok");
        assertThat(Prose.upTo(8, "nine is 9")).isEqualTo("nine ...");
        assertThat(Prose.upTo(8, "€€€")).isEqualTo("€...");
        assertThat(Prose.upTo(8, "€€ä")).isEqualTo("€€ä");
        assertThat(Prose.upTo(8, "\uD83C\uDFB2\uD83C\uDFB2\uD83C\uDFB2")).isEqualTo("\uD83C\uDFB2...");
        assertThat(Prose.upTo(8, "a\uDFB2b\uD83C")).isEqualTo("a?b?");
        assertThat(Prose.upTo(8, Prose.upTo(8, "nine is 9"))).isEqualTo("nine ...");
    }
}
