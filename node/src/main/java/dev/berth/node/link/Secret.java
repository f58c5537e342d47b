package dev.berth.node.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the nodes of a cluster share and nobody else knows. It is never printed. Any thread. */
public final class Secret {
    /** Shorter ones could be guessed by whoever has seen one handshake. */
    public static final int SIZE_MIN = 16;

    public static final int SIZE_MAX = 4_096;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private Secret(byte[] bytes) {
        if (bytes.length < SIZE_MIN || bytes.length > SIZE_MAX) {
            throw new IllegalArgumentException("a secret has " + SIZE_MIN + " to " + SIZE_MAX + " bytes, got "
                    + bytes.length + "; make one with: head -c 32 /dev/urandom | base64 > FILE");
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** Copies the bytes. */
    public static Secret of(byte[] bytes) {
        return new Secret(bytes);
    }

    /** The bytes of a file, without white space at its end. */
    public static Secret ofFile(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] >= 0 && bytes[length - 1] <= ' ') {
            length--;
        }
        return new Secret(Arrays.copyOf(bytes, length));
    }

    /** A key of its own for something else: nobody gets from one such key to another, or to the secret. */
    public byte[] key(String purpose) {
        return proof("key".getBytes(StandardCharsets.UTF_8), purpose.getBytes(StandardCharsets.UTF_8));
    }

    /** HMAC-SHA256 over the parts, one after the other. */
    byte[] proof(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "secret";
    }
}
