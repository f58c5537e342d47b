package dev.berth.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.StoreRefused;
import dev.berth.core.store.StoreMessage.Unsure;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

// A tmpfs of 512 MiB, mounted for the test, with a file in it that fills it further. First the store fills the disk
// itself and stops in time; then the disk is filled to its last byte behind the store's back, so that writes fail.

/**
 * A disk that is really full. Needs root on Linux: {@code mvn -pl core,node test -Pfaults -Dtest=StoreTinyDiskTest
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
class StoreTinyDiskTest {
    private static final Grant GRANT = new Grant(new SlotId("role", 3), 5);
    private static final Bytes STATE = incompressible();

    @TempDir
    private Path directory;

    private static Bytes incompressible() {
        byte[] bytes = new byte[200_000];
        new SplittableRandom(1).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }

    @Test
    void fullDisk_losesNothingAcknowledged_takesFences_andGoesOnWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", disk.toString());
        try {
            fill(disk);
        } finally {
            // Lazily: the engine's native code, which was unpacked there, stays loaded.
            run("umount", "--lazy", disk.toString());
        }
    }

    private static void fill(Path disk) throws Exception {
        Path filler = Files.write(disk.resolve("filler"), new byte[200 << 20]);
        StoreConfig config = StoreConfig.of(disk.resolve("store"), "test").withDiskCheckMillis(5);
        int keys = 0;
        try (StoreEngine engine = StoreEngine.open(config, bug -> {})) {
            Customer owner = new Customer(engine);
            owner.fence(GRANT);
            FromStore answer = owner.ask(snapshot(owner, keys));
            while (answer instanceof Written) {
                keys++;
                answer = owner.ask(snapshot(owner, keys));
            }
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            StoreRefused.class,
                            refused -> assertThat(refused.reason()).isInstanceOf(StoreRefusal.DiskFull.class));
            assertThat(owner.fence(GRANT)).isNull();
            assertThat(owner.load(GRANT.slot())).hasSize(keys);

            Files.delete(filler);
            keys += writtenSoon(owner, keys);
        }
        keys = fillToTheLastByte(config.withDiskCheckMillis(3_600_000), disk, keys);
        try (StoreEngine engine = StoreEngine.open(config, bug -> {})) {
            assertThat(new Customer(engine).load(GRANT.slot())).hasSizeBetween(keys, keys + 1);
        }
    }

    /** Nobody looks at the disk in time here. */
    private static int fillToTheLastByte(StoreConfig config, Path disk, int before) throws Exception {
        int keys = before;
        Path filler = Files.write(disk.resolve("filler"), new byte[150 << 20]);
        try (StoreEngine blind = StoreEngine.open(config, bug -> {})) {
            Customer owner = new Customer(blind);
            owner.fence(GRANT);
            FromStore answer = owner.ask(snapshot(owner, keys));
            while (answer instanceof Written) {
                keys++;
                answer = owner.ask(snapshot(owner, keys));
            }
            assertThat(answer).isInstanceOf(Unsure.class);

            Files.delete(filler);
            fencedSoon(owner);
            assertThat(owner.load(GRANT.slot())).hasSizeBetween(keys, keys + 1);
        }
        return keys;
    }

    private static void fencedSoon(Customer owner) {
        StoreRefusal refusal = owner.fence(GRANT);
        for (long end = System.nanoTime() + 60_000_000_000L; refusal != null && System.nanoTime() < end; ) {
            refusal = owner.fence(GRANT);
        }
        assertThat(refusal).isNull();
    }

    private static Snapshot snapshot(Customer owner, int key) {
        return new Snapshot(owner.nextRequest(), GRANT, Bytes.utf8("key" + key), 0, STATE);
    }

    private static int writtenSoon(Customer owner, int key) {
        FromStore answer = owner.ask(snapshot(owner, key));
        for (long end = System.nanoTime() + 60_000_000_000L;
                answer instanceof StoreRefused && System.nanoTime() < end; ) {
            answer = owner.ask(snapshot(owner, key));
        }
        assertThat(answer).isInstanceOf(Written.class);
        return 1;
    }
}
