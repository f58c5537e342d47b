package dev.berth.node.launch;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.berth.node.tool.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

// One JSON object per line. The request is {"roll": {"nodes": [], "jar": "", "drains": true, "within_ms": 120000}},
// with "as_file": true for nodes that give back what a roll has brought; then come {"line": "..."} for people, and one
// {"end": {...}} or {"refused": "..."} last.

/** What is said through the control socket. Any thread. */
final class ControlText {
    private static final int REQUEST_MAX = 64 << 10;
    /** A request has three; the parser goes down a frame or more with each. */
    private static final int BRACKETS_MAX = 64;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long MILLI = 1_000_000;

    private ControlText() {}

    static byte[] order(RollOrder order) {
        var jar = order.jar();
        return bytes(Map.of(
                "roll",
                Map.of(
                        "nodes", order.nodes(),
                        "jar", jar == null ? "" : jar.toString(),
                        "as_file", order.asFile(),
                        "drains", order.drains(),
                        "within_ms", order.within().toMillis())));
    }

    static RollOrder readOrder(InputStream in) throws IOException, LaunchRefusedException {
        try {
            var line = line(in);
            long brackets = line.chars()
                    .filter(letter -> letter == '{' || letter == '[')
                    .count();
            if (brackets > BRACKETS_MAX) {
                throw new IllegalArgumentException(brackets + " brackets, at most " + BRACKETS_MAX);
            }
            var roll = parse(line).getConfig("roll");
            var jar = roll.getString("jar");
            return new RollOrder(
                    roll.getStringList("nodes"),
                    jar.isEmpty() ? null : Path.of(jar),
                    roll.hasPath("as_file") && roll.getBoolean("as_file"),
                    roll.getBoolean("drains"),
                    Duration.ofMillis(roll.getLong("within_ms")));
        } catch (ConfigException | IllegalArgumentException wrong) {
            throw new LaunchRefusedException("the request is none that this launcher understands: " + wrong.getMessage()
                    + "; are berth up and berth roll of one release?");
        }
    }

    static Config parse(String line) {
        return ConfigFactory.parseString(line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
    }

    private static String line(InputStream in) throws IOException, LaunchRefusedException {
        var bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || bytes.size() == REQUEST_MAX) {
                throw new LaunchRefusedException("a request is one line of JSON, at most " + REQUEST_MAX
                        + " bytes; got " + bytes.size() + " without an end");
            }
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Map<String, ?> object) {
        return (json(object) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static String json(Map<String, ?> object) {
        return Json.line(object);
    }

    /** What the one who asked is told; when it has gone that is found out elsewhere. One line at a time. */
    static final class Answers {
        private final OutputStream out;

        Answers(OutputStream out) {
            this.out = out;
        }

        void line(String line) {
            write(Map.of("line", line));
        }

        void refused(String why) {
            write(Map.of("refused", why));
        }

        void end(RollEnd end) {
            write(Map.of("end", object(end), "summary", summary(end)));
        }

        private synchronized void write(Map<String, ?> object) {
            try {
                out.write(bytes(object));
                out.flush();
            } catch (IOException gone) {
                // Its ear hears the same, and abandons the roll.
            }
        }
    }

    static Map<String, Object> object(RollEnd end) {
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (var turn : end.turns()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", turn.name());
            one.put("drain_ms", turn.drainNanos() / MILLI);
            one.put("away_ms", turn.awayNanos() / MILLI);
            one.put("return_ms", turn.returnNanos() / MILLI);
            nodes.add(one);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("whole", end.isWhole());
        all.put("rolled", end.turns().stream().map(RollEnd.Turn::name).toList());
        all.put("failed", end.failed());
        all.put("cause", end.cause());
        all.put("untouched", end.untouched());
        all.put("nodes", nodes);
        all.put("took_ms", end.tookNanos() / MILLI);
        return all;
    }

    /** One line for people. */
    static String summary(RollEnd end) {
        var count = end.turns().size();
        var rolled = (count == 1 ? "1 node" : count + " nodes") + " rolled in "
                + String.format(Locale.ROOT, "%.1f s", end.tookNanos() / NANOS_PER_SECOND);
        if (end.isWhole()) {
            return rolled;
        }
        return "stopped" + (end.failed().isEmpty() ? "" : " at " + end.failed()) + ": " + end.cause() + ". " + rolled
                + "; untouched: " + (end.untouched().isEmpty() ? "none" : String.join(", ", end.untouched()));
    }
}
