package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

// A real pipe on one side; on the other a socket that has made the handshake and then behaves as no node does: it does
// not read, says nothing, or says what is refused.

/** What a pipe holds is bounded, silence ends it, and bytes that are refused end it with their reason. */
final class PipeBoundsTest {
    private static final int FRAME_HEADER = 16;
    private final Harbor harbor = new Harbor();

    @AfterEach
    void close() {
        harbor.close();
    }

    @Test
    void endThatDoesNotRead_fillsThePipe_thenIsClosed() throws Exception {
        int max = Limits.PEER.frameMax();
        InetSocketAddress address = harbor.listen(Harbor.config().withPending(100_000, max));
        try (Stranger _ = Stranger.dialAsPeer(address)) {
            Notebook ears = harbor.accepted();
            ears.on(pipe -> {
                int number = 0;
                while (!pipe.isFull()) {
                    pipe.send(Harbor.call(++number, 10_000));
                }
                assertThat(pipe.pendingBytes()).isBetween(100_000, 300_000);
                int highest = 0;
                while (pipe.isOpen()) {
                    highest = Math.max(highest, pipe.pendingBytes());
                    pipe.send(Harbor.call(++number, 10_000));
                }
                assertThat(highest).isBetween(max - 20_000, max);
            });

            assertThat(ears.cause()).contains("bytes waited to be sent to /127.0.0.1:", "at most " + max, "too slowly");
        }
    }

    @Test
    void endThatReadsLate_makesRoomAgain_andGetsEverythingInOrder() throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config().withPending(100_000, 48 << 20));
        try (Stranger late = Stranger.dialAsPeer(address)) {
            Notebook ears = harbor.accepted();
            int[] sent = {0};
            ears.on(pipe -> {
                while (!pipe.isFull()) {
                    pipe.send(Harbor.call(++sent[0], 10_000));
                }
            });
            FrameReader<PeerMessage> reader =
                    new FrameReader<>(Protocol.PEER, ClusterName.id("tests"), Harbor.VERSIONS, Limits.PEER);
            int[] heard = {0};
            while (heard[0] < sent[0]) {
                byte[] some = late.hear(FRAME_HEADER);
                reader.read(
                        some,
                        0,
                        some.length,
                        message -> assertThat(message).isEqualTo(Harbor.call(++heard[0], 10_000)));
            }

            ears.awaitRoom();
            ears.on(pipe -> {
                assertThat(pipe.isFull()).isFalse();
                assertThat(pipe.pendingBytes()).isZero();
            });
        }
    }

    @Test
    void silentEnd_isCutOff() throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config().withSilenceMillis(80));
        try (Lines log = new Lines(Transport.class);
                Stranger silent = Stranger.dialAsPeer(address)) {
            assertThat(harbor.accepted().cause())
                    .startsWith("nothing was heard for 80 ms, not even that the other end is alive");
            assertThat(log.next()).startsWith("link with /127.0.0.1:").contains("nothing was heard for 80 ms");
            silent.hearToTheEnd();
        }
    }

    @Test
    void idleEnds_keepEachOtherAlive() throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config().withSilenceMillis(300));
        try (Stranger idle = Stranger.dialAsPeer(address)) {
            Notebook ears = harbor.accepted();
            FrameWriter<PeerMessage> writer = Stranger.writer();
            writer.keepAlive();
            byte[] alive = writer.take();

            // Three times the silence after which one of them would be cut off.
            for (int i = 0; i < 3 * Wharf.TICKS_OF_SILENCE; i++) {
                assertThat(idle.hear(alive.length)).isEqualTo(alive);
                idle.say(alive);
            }

            assertThat(ears.isClosed()).isFalse();
            assertThat(ears.unread()).isZero();
        }
    }

    @Test
    void ownPause_isNotHeldAgainstTheOther() throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config().withSilenceMillis(400));
        try (Stranger other = Stranger.dialAsPeer(address);
                Harbor clock = new Harbor()) {
            Notebook ears = harbor.accepted();
            var passed = clock.loops().next().schedule(() -> {}, 1_000, TimeUnit.MILLISECONDS);

            ears.on(_ -> passed.awaitUninterruptibly());
            // Twice the tolerated silence has passed, and nothing was heard.
            FrameWriter<PeerMessage> writer = Stranger.writer();
            other.say(writer.frame(Harbor.call(1, 1)));

            assertThat(ears.next()).isEqualTo(Harbor.call(1, 1));
            assertThat(ears.isClosed()).isFalse();
        }
    }

    private void refused(byte[] frame, String words) throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config());
        try (Lines log = new Lines(Transport.class);
                Stranger stranger = Stranger.dialAsPeer(address)) {
            stranger.say(Stranger.writer().frame(Harbor.call(1, 1)));
            stranger.say(frame);
            Notebook ears = harbor.accepted();

            assertThat(ears.cause()).startsWith("what it says is refused: ").contains(words);
            assertThat(log.next()).startsWith("link with /127.0.0.1:").contains(words);
            assertThat(ears.next(1)).containsExactly(Harbor.call(1, 1));
            stranger.hearToTheEnd();
        }
    }

    @Test
    void refusedBytes_endThePipe_withTheirReason() throws Exception {
        byte[] frame = Stranger.writer().frame(Harbor.call(2, 10));

        refused(new byte[100], "a frame has 0xBE as its fifth byte, got the bytes 0000000000");
        refused(Stranger.changed(frame, 0, 0x7f), "bytes is announced, at most " + Limits.PEER.frameMax());
        refused(Stranger.changed(frame, 8, 0x55), "the frame belongs to cluster 55");
        refused(Stranger.changed(frame, 5, 9), "comes in version 9, this side speaks 1..1");
        refused(Stranger.changed(frame, 16, 0x0a), "Call.session: the field has the wire type 2");
    }

    @Test
    void messageOfAnotherKindOfConnection_isRefused() throws Exception {
        Catalog<ClusterMessage.ToMaster> masters = Protocol.TO_MASTER;
        byte[] frame = new FrameWriter<>(masters, ClusterName.id("tests"), 1, Limits.VIEW)
                .frame(new ClusterMessage.Leave(new Incarnation(new NodeId(1), 2), "done"));

        refused(frame, "is not understood on this link; is the sender newer?");
    }
}
