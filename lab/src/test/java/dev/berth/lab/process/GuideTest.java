package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.launch.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guide, as a reader follows it: its files are saved and its commands are run, on other ports. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GuideTest {
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
    private static final List<String> PORTS = List.of("7181", "7171", "7191");
    private static final int COMMANDS_MAX = 12;
    private static final int LINES_MAX = 60;

    private static Path guide() {
        Path here = Path.of("").toAbsolutePath();
        Path docs = Files.isDirectory(here.resolve("docs")) ? here : here.resolveSibling("");
        Path found = docs.resolve("docs/guide.md");
        return Files.exists(found) ? found : here.getParent().resolve("docs/guide.md");
    }

    private static List<String> blocks(String guide, String language) {
        List<String> blocks = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(guide); block.find(); ) {
            if (block.group(1).equals(language)) {
                blocks.add(block.group(2));
            }
        }
        return blocks;
    }

    private static String withFreePorts(String text) throws IOException {
        String changed = text;
        for (String port : PORTS) {
            try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                changed = changed.replace(port, String.valueOf(probe.getLocalPort()));
            }
        }
        return changed;
    }

    private static void executable(Path file, String line) throws IOException {
        Files.write(file, List.of("#!/bin/bash", line));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    @Tag("S2.3")
    @Tag("S2.4")
    void whatItSays_isWhatHappens(@TempDir Path dir) throws Exception {
        String guide = Files.readString(guide());
        List<String> java = blocks(guide, "java");
        List<String> commands = new ArrayList<>();
        blocks(guide, "sh").forEach(block -> commands.addAll(block.lines().toList()));
        assertThat(commands).hasSizeLessThanOrEqualTo(COMMANDS_MAX);
        assertThat(java)
                .singleElement()
                .satisfies(code -> assertThat(code.lines().count()).isLessThanOrEqualTo(LINES_MAX));
        Files.writeString(dir.resolve("Counter.java"), java.getFirst());
        Files.writeString(
                dir.resolve("counter.conf"),
                withFreePorts(blocks(guide, "hocon").getFirst()));
        JavaCommand self = JavaCommand.likeThisProcess();
        Path bin = Files.createDirectory(dir.resolve("bin"));
        executable(
                bin.resolve("berth"),
                "exec " + self.java() + " " + String.join(" ", self.flags())
                        + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                        + " -cp \"$BERTH_CLASSES\" dev.berth.console.Main \"$@\"");
        executable(bin.resolve("javac"), "exec " + self.java().resolveSibling("javac") + " \"$@\"");
        // As the reader's terminal: what is started in the background ends with it.
        List<String> script = new ArrayList<>(List.of("set -e", "trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT"));
        for (String command : commands) {
            if (!command.startsWith("alias")) {
                script.add(command);
            }
        }
        Path said = dir.resolve("said.txt");
        Path run = Files.write(dir.resolve("guide.sh"), script);
        ProcessBuilder builder = new ProcessBuilder("bash", run.toString())
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("BERTH_CLASSES", self.classPath());
        builder.environment().put("BERTH_WITHIN", "120");
        builder.environment().merge("PATH", bin + ":", (path, first) -> first + path);
        Process reader = builder.start();
        int code = reader.waitFor();

        List<String> lines = new ArrayList<>(Files.readAllLines(said));
        if (Files.exists(dir.resolve("up.log"))) {
            lines.addAll(Files.readAllLines(dir.resolve("up.log")));
        }
        assertThat(code).as(String.join("\n", lines)).isZero();
        assertThat(lines.stream().filter(line -> line.matches("\\d+")).toList())
                .as(String.join("\n", lines))
                .containsExactly("5", "10", "15", "20");
        assertThat(lines)
                .anyMatch(line -> line.contains("\"states\":{\"Total\":{\"value\":10}}"))
                .anyMatch(line -> line.contains("RUNNING"));
    }
}
