package dev.berth.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.Berth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The counter of docs/guide.md, tested as docs/testing.md says; both are what is compiled here, to the letter. */
@Timeout(10)
class CounterTest {
    @RegisterExtension
    static final BerthTest cluster = BerthTest.of(
            Berth.app("counter").entity(Counter.class, Counter.Code::new).records(Counter.Total.class));

    private Counter gold() {
        return cluster.agent(Counter.class, "gold");
    }

    @Test
    void whatWasAdded_isThere_whenItsOwnerWasKilled() {
        assertThat(gold().add(5)).isEqualTo(5);
        cluster.kill(cluster.ownerOf(Counter.class, "gold"));
        assertThat(gold().add(1)).isEqualTo(6);
    }

    @Test
    void whatWasAdded_isAddedOnce_whenTheAnswerIsLost() {
        cluster.loseReply();
        assertThat(gold().add(5)).isEqualTo(5);
        assertThat(gold().total()).isEqualTo(5);
    }

    @Test
    void whatIsAdded_isAddedOnce_wheneverItsOwnerDies() throws Exception {
        for (int steps = 0; steps < 30; steps++) {
            cluster.start(steps);
            UnderWay<Long> adding = cluster.begin(() -> gold().add(5));
            cluster.play(steps);
            cluster.kill(cluster.ownerOf(Counter.class, "gold"));
            assertThat(adding.result()).isEqualTo(5);
            assertThat(gold().total()).isEqualTo(5);
        }
    }

    // ---- The documents

    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    /** From the module's directory or from the root. */
    private static String read(String file) throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path found = here.resolve(file);
        return Files.readString(Files.exists(found) ? found : here.resolveSibling(file));
    }

    private static String code(String file) throws IOException {
        String directory = "test/src/test/java/dev/berth/test/";
        return read(directory + file);
    }

    @Test
    void theGuidesCounter_isTheOneThatIsTested() throws Exception {
        Matcher block = JAVA.matcher(read("docs/guide.md"));
        assertThat(block.find()).isTrue();
        assertThat(code("Counter.java")).isEqualTo("package dev.berth.test;\n\n" + block.group(1));
    }

    @Test
    void whatIsShown_isWhatIsRun() throws Exception {
        String here = code("CounterTest.java");
        Matcher block = JAVA.matcher(read("docs/testing.md"));
        int blocks = 0;
        for (; block.find(); blocks++) {
            if (block.group(1).contains("Hello")) {
                // Runs in HelloTest.
                continue;
            }
            assertThat(here).contains(block.group(1).indent(4).replaceAll("(?m) +$", ""));
        }
        assertThat(blocks).isPositive();
    }
}
