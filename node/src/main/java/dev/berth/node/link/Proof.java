package dev.berth.node.link;

import dev.berth.core.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

// Each end proves that it knows the secret with an HMAC over its role and every byte that was said before: both
// nonces, cluster, kind, versions. So a proof is good for one connection, one role and exactly what was agreed. The
// dialling end proves itself first: whoever merely connects to a port learns nothing to try secrets on.

/** Makes and checks the proofs of a handshake. Stateless; any thread. */
final class Proof {
    static final int SIZE = 32;
    private static final byte[] DIALLER = "berth dialling end\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LISTENER = "berth listening end\n".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Proof() {}

    static byte[] ofDialler(Secret secret, byte[] opening, byte[] challenge) {
        return secret.proof(DIALLER, opening, challenge);
    }

    static byte[] ofListener(Secret secret, byte[] opening, byte[] challenge) {
        return secret.proof(LISTENER, opening, challenge);
    }

    /** In a time that does not tell how much of it was right. */
    static boolean isRight(byte[] expected, byte[] got) {
        return MessageDigest.isEqual(expected, got);
    }

    static Bytes nonce() {
        byte[] nonce = new byte[Opening.NONCE_SIZE];
        RANDOM.nextBytes(nonce);
        return Bytes.wrap(nonce);
    }
}
