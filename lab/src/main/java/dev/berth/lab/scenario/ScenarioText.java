package dev.berth.lab.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

// A scenario is read by people first: what must happen and why on top, behind "#"; then blocks of commands, a line
// "----", and what came of them, up to an empty line. Lines behind "#" among the commands are remarks.

/** The text of a scenario: read, and written again with other results. Immutable; any thread. */
record ScenarioText(List<String> preamble, List<Block> blocks) {
    private static final String RULE = "----";

    /** Some commands and the lines that they are expected to cause. */
    record Block(List<String> commands, List<String> results) {
        Block withResults(List<String> other) {
            return new Block(commands, List.copyOf(other));
        }
    }

    static ScenarioText read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    static ScenarioText parse(List<String> lines) {
        List<String> preamble = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        int at = 0;
        while (at < lines.size() && lines.get(at).startsWith("#")) {
            preamble.add(lines.get(at++));
        }
        while (at < lines.size()) {
            List<String> commands = new ArrayList<>();
            List<String> results = new ArrayList<>();
            while (at < lines.size() && !lines.get(at).equals(RULE)) {
                if (!lines.get(at).isBlank()) {
                    commands.add(lines.get(at));
                }
                at++;
            }
            at++;
            while (at < lines.size() && !lines.get(at).isBlank()) {
                results.add(lines.get(at++));
            }
            if (!commands.isEmpty()) {
                blocks.add(new Block(List.copyOf(commands), List.copyOf(results)));
            }
        }
        return new ScenarioText(List.copyOf(preamble), List.copyOf(blocks));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        preamble.forEach(line -> text.append(line).append('\n'));
        for (Block block : blocks) {
            text.append('\n');
            block.commands().forEach(line -> text.append(line).append('\n'));
            text.append(RULE).append('\n');
            block.results().forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }
}
