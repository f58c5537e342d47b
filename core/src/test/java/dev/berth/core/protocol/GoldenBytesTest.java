package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.OperationId;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.store.StoreMessage;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

// A change of these bytes is a change of the protocol: old and new versions meet in one cluster, and the coordinator
// holds what an old one wrote. The file shows each value and its frame: length, magic and version, type, cluster,
// body.

/** A handful of messages, byte by byte, as they have been since version 1. */
class GoldenBytesTest {
    private static final Incarnation WORKER = new Incarnation(new NodeId(7), 12);
    private static final Incarnation GATE = new Incarnation(new NodeId(300), 9);
    private static final SlotId SLOT = new SlotId("role", 3);
    private static final Grant GRANT = new Grant(SLOT, 41);
    private static final Listing LISTING = new Listing(
            WORKER,
            "worker-a",
            new Nonce(1, -1),
            List.of(new Offer("role", 4, false)),
            List.of("10.0.0.1:7000"),
            "launcher",
            false);

    static final PeerMessage.Call CALL =
            new PeerMessage.Call(-5, GRANT, null, 0, 2_000_000_000L, List.of(), Bytes.EMPTY, null, Bytes.utf8("hi"));

    private static final List<Object> MESSAGES = List.of(
            new ClusterMessage.Join(
                    "worker-a",
                    new Nonce(1, -1),
                    0,
                    List.of(new Offer("role", 4, false)),
                    List.of("10.0.0.1:7000"),
                    "launcher",
                    Incarnation.NONE),
            new ClusterMessage.Beat(WORKER, 1_000, 41, 3, 77_000_000_000L, 250, 78_000_000_000L),
            new ClusterMessage.Answer(3, WORKER, 1_000, 5_000_000_000L, 42, 41, -1),
            new ClusterMessage.ViewDeltas(
                    3,
                    41,
                    List.of(new Delta(
                            42,
                            "worker-a joins",
                            List.of(
                                    new Change.MemberListed(LISTING),
                                    new Change.SlotChanged(SLOT, new SlotState.Offered(WORKER, 42, 0)),
                                    new Change.MemberGone(GATE, "lapsed"))))),
            new ClusterMessage.NotLeader(-1),
            new ClusterMessage.AskStatus(new Nonce(1, 2)),
            new PeerMessage.Hello(WORKER, GATE, 42, 1, 1, 1, false),
            CALL,
            new PeerMessage.Call(
                    0,
                    GRANT,
                    new Grant(new SlotId("gate", 1), 9),
                    (7L << 48) + 17,
                    1,
                    List.of(1L, -1L),
                    Bytes.utf8("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
                    new OperationId(5, 6),
                    Bytes.EMPTY),
            new PeerMessage.Reply(5, GRANT, new PeerMessage.Result.Value(Bytes.utf8("ho"))),
            new PeerMessage.Reply(5, null, new PeerMessage.Result.NotRun(RefusedReason.MOVED, 42)),
            new StoreMessage.AssertFence(1, GRANT),
            new StoreMessage.Append(2, GRANT, Bytes.utf8("key"), 7, new OperationId(5, 6), Bytes.utf8("+1")),
            new StoreMessage.Snapshot(3, GRANT, Bytes.utf8("key"), 8, Bytes.utf8("9")),
            new StoreMessage.Load(4, SLOT, Bytes.EMPTY, Bytes.utf8("after")),
            new StoreMessage.Written(2, 8, false),
            new StoreMessage.Page(
                    4,
                    List.of(
                            new StorePiece.State(Bytes.utf8("key"), 9, 41, Bytes.utf8("9")),
                            new StorePiece.Delta(Bytes.utf8("key"), 10, 41, null, Bytes.utf8("+1"))),
                    Bytes.EMPTY),
            new StoreMessage.StoreRefused(2, new StoreRefusal.Fenced(42)));

    private static final Durable.TermRecord TERM = new Durable.TermRecord(3, 1_000, "master-1", false, 2);
    private static final ViewImage VIEW = new ViewImage(
            42,
            5_000_000_000L,
            5_000_000_000L,
            List.of(LISTING),
            List.of(new ViewImage.ServiceImage(
                    ServicePlan.plain("role", 2),
                    List.of(SlotState.Free.CLEAN, new SlotState.Running(WORKER, 41)),
                    List.of(),
                    List.of())),
            List.of(),
            List.of(),
            0);

    @Test
    void bytes_areWhatTheyWere() throws WireException {
        StringBuilder text = new StringBuilder();
        for (Object message : MESSAGES) {
            byte[] frame = Travellers.frame(message);
            assertThat(Travellers.read(frame)).containsExactly(message);
            text.append(message).append('\n');
            text.append(hex(frame, 0, 4))
                    .append(hex(frame, 4, 6))
                    .append(hex(frame, 6, 8))
                    .append(hex(frame, 8, 16));
            text.append(HexFormat.of().formatHex(frame, 16, frame.length)).append("\n\n");
        }
        text.append(TERM)
                .append('\n')
                .append(HexFormat.of().formatHex(Protocol.TERM.encode(TERM)))
                .append("\n\n");
        text.append(VIEW)
                .append('\n')
                .append(HexFormat.of().formatHex(Protocol.VIEW.encode(VIEW)))
                .append('\n');

        WrittenDown.at("core/src/test/resources/dev/berth/core/protocol/golden.txt")
                .assertSays(text.toString());
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(bytes, from, to) + " ";
    }
}
