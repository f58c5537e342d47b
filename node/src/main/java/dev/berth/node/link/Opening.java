package dev.berth.node.link;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Versions;
import dev.berth.core.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

// The first bytes of a connection, from the dialling end:
//   0   4  "BRTH"
//   4   1  version of the handshake, 1
//   5   1  security: 0 = shared secret only. Kept free for mutual TLS, which would begin behind this message.
//   6   1  kind
//   7   1  lowest protocol version spoken
//   8   1  highest
//   9   1  n, the length of the cluster's name
//   10  32 nonce
//   42  n  the cluster's name

/** How a dialling end introduces itself. Any thread. */
record Opening(int kind, Versions versions, String cluster, Bytes nonce) {
    static final byte[] MAGIC = {'B', 'R', 'T', 'H'};
    static final int FORMAT = 1;
    static final int SECURITY = 0;
    static final int NONCE_SIZE = 32;
    static final int SIZE_MAX = 42 + ClusterName.LENGTH_MAX;
    private static final int FORMAT_AT = 4;
    private static final int SECURITY_AT = 5;
    private static final int NAME_LENGTH_AT = 9;
    private static final int NONCE_AT = 10;
    private static final int NAME_AT = 42;

    byte[] bytes() {
        byte[] name = cluster.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(MAGIC, NAME_AT + name.length);
        bytes[FORMAT_AT] = FORMAT;
        bytes[SECURITY_AT] = SECURITY;
        bytes[6] = (byte) kind;
        bytes[7] = (byte) versions.min();
        bytes[8] = (byte) versions.max();
        bytes[NAME_LENGTH_AT] = (byte) name.length;
        nonce.copyTo(bytes, NONCE_AT);
        System.arraycopy(name, 0, bytes, NAME_AT, name.length);
        return bytes;
    }

    /** How long the message will be, judged from its beginning; 0 while that is not known. Whatever is wrong is said early. */
    static int size(byte[] bytes, int length) throws Refusal {
        requireMagic(bytes, length);
        if (length > FORMAT_AT && bytes[FORMAT_AT] != FORMAT) {
            throw new Refusal(
                    Answer.MALFORMED,
                    "handshake version " + (bytes[FORMAT_AT] & 0xff) + ", this side has " + FORMAT
                            + "; upgrade the older one step by step");
        }
        if (length > SECURITY_AT && bytes[SECURITY_AT] != SECURITY) {
            throw new Refusal(
                    Answer.MALFORMED,
                    "security " + (bytes[SECURITY_AT] & 0xff) + " is asked for, this side has only " + SECURITY
                            + ", the shared secret");
        }
        if (length <= NAME_LENGTH_AT) {
            return 0;
        }
        int name = bytes[NAME_LENGTH_AT] & 0xff;
        if (name < 1 || name > ClusterName.LENGTH_MAX) {
            throw new Refusal(
                    Answer.MALFORMED, "a cluster's name of " + name + " bytes, 1 to " + ClusterName.LENGTH_MAX);
        }
        return NAME_AT + name;
    }

    static Opening of(byte[] bytes) throws Refusal {
        String cluster = new String(bytes, NAME_AT, bytes.length - NAME_AT, StandardCharsets.ISO_8859_1);
        if (!ClusterName.isValid(cluster)) {
            throw new Refusal(Answer.MALFORMED, "a cluster's name has other characters than a-z, 0-9, '.', '_', '-'");
        }
        Bytes nonce = Bytes.wrap(Arrays.copyOfRange(bytes, NONCE_AT, NAME_AT));
        return new Opening(bytes[6] & 0xff, versions(bytes[7], bytes[8]), cluster, nonce);
    }

    static void requireMagic(byte[] bytes, int length) throws Refusal {
        int seen = Math.min(length, MAGIC.length);
        if (!Arrays.equals(bytes, 0, seen, MAGIC, 0, seen)) {
            throw new Refusal(
                    Answer.MALFORMED,
                    "the bytes " + HexFormat.of().formatHex(bytes, 0, Math.min(length, 8))
                            + " do not begin a handshake; something else talks to this port, or the address is wrong");
        }
    }

    static Versions versions(int min, int max) throws Refusal {
        try {
            return Versions.of(min & 0xff, max & 0xff);
        } catch (WireException e) {
            throw new Refusal(Answer.MALFORMED, String.valueOf(e.getMessage()));
        }
    }
}
