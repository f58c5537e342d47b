package dev.berth.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// 256 writers each count up a key of their own, a write at a time, in a store that is a process. It is killed in the
// middle, twice, started again on the same directory and port, and read. Each delta says which count it is, so that a
// lost one, a doubled one and one in the wrong place all show.

/** kill -9 loses nothing that was acknowledged, doubles nothing, and leaves the fences where they were. */
class StoreKillTest {
    private static final int WRITERS = 256;
    private static final int ENOUGH = 4_000;
    private static final SlotId SLOT = new SlotId("role", 3);
    private static final Grant OLD = new Grant(SLOT, 5);

    @TempDir
    private Path directory;

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Long> tried = new ConcurrentHashMap<>();
    private final AtomicLong all = new AtomicLong();

    private StoreProcess start(InetSocketAddress address) throws Exception {
        return StoreProcess.start(
                directory.resolve("store").toString(),
                "--listen=127.0.0.1:" + address.getPort(),
                "--cluster=" + Quay.CLUSTER,
                "--secret-file=" + Quay.secretFile(directory));
    }

    @Test
    void killedTwiceUnder256Writers_nothingAcknowledgedIsLost_nothingIsDoubled_fencesHold() throws Exception {
        StoreProcess store = start(Quay.ANY);
        try (Quay quay = new Quay()) {
            InetSocketAddress address = store.serving();
            StoreClient owner = quay.client(address);
            StoreClient zombie = quay.client(address);
            for (int life = 1; life <= 2; life++) {
                Grant grant = new Grant(SLOT, 10L * life);
                Quay.await(owner.opened());
                Quay.done(owner.fence(grant));
                writeUntilKilled(owner, grant, store);

                store = start(address);
                store.serving();
                Quay.await(owner.opened());
                Quay.await(zombie.opened());
                assertThat(Quay.await(zombie.append(OLD, Bytes.utf8("key0"), 0, null, Bytes.utf8("zombie"))))
                        .isEqualTo(new StoreOutcome.Refused<>(new StoreRefusal.Fenced(grant.epoch())));
                Quay.done(owner.fence(grant));
                assertStoreHasWhatWasAcknowledged(owner);
            }
            assertThat(quay.bugs()).isEmpty();
        } finally {
            store.close();
        }
    }

    private void writeUntilKilled(StoreClient owner, Grant grant, StoreProcess store) throws Exception {
        var enough = new CountDownLatch(1);
        var ended = new CountDownLatch(WRITERS);
        long before = all.get();
        for (int i = 0; i < WRITERS; i++) {
            String key = "key" + i;
            write(
                    owner,
                    grant,
                    key,
                    acknowledged.getOrDefault(key, 0L),
                    () -> {
                        if (all.incrementAndGet() == before + ENOUGH) {
                            enough.countDown();
                        }
                    },
                    ended);
        }
        assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
        store.kill();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** Counts one key up until a write does not end as done. */
    private void write(
            StoreClient owner, Grant grant, String key, long version, Runnable counted, CountDownLatch ended) {
        tried.put(key, version + 1);
        var _ = owner.append(grant, Bytes.utf8(key), version, null, Bytes.utf8("" + (version + 1)))
                .thenAccept(outcome -> {
                    if (outcome instanceof StoreOutcome.Done<Written> done) {
                        acknowledged.put(key, done.value().version());
                        counted.run();
                        write(owner, grant, key, done.value().version(), counted, ended);
                    } else {
                        ended.countDown();
                    }
                });
    }

    /** And possibly the one that was under way, which is then the key's newest. */
    private void assertStoreHasWhatWasAcknowledged(StoreClient owner) throws Exception {
        Map<String, Long> found = new TreeMap<>();
        Quay.done(owner.load(SLOT, Bytes.EMPTY, piece -> {
            StorePiece.Delta delta = (StorePiece.Delta) piece;
            long count = found.merge(delta.key().utf8(), 1L, Long::sum);
            assertThat(delta.version()).isEqualTo(count);
            assertThat(delta.delta().utf8()).isEqualTo("" + count);
        }));
        assertThat(found).hasSize(WRITERS);
        found.forEach((key, count) ->
                assertThat(count).as(key).isBetween(acknowledged.getOrDefault(key, 0L), tried.get(key)));
        acknowledged.putAll(found);
    }
}
