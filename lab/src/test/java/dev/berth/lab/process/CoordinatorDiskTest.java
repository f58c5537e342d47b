package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

// A tmpfs of 128 MiB, mounted for the test, is the coordinator's disk, and a file takes the rest of it. The coordinator
// ends, the launcher starts it in vain and lets it be; when there is room again an operator starts it. The callers call
// all the time; what they were told is compared at the end.

/**
 * The coordinator's disk is really full. Needs root on Linux: {@code mvn -pl lab -am test -Pfaults -Dtest=CoordinatorDiskTest
 * -Dsurefire.failIfNoSpecifiedTests=false}; about a minute.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CoordinatorDiskTest {
    @TempDir
    Path dir;

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }

    @Test
    @Tag("S2.6")
    void coordinatorsDiskFull_isSaid_andWhenThereIsRoom_sameOwnersGoOnUnderTheSameEpochs() throws Exception {
        Path disk = Files.createDirectory(dir.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", disk.toString());
        try (Launched cluster = new Launched(dir, disk.resolve("zk"));
                Passengers passengers = new Passengers(cluster.gate(), "kv", Launched.SLOTS, 4)) {
            passengers.awaitEverybody(Launched.LONG);
            List<Long> before = cluster.epochs();

            Path filler = fillToTheLastByte(disk);
            cluster.until("it is said why", () -> cluster.said("coordinator").contains("is full"));
            cluster.until("it stays down", () -> cluster.launcherSaid().contains("'berth roll coordinator' starts it"));
            assertThat(cluster.said("coordinator"))
                    .contains(
                            "the disk that holds " + disk.resolve("zk"),
                            "64 are needed",
                            "Free some and start it again");
            cluster.until("members suspend", () -> !cluster.gate().mayAct());
            long done = passengers.done.get();

            Files.delete(filler);
            cluster.roll("coordinator");
            passengers.awaitEverybody(Launched.LONG);

            assertThat(passengers.done.get()).isGreaterThan(done);
            assertThat(cluster.epochs()).isEqualTo(before);
            assertThat(passengers.end(cluster.journal()))
                    .as(passengers.toString())
                    .isEmpty();
            assertThat(passengers.refused).hasValue(0);
            assertThat(passengers.unknown).hasValue(0);
        } finally {
            run("umount", "--lazy", disk.toString());
        }
    }

    private static Path fillToTheLastByte(Path disk) {
        Path filler = disk.resolve("filler");
        byte[] piece = new byte[1 << 12];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            return filler;
        }
    }
}
