package dev.berth.node.operate;

import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.JournalLine.SettingMoved;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./berth config history}: who changed what and when, as far back as the journal goes. */
@Command(name = "history", description = "Shows who has changed settings, when, and what they were before.")
final class ConfigHistory extends OperatorCommand {
    @Parameters(arity = "0..1", paramLabel = "KEY", description = "Only this one.")
    private @Nullable String key;

    @Option(names = "--json", description = "Print one list.")
    private boolean json;

    /** One change of one setting. */
    record Moved(JournalEntry entry, SettingMoved line) {
        static List<Moved> allOf(History history) {
            List<Moved> all = new ArrayList<>();
            for (JournalEntry entry : history.entries()) {
                entry.lines().forEach(line -> {
                    if (line instanceof SettingMoved moved) {
                        all.add(new Moved(entry, moved));
                    }
                });
            }
            return all;
        }

        private Map<String, Object> object() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("at", Instant.ofEpochMilli(entry.atMillis()).toString());
            all.put("view", entry.view());
            all.put("key", line.key());
            if (line.wasSet()) {
                all.put("before", line.before());
            }
            if (line.isSet()) {
                all.put("after", line.after());
            }
            all.put("because", line.cause());
            return all;
        }

        private String row() {
            return "%-23s %6d  %s %s -> %s, %s"
                    .formatted(
                            WhyCommand.when(Instant.ofEpochMilli(entry.atMillis())),
                            entry.view(),
                            line.key(),
                            line.wasSet() ? line.before() : "(standard)",
                            line.isSet() ? line.after() : "(standard)",
                            line.cause());
        }
    }

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        History history = operator.history(patience);
        List<Moved> moves = Moved.allOf(history).stream()
                .filter(moved -> key == null || moved.line().key().equals(key))
                .toList();
        if (json) {
            out().println(Json.line(moves.stream().map(Moved::object).toList()));
            return 0;
        }
        moves.forEach(moved -> out().println(moved.row()));
        out().println(moves.size() + " changes; the journal begins with view " + history.firstView());
        history.problems().forEach(problem -> out().println("(not readable: " + problem + ")"));
        return 0;
    }
}
