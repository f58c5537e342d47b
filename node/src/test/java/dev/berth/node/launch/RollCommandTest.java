package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// A launcher as a process of its own with two nodes that are no members, asked over its socket. What a roll does to
// members is shown where there are some.
class RollCommandTest {
    @TempDir
    Path directory;

    private final List<Process> launchers = new ArrayList<>();
    private final Ticker ticker = new Ticker();
    private String grace = "10s";
    private String how = "afloat";
    private String state = "state";
    private String jarLine = "class = " + Buoy.class.getName();
    private int code;

    @AfterEach
    void endAll() throws Exception {
        for (var launcher : launchers) {
            launcher.toHandle().destroy();
        }
        for (var launcher : launchers) {
            assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void withoutNames_allNodes_oneAfterTheOther() throws Exception {
        up();
        long first = pid("game-1");
        long second = pid("game-2");

        var said = roll("--json");

        assertThat(code).as(said).isZero();
        assertThat(said)
                .containsSubsequence("game-1 is stopped", "game-2 is stopped", "2 nodes rolled")
                .contains("\"whole\":true", "\"rolled\":[\"game-1\",\"game-2\"]");
        assertThat(pid("game-1")).isNotEqualTo(first);
        assertThat(pid("game-2")).isNotEqualTo(second);
        ticker.await("roll: 2 nodes rolled");
        assertThat(ticker.seen()).anyMatch(line -> line.contains("game-1 SERVING -> ENDING to be started again"));
    }

    @Test
    void jar_isCopied_andKept_untilTheClusterFileHasAnother() throws Exception {
        var old = jar("old.jar", Buoy.class.getName(), "old");
        jarLine = "jar = old.jar";
        var launcher = up();
        var next = jar("next.jar", Buoy.class.getName(), "next");

        var said = roll("game-2", "--jar", next.toString());

        assertThat(code).as(said).isZero();
        Files.delete(next);
        assertThat(commandLine("game-1")).contains(old.toString());
        assertThat(commandLine("game-2")).contains("-next.jar").doesNotContain(old.toString());

        launcher.toHandle().destroyForcibly();
        assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        launcher = up();
        assertThat(ticker.seen()).anyMatch(line -> line.contains("-next.jar, as it was rolled, instead of"));
        assertThat(commandLine("game-2")).contains("-next.jar");

        launcher.toHandle().destroy();
        assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        jar("old.jar", Buoy.class.getName(), "newer");
        up();
        assertThat(ticker.seen())
                .anyMatch(line -> line.contains("the cluster file's has changed since: that one counts"));
        assertThat(commandLine("game-2")).contains(old.toString());
        assertThat(directory.resolve("state/jars")).isEmptyDirectory();
    }

    @Test
    void aJarThatDoesNotRun_stopsTheRoll_theRestRunsOn_andTheOldOneBringsItBack() throws Exception {
        var old = jar("old.jar", Buoy.class.getName(), "old");
        jarLine = "jar = old.jar";
        up();
        long second = pid("game-2");

        var said = roll("--jar", jar("bad.jar", "no.such.Class", "bad").toString(), "--json");

        assertThat(code).as(said).isEqualTo(1);
        assertThat(said)
                .contains(
                        "stopped at game-1: it does not come back: became ENDING ended with code 2 saying 'berth-node:")
                .contains("there is no class no.such.Class", "\"failed\":\"game-1\"", "\"untouched\":[\"game-2\"]");
        assertThat(pid("game-2")).isEqualTo(second);

        said = roll("game-1", "--jar", old.toString());
        assertThat(code).as(said).isZero();
    }

    @Test
    void noJar_givesANodeBackWhatTheFileSays_forGood() throws Exception {
        var launcher = up();
        var bad = roll("game-1", "--jar", jar("bad.jar", "no.such.Class", "bad").toString());
        assertThat(code).as(bad).isZero();
        assertThat(commandLine("game-1")).contains("-bad.jar");

        var said = roll("--no-jar");

        assertThat(code).as(said).isZero();
        assertThat(said).contains("1 node rolled");
        assertThat(commandLine("game-1")).doesNotContain("bad.jar");
        assertThat(roll("--no-jar")).contains("every node runs what the cluster file says already");
        assertThat(roll("--no-jar", "--jar", directory.resolve("bad.jar").toString()))
                .contains("choose one");

        launcher.toHandle().destroyForcibly();
        assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        up();
        assertThat(commandLine("game-1")).doesNotContain("bad.jar");
    }

    @Test
    void oneRollAtATime_andWhoeverGoesAbandonsIt() throws Exception {
        grace = "30s";
        how = "deaf";
        up();
        try (var first = connect()) {
            send(first, "{\"roll\":{\"nodes\":[],\"jar\":\"\",\"drains\":true,\"within_ms\":60000}}\n");
            ticker.await("roll: game-1 is stopped");

            assertThat(roll()).contains("a roll is going on already");
            assertThat(code).isEqualTo(1);
        }
        Posix.kill(-pid("game-1"), Posix.SIGKILL);
        ticker.await("roll: stopped: whoever asked for the roll has gone");
        assertThat(ticker.seen()).noneMatch(line -> line.contains("game-2 SERVING ->"));
        Posix.kill(-pid("game-1"), Posix.SIGKILL);
        Posix.kill(-pid("game-2"), Posix.SIGKILL);
    }

    @Test
    void theSocket_isForItsOwnerOnly_andGarbageIsRefused() throws Exception {
        up();
        var socket = ControlDoor.socket(directory.resolve("state"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                .isEqualTo("rwx------");

        for (var garbage :
                List.of("GET / HTTP/1.1\r\n", "{}\n", "{\"roll\":{\"nodes\":7}}\n", "\n", "x".repeat(70_000))) {
            try (var channel = connect()) {
                send(channel, garbage);
                var answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).startsWith("{\"refused\":\"");
            }
        }
        assertThat(roll("game-1")).contains("1 node rolled");
    }

    @Test
    void whatCannotBe_isSaid() throws Exception {
        assertThat(roll()).contains("no launcher runs in", "start it with berth up");
        up();
        assertThat(roll("gam-1")).contains("this launcher has no node gam-1; did you mean game-1?");
        assertThat(roll("--jar", directory.resolve("none.jar").toString())).contains("there is no file");
        assertThat(code).isEqualTo(2);
        assertThat(roll("--within", "0")).contains("a step may take 1 s to 3600 s, got 0 s");
        var text = Files.writeString(directory.resolve("text.jar"), "no jar");
        assertThat(roll("game-1", "--jar", text.toString())).contains("cannot be read or kept");
        assertThat(roll("--jar", jar("a.jar", Buoy.class.getName(), "a").toString()))
                .contains("no node of this launcher runs a jar: name those that are to run");
        launchers.getFirst().toHandle().destroyForcibly();
        assertThat(launchers.getFirst().waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(roll()).contains("no launcher answers at", "it has ended");
    }

    // A path that is longer than an address of a socket may be.
    @Test
    void aStateDirectoryWithALongName_isReachedToo() throws Exception {
        state = "a-directory-with-a-name-that-is-far-longer-than-anybody-would-like-to-type/".repeat(2) + "state";
        up();
        assertThat(roll("game-1")).contains("1 node rolled");
        launchers.getFirst().toHandle().destroy();
        assertThat(launchers.getFirst().waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(ControlDoor.socket(directory.resolve(state))).doesNotExist();
    }

    private Process up() throws Exception {
        var file = Files.writeString(directory.resolve("c.conf"), """
            cluster = test
            state = "%s"
            coordinator = "127.0.0.1:1"
            masters = 0
            grace = %s
            nodes.game {
              kind = worker
              count = 2
              %s
              args = [%s]
              jvm = [-Xmx64m, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
            }
            """.formatted(state, grace, jarLine, how));
        var launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UpMain.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        launchers.add(launcher);
        ticker.follow(launcher.getInputStream());
        ticker.await("all 2 serve");
        return launcher;
    }

    private String roll(String... words) {
        var said = new StringWriter();
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--state", directory.resolve(state).toString()));
        code = new RollCommand().run(new PrintWriter(said), new PrintWriter(said), all.toArray(String[]::new));
        return said.toString();
    }

    private SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(ControlDoor.socket(directory.resolve(state))));
        return channel;
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private long pid(String name) throws IOException {
        var record = Files.readString(directory.resolve(state).resolve("nodes").resolve(name + ".pid"));
        return Long.parseLong(record.split(" ", -1)[0]);
    }

    private String commandLine(String name) throws IOException {
        return Files.readString(Path.of("/proc/" + pid(name) + "/cmdline"), StandardCharsets.ISO_8859_1);
    }

    private Path jar(String name, String main, String content) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
        var path = directory.resolve(name);
        try (var out = new JarOutputStream(Files.newOutputStream(path), manifest)) {
            out.putNextEntry(new JarEntry("content"));
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return path;
    }
}
