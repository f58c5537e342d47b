package dev.berth.node.operate;

import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.View;
import dev.berth.node.tool.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// It reads what every node shows to Prometheus, twice, and subtracts; so it shows nothing that a dashboard could not.

/** {@code ./berth top}: what the entities of a cluster are doing, by method. */
@Command(name = "top", description = "Shows which methods of entities are called, how often, and how long they take.")
public final class TopCommand extends OperatorCommand {
    private static final Pattern LINE = Pattern.compile("(berth_entity_\\w+)\\{(.*)} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Option(names = "--seconds", description = "How long to look (default ${DEFAULT-VALUE}).", defaultValue = "2")
    private int seconds = 2;

    @Option(names = "--json", description = "Print a list of objects.")
    private boolean json;

    /** One method at all nodes together. Times are those of the slowest node. */
    private static final class Row {
        private double calls;
        private double failed;
        private double p50;
        private double p99;
        private double wait;
        private int nodes;

        Map<String, Object> object(String name, double period) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("method", name);
            all.put("nodes", nodes);
            all.put("calls_per_second", Math.round(calls / period * 10) / 10.0);
            all.put("failed_per_second", Math.round(failed / period * 10) / 10.0);
            all.put("p50_ms", Math.round(p50 * 1e5) / 100.0);
            all.put("p99_ms", Math.round(p99 * 1e5) / 100.0);
            all.put("wait_p99_ms", Math.round(wait * 1e5) / 100.0);
            return all;
        }
    }

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        List<String> urls = urls(operator.status(patience).view().toView());
        List<String> silent = new ArrayList<>();
        Map<String, Row> rows = new TreeMap<>();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            Map<String, String> before = scrape(client, urls, silent);
            TimeUnit.SECONDS.sleep(seconds);
            scrape(client, urls, new ArrayList<>()).forEach((url, now) -> add(rows, now, before.getOrDefault(url, "")));
        }
        silent.forEach(url -> err().println(url + " does not answer; its node is left out"));
        print(rows);
        return rows.isEmpty() && !silent.isEmpty() ? 1 : 0;
    }

    private static List<String> urls(View view) {
        List<String> urls = new ArrayList<>();
        view.forEachMember(listing -> http(listing).forEach(urls::add));
        return urls;
    }

    private static List<String> http(Listing listing) {
        return listing.addresses().stream()
                .filter(address -> address.startsWith("http://"))
                .toList();
    }

    private static Map<String, String> scrape(HttpClient client, List<String> urls, List<String> silent)
            throws InterruptedException {
        Map<String, String> all = new LinkedHashMap<>();
        for (String url : urls) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/metrics"))
                    .timeout(PATIENCE)
                    .build();
            try {
                all.put(
                        url,
                        client.send(request, HttpResponse.BodyHandlers.ofString())
                                .body());
            } catch (IOException gone) {
                silent.add(url);
            }
        }
        return all;
    }

    private static void add(Map<String, Row> rows, String now, String before) {
        Map<String, Double> former = new TreeMap<>();
        before.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .forEach(line -> former.put(line.group(1) + line.group(2), Double.valueOf(line.group(3))));
        Map<String, Boolean> here = new TreeMap<>();
        now.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            Map<String, String> labels = new TreeMap<>();
            for (Matcher label = LABEL.matcher(line.group(2)); label.find(); ) {
                labels.put(label.group(1), label.group(2));
            }
            String method = labels.getOrDefault("method", "");
            if (method.isEmpty()) {
                return;
            }
            String name = labels.get("service") + " " + method;
            Row row = rows.computeIfAbsent(name, _ -> new Row());
            double value = Double.parseDouble(line.group(3));
            String what = line.group(1) + " " + labels.getOrDefault("quantile", labels.getOrDefault("outcome", ""));
            double more = value - former.getOrDefault(line.group(1) + line.group(2), 0.0);
            switch (what) {
                case "berth_entity_calls_total done" -> row.calls += more;
                case "berth_entity_calls_total failed" -> {
                    row.calls += more;
                    row.failed += more;
                }
                case "berth_entity_call_seconds 0.5" -> row.p50 = Math.max(row.p50, value);
                case "berth_entity_call_seconds 0.99" -> row.p99 = Math.max(row.p99, value);
                case "berth_entity_wait_seconds 0.99" -> row.wait = Math.max(row.wait, value);
                default -> {
                    return;
                }
            }
            if (here.put(name, true) == null) {
                row.nodes++;
            }
        });
    }

    private void print(Map<String, Row> rows) {
        List<Map.Entry<String, Row>> busiest = rows.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<String, Row> row) -> -row.getValue().calls)
                        .thenComparing(Map.Entry::getKey))
                .toList();
        if (json) {
            out().println(Json.line(busiest.stream()
                    .map(row -> row.getValue().object(row.getKey(), seconds))
                    .toList()));
            return;
        }
        out().println("%-40s %5s %12s %10s %10s %10s %12s"
                .formatted("METHOD", "NODES", "CALLS/s", "FAILED/s", "P50 ms", "P99 ms", "WAIT P99 ms"));
        for (Map.Entry<String, Row> row : busiest) {
            Map<String, Object> shown = row.getValue().object(row.getKey(), seconds);
            out().println("%-40s %5s %12s %10s %10s %10s %12s"
                    .formatted(shown.values().toArray()));
        }
        if (rows.isEmpty()) {
            out().println("no entity has been called");
        }
    }
}
