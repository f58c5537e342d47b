package dev.berth.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.StoreRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Directories that are no store's, another one's, in use, newer, damaged; and a disk whose size the test decides.

/** Whose directory it is, what is said when it is not ours, and what a full disk still takes. */
class StoreHomeTest {
    private static final Grant GRANT = new Grant(new SlotId("role", 3), 5);

    @TempDir
    private Path directory;

    private StoreEngine open(String cluster) throws StoreException {
        return StoreEngine.open(StoreConfig.of(directory, cluster), bug -> {});
    }

    @Test
    void secondStoreOnOneDirectory_isRefused_andTheFirstGoesOn() throws StoreException {
        try (StoreEngine first = open("test")) {
            assertThatThrownBy(() -> open("test"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in use by another store")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThat(new Customer(first).fence(GRANT)).isNull();
        }
        open("test").close();
    }

    @Test
    void anotherClustersDirectory_isNotOpened() throws StoreException {
        open("harbor").close();
        assertThatThrownBy(() -> open("test"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cluster harbor")
                .hasMessageContaining("--cluster");
        open("harbor").close();
    }

    @Test
    void newerFormat_isNotOpened() throws IOException {
        open("test").close();
        Files.writeString(directory.resolve("berth-store"), "format 2\ncluster test\n");
        assertThatThrownBy(() -> open("test"))
                .hasMessageContaining("format 2")
                .hasMessageContaining("start the version that wrote it");
    }

    @Test
    void damagedLabel_isNotOpened() throws IOException {
        open("test").close();
        for (String label :
                new String[] {"", "format\n", "format 1", "format x\ncluster test\n", "format 99999999999\n"}) {
            Files.writeString(directory.resolve("berth-store"), label);
            assertThatThrownBy(() -> open("test")).as(label).hasMessageContaining("is damaged");
        }
    }

    @Test
    void directoryWithOtherFiles_isNotTouched() throws IOException {
        Files.writeString(directory.resolve("diary.txt"), "dear diary");
        assertThatThrownBy(() -> open("test")).hasMessageContaining("diary.txt").hasMessageContaining("empty");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void fileInsteadOfADirectory_isSaid() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> StoreEngine.open(StoreConfig.of(file, "test"), bug -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> StoreEngine.open(StoreConfig.of(file.resolve("below"), "test"), bug -> {}))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void fullDisk_takesFencesAndLoadsOnly_andGoesOnByItselfWhenThereIsRoom() throws Exception {
        AtomicLong usable = new AtomicLong(500);
        DiskSpace disk = new DiskSpace() {
            @Override
            public long usableBytes() {
                return usable.get() << 30;
            }

            @Override
            public long usedBytes() {
                return (1_000 - usable.get()) << 30;
            }
        };
        StoreConfig config = StoreConfig.of(directory, "test").withDiskCheckMillis(5);
        try (StoreEngine engine = StoreEngine.open(config, disk, bug -> {})) {
            Customer owner = new Customer(engine);
            owner.fence(GRANT);
            long version = owner.written(owner.append(GRANT, "a", 0, "1"));

            usable.set(50);
            StoreRefusal refusal = null;
            for (long end = System.nanoTime() + 60_000_000_000L; refusal == null && System.nanoTime() < end; ) {
                refusal = owner.refusal(owner.append(GRANT, "a", version, "2"));
                version += refusal == null ? 1 : 0;
            }
            assertThat(refusal).isEqualTo(new StoreRefusal.DiskFull(95));
            assertThat(owner.refusal(owner.snapshot(GRANT, "a", version, "2")))
                    .isEqualTo(new StoreRefusal.DiskFull(95));
            assertThat(engine.status(1).takesWrites()).isFalse();
            assertThat(engine.status(1).diskPercent()).isEqualTo(95);
            assertThat(owner.load(GRANT.slot())).hasSize((int) version);
            Grant next = new Grant(GRANT.slot(), 6);
            assertThat(owner.fence(next)).isNull();

            usable.set(80);
            for (long end = System.nanoTime() + 60_000_000_000L; refusal != null && System.nanoTime() < end; ) {
                refusal = owner.refusal(owner.append(next, "a", version, "3"));
            }
            assertThat(refusal).isNull();
            assertThat(engine.status(1).takesWrites()).isTrue();
        }
    }
}
