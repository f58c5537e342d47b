package dev.berth.node.operate;

import dev.berth.core.cluster.SettingKey;
import dev.berth.core.cluster.Settings;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./berth config get}: all settings, or the value of one. */
@Command(name = "get", description = "Shows all settings, or prints the value of one.")
final class ConfigGet extends OperatorCommand {
    @Parameters(arity = "0..1", paramLabel = "KEY", description = "Only this one's value.")
    private @Nullable String key;

    @Option(names = "--json", description = "Print one object.")
    private boolean json;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        Settings settings = operator.status(patience).view().toView().settings();
        Map<String, Map<String, Object>> all = all(settings);
        String wanted = key;
        if (wanted != null) {
            Map<String, Object> one = all.get(wanted);
            if (one == null) {
                err().println(SettingsCatalog.BUILT_IN.problem(wanted).orElse(wanted + " is not set"));
                return 1;
            }
            out().println(json ? render(one) : one.get("value"));
        } else if (json) {
            out().println(render(Map.of("version", settings.version(), "settings", all)));
        } else {
            table(settings, all).forEach(out()::println);
        }
        return 0;
    }

    private static String render(Map<String, ?> object) {
        return Json.line(object);
    }

    /** What is set and what could be; services may have settings that this program does not know. */
    private static Map<String, Map<String, Object>> all(Settings settings) {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        for (SettingKey known : SettingsCatalog.BUILT_IN.keys()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("value", settings.get(known.name(), known.standard()));
            one.put("standard", known.standard());
            one.put("allowed", known.type().allowed());
            one.put("note", known.note());
            all.put(known.name(), one);
        }
        settings.values()
                .forEach((name, value) ->
                        all.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put("value", value));
        return all;
    }

    private static List<String> table(Settings settings, Map<String, Map<String, Object>> all) {
        List<String> lines = new ArrayList<>();
        lines.add("%-28s %-20s %s".formatted("KEY", "VALUE", "WHAT IT IS"));
        all.forEach((name, one) -> lines.add("%-28s %-20s %s"
                .formatted(
                        name,
                        one.get("value"),
                        one.containsKey("note")
                                ? one.get("allowed") + ", standard " + one.get("standard") + ". " + one.get("note")
                                : "a setting of a service")));
        lines.add("last changed in view " + settings.version());
        return lines;
    }
}
