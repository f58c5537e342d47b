package dev.berth.core.protocol;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.registry.RegistryMessage;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;

/** What tests do with every type that the protocol has: one writer and one reader that know all frame types. */
final class Travellers {
    static final long CLUSTER = 0xB0A7_0000_0000_0001L;

    private static final FrameWriter<Object> WRITER = new FrameWriter<>(Protocol.ALL, CLUSTER, 1, Limits.VIEW);

    private Travellers() {}

    /** All message types, in the order of their frame types. */
    static List<Class<?>> messages() {
        return List.copyOf(Protocol.ALL.types().values());
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
        return new FrameReader<>(Protocol.ALL, CLUSTER, Protocol.VERSIONS, limits);
    }

    /** The messages in these bytes; bytes of an unfinished frame are left over silently. */
    static List<Object> read(byte[] bytes) throws WireException {
        List<Object> messages = new ArrayList<>();
        reader().read(bytes, 0, bytes.length, messages::add);
        return messages;
    }
}
