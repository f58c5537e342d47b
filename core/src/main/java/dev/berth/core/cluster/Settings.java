package dev.berth.core.cluster;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The cluster's configuration as a view carries it: checked values and the view that last changed one. Immutable; any thread. */
public final class Settings {
    public static final int VALUE_MAX = 4_096;
    public static final Settings EMPTY = new Settings(new TreeMap<>(), 0);

    private final TreeMap<String, String> values;
    private final long version;

    private Settings(TreeMap<String, String> values, long version) {
        this.values = values;
        this.version = version;
    }

    static Settings of(SortedMap<String, String> values, long version) {
        return new Settings(new TreeMap<>(values), version);
    }

    public SortedMap<String, String> values() {
        return Collections.unmodifiableSortedMap(values);
    }

    /** The number of the view that last changed a value. */
    public long version() {
        return version;
    }

    public String get(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    Settings with(String key, String value, long view) {
        TreeMap<String, String> copy = new TreeMap<>(values);
        copy.put(key, value);
        return new Settings(copy, view);
    }

    Settings without(String key, long view) {
        TreeMap<String, String> copy = new TreeMap<>(values);
        copy.remove(key);
        return new Settings(copy, view);
    }
}
