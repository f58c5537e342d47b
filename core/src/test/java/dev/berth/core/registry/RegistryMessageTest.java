package dev.berth.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

// Plan: every message of the registry as the body of a call, there and back; then bodies cut short, which must end in
// the codec's own error, and the largest report, which must fit a body.
class RegistryMessageTest {
    private static final RegistryKey KEY = new RegistryKey("player", Bytes.wrap(new byte[] {0, -1, 7}));
    private static final RegistryEntry ENTRY =
            new RegistryEntry(KEY, -1L, new Incarnation(new NodeId(65_535), 9), Bytes.utf8("load=3"), 4, 5);
    private static final List<RegistryMessage> ALL = List.of(
            new RegistryMessage.Register(ENTRY),
            new RegistryMessage.Update(KEY, 4, Bytes.EMPTY),
            new RegistryMessage.Deregister(KEY, 4),
            new RegistryMessage.Lookup(KEY),
            new RegistryMessage.Forget(KEY),
            new RegistryMessage.Report(List.of(ENTRY, ENTRY), true),
            new RegistryMessage.Registered(),
            new RegistryMessage.Taken(ENTRY),
            new RegistryMessage.Updated(),
            new RegistryMessage.NotYours(),
            new RegistryMessage.Deregistered(),
            new RegistryMessage.Found(ENTRY, true),
            new RegistryMessage.Absent(),
            new RegistryMessage.Rebuilding(),
            new RegistryMessage.Full(9),
            new RegistryMessage.Reported(List.of(KEY)),
            new RegistryMessage.Changed(ENTRY),
            new RegistryMessage.Gone(KEY, 6));

    @Test
    void everyMessage_thereAndBack() throws WireException {
        for (RegistryMessage message : ALL) {
            byte[] body = Protocol.REGISTRY.encode(message);
            assertThat(Protocol.REGISTRY.decode(body, Limits.PEER)).isEqualTo(message);
        }
    }

    @Test
    void bodyCutShort_isATypedError() {
        for (RegistryMessage message : ALL) {
            byte[] body = Protocol.REGISTRY.encode(message);
            byte[] cut = Arrays.copyOf(body, body.length - 1);
            assertThatThrownBy(() -> Protocol.REGISTRY.decode(cut, Limits.PEER)).isInstanceOf(WireException.class);
        }
    }

    @Test
    void largestReport_fitsABody() {
        RegistryEntry big = new RegistryEntry(
                KEY,
                1,
                Incarnation.NONE,
                Bytes.wrap(new byte[RegistryEntry.SHARE_MAX]),
                Long.MAX_VALUE,
                Long.MAX_VALUE);
        int entries = RegistryMessage.REPORT_BYTES / big.size() + 2;
        byte[] body = Protocol.REGISTRY.encode(new RegistryMessage.Report(Collections.nCopies(entries, big), true));
        assertThat(body.length).isLessThan(PeerMessage.BODY_MAX);
    }
}
