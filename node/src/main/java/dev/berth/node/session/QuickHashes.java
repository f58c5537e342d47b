package dev.berth.node.session;

import dev.berth.core.wire.Bytes;
import dev.berth.node.process.Processes;
import dev.berth.node.worker.Node;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// What a slow hash has shown is true of that hash and that password for ever, whoever's they are, and at every node; it
// is kept for a while. So whoever comes back by another server, since his own has died, does not pay once more. The
// key is the cluster's and on no disk of the store's: what is in it helps nobody to find a password.

/** Passwords that were right a short while ago, as keyed fast hashes in the memory of all nodes. Any thread. */
final class QuickHashes {
    static final int RIGHTS_MAX = 100_000;
    static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(10);
    static final String TOPIC = "berth/right-passwords";

    private static final Logger LOG = LoggerFactory.getLogger(QuickHashes.class);
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    // Guarded by this; until when, the oldest first.
    private final LinkedHashMap<Bytes, Long> rights = new LinkedHashMap<>();

    QuickHashes(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Hears what other nodes find out, from when the node is listed. */
    static QuickHashes at(Node node) {
        QuickHashes all = new QuickHashes(node.key("right passwords"));
        Thread.ofVirtual().name("berth-right-passwords").start(() -> {
            try {
                all.hear(node.processes());
            } catch (IllegalStateException over) {
                LOG.info("{}", over.getMessage());
            }
        });
        return all;
    }

    private void hear(Processes processes) {
        processes.<Bytes>spawn(self -> {
            self.subscribe(TOPIC, Bytes.class, mac -> mac);
            return (_, mac) -> {
                add(System.nanoTime(), mac);
                return null;
            };
        });
    }

    synchronized boolean isRight(long nowNanos, Bytes mac) {
        while (!rights.isEmpty() && rights.firstEntry().getValue() - nowNanos <= 0) {
            rights.pollFirstEntry();
        }
        return rights.containsKey(mac);
    }

    synchronized void add(long nowNanos, Bytes mac) {
        rights.remove(mac);
        rights.put(mac, nowNanos + FRESH_NANOS);
        if (rights.size() > RIGHTS_MAX) {
            rights.pollFirstEntry();
        }
    }

    /** What stands for a password together with the slow hash that it is right for. */
    Bytes mac(String hash, Bytes password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(hash.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Bytes.wrap(mac.doFinal(password.toArray()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
