package dev.berth.node.operate;

import dev.berth.core.cluster.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
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
            String value = now.values().getOrDefault(key, "(standard)");
            if (!value.equals(before.getOrDefault(key, "(standard)"))) {
                out().println(WhyCommand.when(Instant.now()) + " " + key + " is " + value + ", in view "
                        + now.version());
                out().flush();
            }
        }
    }
}
