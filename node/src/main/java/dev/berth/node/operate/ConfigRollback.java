package dev.berth.node.operate;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.JournalLine.SettingMoved;
import dev.berth.core.cluster.Proposal;
import dev.berth.node.operate.ConfigHistory.Moved;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

// A rollback is a proposal like any other, one for each key: it passes the same checks and is itself in the journal.

/** {@code ./berth config rollback KEY|VIEW}. */
@Command(
        name = "rollback",
        description =
                "Gives a key the value that it had before its last change, or all keys those that they had in a view.")
final class ConfigRollback extends OperatorCommand {
    @Parameters(paramLabel = "KEY|VIEW", description = "A setting, or the number of a view.")
    private String what = "";

    @Option(names = "--json", description = "Print one list: each key with its value, accepted, view, reason.")
    private boolean json;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        History history = operator.history(patience);
        boolean isView = what.matches("\\d{1,18}");
        Map<String, SettingMoved> former = isView ? since(history, Long.parseLong(what)) : lastOf(history, what);
        boolean all = true;
        List<Map<String, Object>> objects = new ArrayList<>();
        for (SettingMoved moved : former.values()) {
            Proposal back = moved.wasSet()
                    ? new Proposal.SetSetting(moved.key(), moved.before())
                    : new Proposal.ClearSetting(moved.key());
            ClusterMessage.Decided decided = operator.propose(back, patience);
            all &= decided.accepted();
            if (json) {
                objects.add(object(moved, decided));
            } else {
                say(moved, decided);
            }
        }
        if (json) {
            out().println(Json.line(objects));
        } else if (former.isEmpty()) {
            out().println("no setting has changed since view " + what);
        }
        return all ? 0 : 1;
    }

    private void say(SettingMoved moved, ClusterMessage.Decided decided) {
        if (decided.accepted()) {
            out().println(moved.key() + " is " + (moved.wasSet() ? moved.before() : "its standard") + " since view "
                    + decided.view());
        } else {
            err().println(moved.key() + " stays as it is: " + decided.reason());
        }
    }

    private static Map<String, Object> object(SettingMoved moved, ClusterMessage.Decided decided) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("key", moved.key());
        if (moved.wasSet()) {
            one.put("value", moved.before());
        }
        one.putAll(answer(decided));
        return one;
    }

    private Map<String, SettingMoved> lastOf(History history, String key) {
        List<Moved> moves = Moved.allOf(history).stream()
                .filter(moved -> moved.line().key().equals(key))
                .toList();
        if (moves.isEmpty()) {
            throw wrong("the journal, which begins with view " + history.firstView() + ", knows no change of " + key
                    + "; berth config history shows those it knows");
        }
        return Map.of(key, moves.getLast().line());
    }

    /** The first change of each key after that view says what the value was in it. */
    private Map<String, SettingMoved> since(History history, long view) {
        if (view < history.firstView() - 1) {
            throw wrong("the journal begins with view " + history.firstView() + ": what was set in view " + view
                    + " is forgotten");
        }
        Map<String, SettingMoved> former = new LinkedHashMap<>();
        for (JournalEntry entry : history.entries()) {
            if (entry.view() > view && entry.omitted() > 0 && lostSettings(entry)) {
                throw wrong("view " + entry.view() + " changed more settings than the journal has room for: set them"
                        + " one by one");
            }
        }
        for (Moved moved : Moved.allOf(history)) {
            if (moved.entry().view() > view) {
                former.putIfAbsent(moved.line().key(), moved.line());
            }
        }
        return former;
    }

    /** Settings come first: they are whole if anything else is left. */
    private static boolean lostSettings(JournalEntry entry) {
        return entry.lines().stream().allMatch(SettingMoved.class::isInstance);
    }
}
