package dev.berth.core.protocol;

import dev.berth.core.call.CallShortcut;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.ReplyShortcut;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.registry.RegistryMessage;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.store.StoreMessage;
import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;

// The frame types of clients are none that nodes use, so one stream can have them all; on a real connection it never
// does.

/** What tests do with every type that the protocols have: one writer and one reader that know all frame types. */
final class Travellers {
    static final long CLUSTER = 0xB0A7_0000_0000_0001L;

    private static final Catalog<Object> ALL = Catalog.of(
            List.of(
                    ClusterMessage.class,
                    PeerMessage.class,
                    StoreMessage.class,
                    ToolMessage.class,
                    ClientMessage.class),
            List.of(new CallShortcut(), new ReplyShortcut()));

    private static final FrameWriter<Object> WRITER = new FrameWriter<>(ALL, CLUSTER, 1, Limits.VIEW);

    private Travellers() {}

    /** All message types, in the order of their frame types. */
    static List<Class<?>> messages() {
        return List.copyOf(ALL.types().values());
    }

    /** Those between nodes. */
    static List<Class<?>> ofNodes() {
        return List.copyOf(Protocol.ALL.types().values());
    }

    /** Those between clients and gates. */
    static List<Class<?>> ofClients() {
        return List.copyOf(ClientProtocol.ALL.types().values());
    }

    static List<Class<?>> durableRecords() {
        return List.of(Durable.TermRecord.class, ViewImage.class);
    }

    /** Sealed interfaces whose records travel as the body of a call or reply. */
    static List<Class<?>> bodies() {
        return List.of(RegistryMessage.class);
    }

    static byte[] frame(Object message) {
        return WRITER.frame(message);
    }

    static FrameReader<Object> reader() {
        return reader(Limits.VIEW);
    }

    static FrameReader<Object> reader(Limits limits) {
        return new FrameReader<>(ALL, CLUSTER, Protocol.VERSIONS, limits);
    }

    /** The messages in these bytes; bytes of an unfinished frame are left over silently. */
    static List<Object> read(byte[] bytes) throws WireException {
        List<Object> messages = new ArrayList<>();
        reader().read(bytes, 0, bytes.length, messages::add);
        return messages;
    }
}
