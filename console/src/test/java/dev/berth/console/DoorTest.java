package dev.berth.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.node.tool.Tool;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Two small tools behind a door; each test enters it with other words and reads what was printed. */
final class DoorTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "sail", description = "Leaves the harbor.")
    static final class Sail implements Tool {
        @Spec
        CommandSpec spec;

        @Option(names = "--knots", description = "Speed.", defaultValue = "5")
        int knots;

        @Override
        public Integer call() {
            spec.commandLine().getOut().println(knots + " knots");
            return knots > 20 ? 7 : 0;
        }
    }

    @Command(name = "moor", description = "Ties up.")
    static final class Moor implements Tool {
        @Override
        public Integer call() {
            throw new IllegalStateException("no rope");
        }
    }

    @Test
    void help_listsCommandsWithDescriptions() {
        for (var words : List.of(new String[] {}, new String[] {"help"}, new String[] {"--help"})) {
            assertThat(enter(words)).isZero();
            assertThat(out.toString()).contains("moor   Ties up.", "sail   Leaves the harbor.");
        }
    }

    @Test
    void toolReadsItsOptions_andItsExitCodePasses() {
        assertThat(enter("sail")).isZero();
        assertThat(enter("sail", "--knots", "30")).isEqualTo(7);
        assertThat(out.toString()).containsSubsequence("5 knots", "30 knots");
    }

    @Test
    void toolHelp_namesTheWholeCommand() {
        assertThat(enter("sail", "--help")).isZero();
        assertThat(enter("help", "sail")).isZero();
        assertThat(out.toString()).containsSubsequence("Usage: berth sail", "--knots", "Usage: berth sail");
    }

    @Test
    void unknownCommand_isUsageError_andNamesTheNearest() {
        assertThat(enter("sial")).isEqualTo(2);
        assertThat(err.toString()).contains("'sial'", "perhaps 'sail'");
    }

    @Test
    void wrongOption_isUsageError() {
        assertThat(enter("sail", "--knots", "many")).isEqualTo(2);
        assertThat(err.toString()).contains("'--knots'", "'many'");
    }

    @Test
    void exception_isExitCodeOne_withItsTrace() {
        assertThat(enter("moor")).isEqualTo(1);
        assertThat(err.toString()).contains("no rope", "DoorTest$Moor.call");
    }

    @Test
    void twoToolsOfOneName_areRefused() {
        assertThatThrownBy(() -> Door.of(List.of(new Sail(), new Sail()))).hasMessageContaining("named sail");
    }

    @Test
    void toolsOfTheJdk_areNotOurs() {
        assertThat(Door.found().tools()).doesNotContainKeys("javac", "jar");
    }

    @Test
    void version() {
        assertThat(enter("--version")).isZero();
        assertThat(out.toString()).startsWith("berth ").contains("Java 25");
    }

    private int enter(String... args) {
        return Door.of(List.of(new Sail(), new Moor()))
                .enter(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
