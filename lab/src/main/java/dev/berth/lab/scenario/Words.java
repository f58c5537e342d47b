package dev.berth.lab.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

// Words are separated by blanks; "a b" is one word; name=value can stand anywhere and is not counted among the others.

/** One command, word by word. Whoever reads it takes all of it, or the command is refused. One thread. */
final class Words {
    private final String command;
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> options = new TreeMap<>();
    private int next;

    Words(String command) {
        this.command = command;
        for (String word : split(command)) {
            int equals = word.indexOf('=');
            if (equals > 0 && !word.contains(" ")) {
                options.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                words.add(word);
            }
        }
    }

    private static List<String> split(String command) {
        List<String> found = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (command + " ").toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                if (!word.isEmpty()) {
                    found.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        return found;
    }

    boolean hasNext() {
        return next < words.size();
    }

    String next() {
        if (!hasNext()) {
            throw wrong("ends too early");
        }
        return words.get(next++);
    }

    /** Takes the next word if it is this one. */
    boolean take(String word) {
        boolean there = hasNext() && words.get(next).equals(word);
        next += there ? 1 : 0;
        return there;
    }

    void expect(String word) {
        if (!take(word)) {
            throw wrong("should go on with \"" + word + "\"");
        }
    }

    List<String> rest() {
        List<String> rest = List.copyOf(words.subList(next, words.size()));
        next = words.size();
        return rest;
    }

    int number() {
        return Integer.parseInt(next());
    }

    long duration() {
        return nanos(next());
    }

    /** The value of a name=value, which must have one. */
    String option(String name, String otherwise) {
        String value = options.remove(name);
        return value == null ? otherwise : value;
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(option(name, Integer.toString(otherwise)));
    }

    long duration(String name, long otherwise) {
        String value = options.remove(name);
        return value == null ? otherwise : nanos(value);
    }

    /** All that were not taken one by one. */
    Map<String, String> options() {
        Map<String, String> rest = new TreeMap<>(options);
        options.clear();
        return rest;
    }

    void done() {
        if (hasNext() || !options.isEmpty()) {
            throw wrong("has words too many: " + rest() + " " + options);
        }
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("command \"" + command + "\" " + what);
    }

    /** 5s, 250ms, 1.5s, -2s. */
    private long nanos(String text) {
        if (text.endsWith("ms")) {
            return Math.round(Double.parseDouble(text.substring(0, text.length() - 2)) * 1e6);
        }
        if (text.endsWith("s")) {
            return Math.round(Double.parseDouble(text.substring(0, text.length() - 1)) * 1e9);
        }
        throw wrong("has " + text + " where a time like 5s or 250ms is wanted");
    }

    @Override
    public String toString() {
        return '"' + command + '"';
    }
}
