package dev.berth.gate;

import dev.berth.core.wire.Bytes;
import dev.berth.node.launch.HostPort;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** HANDOFF of OpenPoker: type, port, and the host with one byte of length. */
record OpenPokerHandoff() implements Handoff {
    private static final byte TYPE = 36;
    private static final int HOST_MAX = 255;

    @Override
    public Framing framing() {
        return Framing.shortLengths();
    }

    @Override
    public boolean clientSpeaksFirst() {
        return false;
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(10);
    }

    @Override
    public Bytes to(HostPort server) {
        byte[] host = server.host().getBytes(StandardCharsets.ISO_8859_1);
        if (host.length > HOST_MAX) {
            throw new IllegalArgumentException(
                    "a host has at most " + HOST_MAX + " bytes in HANDOFF, got " + host.length);
        }
        return Bytes.wrap(ByteBuffer.allocate(4 + host.length)
                .put(TYPE)
                .putShort((short) server.port())
                .put((byte) host.length)
                .put(host)
                .array());
    }

    @Override
    public Optional<Bytes> noPlace(String why, int retryMillis) {
        return Optional.empty();
    }
}
