package dev.berth.gate;

import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Hello;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.session.End;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import dev.berth.node.launch.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

// The answer comes after HELLO and not before: a connection that is closed while something unread lies in it is reset,
// and some systems throw away then what their program has not read either.

/** GONE of Berth's own client protocol. */
record SessionHandoff() implements Handoff {
    @Override
    public Framing framing() {
        return new FrameFraming();
    }

    @Override
    public boolean clientSpeaksFirst() {
        return true;
    }

    @Override
    public void heard(Bytes packet) throws MalformedPacketException {
        byte[] bytes = packet.toArray();
        List<ToGate> heard = new ArrayList<>(1);
        FrameReader<ToGate> reader = new FrameReader<>(
                ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_GATE);
        try {
            reader.read(bytes, 0, bytes.length, heard::add);
        } catch (WireException unreadable) {
            throw new MalformedPacketException(String.valueOf(unreadable.getMessage()));
        }
        if (heard.size() != 1 || !(heard.getFirst() instanceof Hello)) {
            throw new MalformedPacketException("a client says HELLO first, not " + heard);
        }
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Bytes to(HostPort server) {
        return frame(new Gone(End.HANDOFF.name(), "", 0, false, server.toString()));
    }

    @Override
    public Optional<Bytes> noPlace(String why, int retryMillis) {
        return Optional.of(frame(new Gone(End.NO_PLACE.name(), why, retryMillis, false)));
    }

    /** In the oldest version: the client has not been told another one. */
    private static Bytes frame(Gone gone) {
        return Bytes.wrap(new FrameWriter<ToClient>(
                        ClientProtocol.CLIENT,
                        ClientProtocol.ID,
                        ClientProtocol.VERSIONS.min(),
                        ClientProtocol.TO_CLIENT)
                .frame(gone));
    }
}
