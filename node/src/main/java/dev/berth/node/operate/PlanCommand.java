package dev.berth.node.operate;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Forecast;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./berth plan drain NODE}: what would move where. Nothing is changed. */
@Command(
        name = "plan",
        description = "Shows what a change would move, and changes nothing: drain NODE, undrain NODE, or resize SERVICE"
                + " CAPACITY.")
public final class PlanCommand extends OperatorCommand {
    @Parameters(
            arity = "2..3",
            paramLabel = "CHANGE",
            description = "drain NODE, undrain NODE, resize SERVICE CAPACITY.")
    private List<String> words = List.of();

    @Option(names = "--json", description = "Print one object.")
    private boolean json;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        ClusterMessage.Status status = operator.status(patience);
        View view = status.view().toView();
        Forecast forecast = Forecast.of(status, proposal(view), Timings.DEFAULT, SettingsCatalog.BUILT_IN);
        if (json) {
            out().println(Json.line(object(view, forecast)));
        } else {
            table(view, forecast).forEach(out()::println);
        }
        return forecast.problem().isEmpty() && forecast.stays().isEmpty() ? 0 : 1;
    }

    private Proposal proposal(View view) {
        boolean resize = words.getFirst().equals("resize");
        if (words.size() != (resize ? 3 : 2)) {
            throw wrong("say drain NODE, undrain NODE, or resize SERVICE CAPACITY; got " + String.join(" ", words));
        }
        return switch (words.getFirst()) {
            case "drain" -> new Proposal.DrainNode(node(view, words.get(1)), true);
            case "undrain" -> new Proposal.DrainNode(node(view, words.get(1)), false);
            case "resize" -> new Proposal.Resize(words.get(1), number(words.get(2)));
            default -> throw wrong("drain, undrain and resize can be planned, got " + words.getFirst());
        };
    }

    private int number(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException notANumber) {
            throw wrong("a capacity is a number, got " + word);
        }
    }

    private static String name(View view, Forecast forecast, Incarnation life) {
        for (Listing joins : forecast.joins()) {
            if (joins.incarnation().equals(life)) {
                return joins.name();
            }
        }
        Listing listing = view.member(life.node());
        return life.isNone() || listing == null ? "-" : listing.name();
    }

    private List<String> table(View view, Forecast forecast) {
        List<String> lines = new ArrayList<>();
        String what = String.join(" ", words);
        if (!forecast.problem().isEmpty()) {
            return List.of(what + " would be refused: " + forecast.problem());
        }
        lines.add(what + ", as things are in view " + view.number() + ": "
                + forecast.moves().size() + " moves");
        for (Listing joins : forecast.joins()) {
            lines.add(joins.name() + ", which stands by, would be listed");
        }
        if (!forecast.moves().isEmpty()) {
            lines.add("%-24s %-20s %-20s %s".formatted("SLOT", "FROM", "TO", "STEP"));
        }
        for (Forecast.Move move : forecast.moves()) {
            lines.add("%-24s %-20s %-20s %s"
                    .formatted(
                            move.unit(),
                            name(view, forecast, move.from()),
                            name(view, forecast, move.to()),
                            move.step() == 0 ? "under way" : move.step()));
        }
        for (SlotId unit : forecast.stays()) {
            lines.add(unit + " stays: no other node has room for it");
        }
        return lines;
    }

    private Map<String, Object> object(View view, Forecast forecast) {
        List<Map<String, Object>> moves = new ArrayList<>();
        for (Forecast.Move move : forecast.moves()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("slot", move.unit().toString());
            one.put("from", name(view, forecast, move.from()));
            one.put("to", name(view, forecast, move.to()));
            one.put("step", move.step());
            moves.add(one);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("plan", String.join(" ", words));
        all.put("view", view.number());
        all.put("problem", forecast.problem());
        all.put("joins", forecast.joins().stream().map(Listing::name).toList());
        all.put("moves", moves);
        all.put("stays", forecast.stays().stream().map(SlotId::toString).toList());
        return all;
    }
}
