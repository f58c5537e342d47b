package dev.berth.node.launch;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.berth.core.cluster.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A value of a cluster file together with its key and line, so that whoever reads it can complain well. One thread. */
record Entry(String key, ConfigValue value) {
    private static final int QUOTED_MAX = 60;

    boolean isObject() {
        return value instanceof ConfigObject;
    }

    boolean isList() {
        return value instanceof ConfigList;
    }

    boolean isNumber() {
        return value.unwrapped() instanceof Number;
    }

    /** The values of an object whose keys are known beforehand; any other key is refused with the nearest known one. */
    Map<String, Entry> fields(String... known) throws ClusterFileException {
        var names = List.of(known);
        var fields = new TreeMap<String, Entry>();
        for (var child : children()) {
            var name = child.lastOfKey(this);
            if (!names.contains(name)) {
                var nearest = Spelling.nearest(name, names);
                throw child.complaint("unknown key"
                        + (nearest != null
                                ? "; did you mean " + nearest + "?"
                                : "; known here: " + String.join(", ", names)));
            }
            fields.put(name, child);
        }
        return fields;
    }

    /** The values of an object whose keys are names that somebody has chosen, in the order of the file. */
    List<Entry> children() throws ClusterFileException {
        if (!(value instanceof ConfigObject object)) {
            throw unwanted("an object: { ... }");
        }
        var children = new ArrayList<Entry>();
        object.forEach((name, child) -> children.add(new Entry(key.isEmpty() ? name : key + "." + name, child)));
        children.sort(Comparator.comparingInt((Entry child) -> child.origin().lineNumber())
                .thenComparing(Entry::key));
        return children;
    }

    String lastOfKey(Entry parent) {
        return parent.key.isEmpty() ? key : key.substring(parent.key.length() + 1);
    }

    String text() throws ClusterFileException {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
            case OBJECT, LIST, NULL -> throw unwanted("a text");
        };
    }

    List<Entry> elements() throws ClusterFileException {
        if (!(value instanceof ConfigList list)) {
            throw unwanted("a list: [ ... ]");
        }
        var elements = new ArrayList<Entry>();
        list.forEach(each -> elements.add(new Entry(key + "[" + elements.size() + "]", each)));
        return elements;
    }

    List<String> texts() throws ClusterFileException {
        var texts = new ArrayList<String>();
        for (var element : elements()) {
            texts.add(element.text());
        }
        return List.copyOf(texts);
    }

    int number(int least, int most) throws ClusterFileException {
        var wanted = "a whole number, " + least + " to " + most;
        try {
            long number = Long.parseLong(text());
            if (number >= least && number <= most) {
                return (int) number;
            }
        } catch (NumberFormatException notWhole) {
            throw unwanted(wanted);
        }
        throw unwanted(wanted);
    }

    boolean flag() throws ClusterFileException {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unwanted("true or false");
        };
    }

    Duration duration(Duration least, Duration most) throws ClusterFileException {
        var wanted = "a duration with a unit, " + words(least) + " to " + words(most);
        try {
            var duration = alone().getDuration("it");
            if (!(value.unwrapped() instanceof Number)
                    && duration.compareTo(least) >= 0
                    && duration.compareTo(most) <= 0) {
                return duration;
            }
        } catch (ConfigException noDuration) {
            throw unwanted(wanted);
        }
        throw unwanted(wanted);
    }

    long bytes(long least, long most) throws ClusterFileException {
        var wanted = "a size such as 10MiB, " + least + " to " + most + " bytes";
        try {
            long bytes = alone().getBytes("it");
            if (bytes >= least && bytes <= most) {
                return bytes;
            }
        } catch (ConfigException noSize) {
            throw unwanted(wanted);
        }
        throw unwanted(wanted);
    }

    HostPort hostPort(int leastPort) throws ClusterFileException {
        var parsed = HostPort.parse(text(), leastPort);
        if (parsed.isEmpty()) {
            throw unwanted("HOST:PORT, the port " + leastPort + " to 65535");
        }
        return parsed.get();
    }

    private Config alone() {
        return ConfigFactory.empty().withValue("it", value);
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    ClusterFileException unwanted(String wanted) {
        var got = value.render(ConfigRenderOptions.concise());
        return complaint("got " + (got.length() <= QUOTED_MAX ? got : got.substring(0, QUOTED_MAX) + "...")
                + ", wanted " + wanted);
    }

    ClusterFileException complaint(String what) {
        return new ClusterFileException(place() + ": " + (key.isEmpty() ? "" : key + ": ") + what);
    }

    private String place() {
        var origin = origin();
        var file = Optional.ofNullable(origin.filename()).orElse(origin.description());
        return origin.lineNumber() < 0 ? file : file + ":" + origin.lineNumber();
    }

    private ConfigOrigin origin() {
        return value.origin();
    }
}
