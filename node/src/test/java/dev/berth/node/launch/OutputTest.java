package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// What a node prints goes to a log of bounded size, and the few lines that are meant for the launcher are heard.
class OutputTest {
    @TempDir
    Path directory;

    @Test
    void linesForTheLauncher_areHeard_andEverythingIsLogged() throws Exception {
        var life = new Incarnation(new NodeId(4), 17);
        var text = "hello\n" + NodeLine.listed("game-1", life) + "\r\n" + "x".repeat(20_000) + "\n"
                + NodeLine.serves("127.0.0.1:7") + "\nno end";
        var heard = new ArrayList<NodeLine>();
        var complaints = new ArrayList<String>();
        var file = directory.resolve("logs/game-1.log");

        var tap = new OutputTap(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                new LogFile(file, 1 << 20, 1),
                heard::add,
                complaints::add);
        tap.start("game-1").join();

        assertThat(heard).containsExactly(new NodeLine.Listed("game-1", life), new NodeLine.Serves());
        assertThat(file).hasContent(text);
        assertThat(complaints).isEmpty();
    }

    @Test
    void lastLine_isWhatWasSaid_notWhereItWasThrown() throws Exception {
        var text = "fine so far\nException in thread \"main\" x.Y: no such table\n\tat a.B.c(D.java:1)\n\t... 2 more\n";
        var tap = new OutputTap(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                new LogFile(directory.resolve("game.log"), 1 << 20, 1),
                _ -> {},
                _ -> {});
        tap.start("game").join();

        assertThat(tap.lastLine()).isEqualTo("Exception in thread \"main\" x.Y: no such table");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "coordinator serves on 127.0.0.1:2181, data in x",
                "store /data/x SERVING cluster=a listen=127.0.0.1:7300",
                "master master-1 serves 127.0.0.1:7401"
            })
    void commandsSayItInTheirOwnWords(String line) {
        assertThat(NodeLine.parse(line)).contains(new NodeLine.Serves());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bob serves tea",
                "berth-node servesnot",
                "berth-node listed game",
                "berth-node listed game 17",
                "berth-node listed game n65536.1",
                "berth-node listed game n1.9999999999999999999",
                "berth-node listed GAME n1.1",
            })
    void otherLines_meanNothing(String line) {
        assertThat(NodeLine.parse(line)).isEmpty();
    }

    @Test
    void aFullLog_isPutAside_andOnlySoManyAreKept() throws Exception {
        var file = directory.resolve("game.log");
        var ten = "123456789\n".getBytes(StandardCharsets.US_ASCII);
        try (var log = new LogFile(file, 25, 2)) {
            for (int i = 0; i < 9; i++) {
                log.append(ten, ten.length);
            }
        }

        assertThat(Files.size(file)).isEqualTo(10);
        assertThat(Files.size(directory.resolve("game.log.1"))).isEqualTo(20);
        assertThat(Files.size(directory.resolve("game.log.2"))).isEqualTo(20);
        assertThat(directory.resolve("game.log.3")).doesNotExist();
        try (var log = new LogFile(file, 25, 0)) {
            log.append(ten, ten.length);
            log.append(ten, ten.length);
        }
        assertThat(Files.size(file)).isEqualTo(10);
        assertThat(Files.size(directory.resolve("game.log.1"))).isEqualTo(20);
    }
}
