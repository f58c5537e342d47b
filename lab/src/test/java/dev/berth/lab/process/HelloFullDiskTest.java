package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.client.BerthClient;
import dev.berth.client.Letter;
import dev.berth.client.News;
import dev.berth.core.record.RecordBook;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

// A tmpfs of 512 MiB is the store's disk, and a file takes the rest of it: first so much that the store says no, then
// all. Without room a session cannot keep that something was said, so it is not answered: its client is told why,
// comes again and again, and says it again, until it is done.

/**
 * The disk is really full while players buy and chat: they are told so, nobody dies, and when there is room everything is done once, in
 * order. Needs root on Linux: {@code mvn -pl lab -am test -Pfaults -Dtest=HelloFullDiskTest -Dsurefire.failIfNoSpecifiedTests=false}; a minute.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HelloFullDiskTest {
    record Bag(long gold, Map<String, Integer> items) {}

    record Seats(List<Long> players, int left) {}

    record Buy(String item, int price) {}

    record Enter(String room) {}

    record Say(String room, String text) {}

    record Line(long player, String text) {}

    private static final RecordBook BOOK = RecordBook.named("hello")
            .with(Bag.class, Seats.class, Buy.class, Enter.class, Say.class, Line.class)
            .build();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int SAYS = 5;
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    private static final class Player implements AutoCloseable {
        private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        private final Queue<String> offline = new ConcurrentLinkedQueue<>();
        private final BerthClient client;

        Player(long id, String gate) throws InterruptedException {
            client = BerthClient.to(gate)
                    .credentials(String.valueOf(id), "")
                    .records(BOOK)
                    .onTold(item -> told.add(item.letter().message()))
                    .onLost(told::add)
                    .onOffline((News.Offline news) -> offline.add(news.why()))
                    .onEnd(told::add)
                    .connect();
            assertThat(client.awaitOnline(LONG)).isEqualTo(String.valueOf(id));
            client.ask(new Enter("lobby"), LONG);
        }

        boolean isTold(String why) {
            return offline.stream().anyMatch(each -> each.contains(why));
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }

    /** Up to this room, or to the last byte. */
    private static Path fill(Path disk, long room) {
        Path filler = disk.resolve("filler");
        byte[] piece = new byte[1 << 12];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(disk).getUsableSpace() > room) {
                out.write(piece);
            }
        } catch (IOException full) {
            assertThat(room).isZero();
        }
        return filler;
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.17")
    void diskIsFull_playersAreTold_nothingIsLost_andPlayGoesOnWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(dir.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", disk.toString());
        String plan = Files.readString(HelloTown.root().resolve("examples/hello/hello.conf"))
                .replace("kind = store,", "kind = store, dir = \"" + disk.resolve("store") + "\",");
        try (HelloTown town = new HelloTown(dir, plan)) {
            plays(town, disk);
        } finally {
            // Lazily: the engine's native code, which was unpacked there, stays loaded.
            run("umount", "--lazy", disk.toString());
        }
    }

    private static void plays(HelloTown town, Path disk) throws Exception {
        try (Player ada = new Player(1, town.gates()[0]);
                Player bob = new Player(2, town.webGates()[1])) {
            List<CompletableFuture<Letter>> buys = new ArrayList<>();
            List<CompletableFuture<Letter>> lines = new ArrayList<>();
            speak(ada, bob, buys, lines);
            done(buys, lines);
            for (long room : new long[] {100L * MIB, 0}) {
                ada.offline.clear();
                bob.offline.clear();
                Path filler = fill(disk, room);
                speak(ada, bob, buys, lines);
                for (Player each : List.of(ada, bob)) {
                    until("it is told", () -> each.isTold("the store's disk is"));
                }
                assertThat(buys).anySatisfy(buy -> assertThat(buy).isNotDone());
                Files.delete(filler);
                done(buys, lines);
            }
            assertThat(town.said()).doesNotContain("ENDING");

            town.kill("store", "game-1", "game-2");
            speak(ada, bob, buys, lines);
            done(buys, lines);
            List<Line> all = IntStream.range(0, lines.size())
                    .mapToObj(i -> new Line(2, "line " + i))
                    .toList();
            for (Player each : List.of(ada, bob)) {
                until("it has heard all", () -> each.told.size() >= all.size());
                assertThat(List.copyOf(each.told)).isEqualTo(all);
            }
        } catch (Exception | Error failed) {
            failed.addSuppressed(new AssertionError("the launcher said: " + town.said()));
            throw failed;
        }
    }

    private static void speak(
            Player ada, Player bob, List<CompletableFuture<Letter>> buys, List<CompletableFuture<Letter>> lines) {
        for (int i = 0; i < SAYS; i++) {
            buys.add(ada.client.say(new Buy("bow", 1)));
            lines.add(bob.client.say(new Say("lobby", "line " + lines.size())));
        }
    }

    private static void done(List<CompletableFuture<Letter>> buys, List<CompletableFuture<Letter>> lines)
            throws Exception {
        for (int i = 0; i < buys.size(); i++) {
            assertThat(buys.get(i).get(60, TimeUnit.SECONDS).as(Bag.class))
                    .isEqualTo(new Bag(99 - i, Map.of("bow", i + 1)));
            assertThat(lines.get(i).get(60, TimeUnit.SECONDS).type()).isEmpty();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(String what, Condition condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within a minute: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
