package dev.berth.node.operate;

import dev.berth.core.cluster.Settings;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./berth config watch}: asks once a second and prints what is new. Nodes hear of changes at once ({@code Node}). */
@Command(name = "watch", description = "Prints changes of settings as they come, until it is interrupted.")
final class ConfigWatch extends OperatorCommand {
    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            description = "End by itself after so long (default: never).",
            defaultValue = "-1")
    private int seconds = -1;

    @Option(names = "--json", description = "Print one object on a line of its own for each change.")
    private boolean json;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        SortedMap<String, String> known = new TreeMap<>();
        while (true) {
            Settings settings = operator.status(patience).view().toView().settings();
            print(known, settings);
            known = settings.values();
            if (seconds >= 0 && System.nanoTime() >= end) {
                return 0;
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private void print(SortedMap<String, String> before, Settings now) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.values().keySet());
        for (String key : keys) {
            String value = now.values().get(key);
            if (!Objects.equals(value, before.get(key))) {
                out().println(
                                json
                                        ? object(key, value, now.version())
                                        : WhyCommand.when(Instant.now()) + " " + key + " is "
                                                + (value == null ? "(standard)" : value) + ", in view "
                                                + now.version());
                out().flush();
            }
        }
    }

    private static String object(String key, @Nullable String value, long view) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("at", Instant.now().toString());
        one.put("view", view);
        one.put("key", key);
        if (value != null) {
            one.put("value", value);
        }
        return Json.line(one);
    }
}
