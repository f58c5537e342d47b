package dev.berth.node.session;

import dev.berth.core.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

// What a slow hash has shown holds for a while, for that password and as long as the account has that hash. The key is
// drawn in this process and never leaves it: what lies in memory helps nobody to find the password elsewhere.

/** Passwords that were right a short while ago, as keyed fast hashes in memory. Any thread. */
final class QuickHashes {
    static final int ACCOUNTS_MAX = 100_000;
    static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private record Right(Bytes mac, long untilNanos) {}

    private final SecretKeySpec key;
    // Guarded by this; the oldest first.
    private final LinkedHashMap<String, Right> rights = new LinkedHashMap<>();

    QuickHashes() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        key = new SecretKeySpec(bytes, ALGORITHM);
    }

    boolean isRight(long nowNanos, String account, String hash, Bytes password) {
        Right right = right(nowNanos, account);
        return right != null && MessageDigest.isEqual(right.mac.toArray(), mac(account, hash, password));
    }

    private synchronized @Nullable Right right(long nowNanos, String account) {
        while (!rights.isEmpty() && rights.firstEntry().getValue().untilNanos - nowNanos <= 0) {
            rights.pollFirstEntry();
        }
        return rights.get(account);
    }

    void add(long nowNanos, String account, String hash, Bytes password) {
        Right right = new Right(Bytes.wrap(mac(account, hash, password)), nowNanos + FRESH_NANOS);
        synchronized (this) {
            rights.remove(account);
            rights.put(account, right);
            if (rights.size() > ACCOUNTS_MAX) {
                rights.pollFirstEntry();
            }
        }
    }

    synchronized void drop(String account) {
        rights.remove(account);
    }

    private byte[] mac(String account, String hash, Bytes password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (String part : new String[] {account, hash}) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return mac.doFinal(password.toArray());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
