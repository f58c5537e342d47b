package dev.berth.node.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A cluster's name and the number that stands for it in frames. Stateless; any thread. */
final class ClusterName {
    static final int LENGTH_MAX = 63;

    private ClusterName() {}

    static boolean isValid(String name) {
        return !name.isEmpty() && name.length() <= LENGTH_MAX && name.chars().allMatch(ClusterName::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    }

    /** The first eight bytes of the name's SHA-256. */
    static long id(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.US_ASCII));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
