package dev.berth.core.cluster;

import dev.berth.core.PublicApi;

/** The 16-bit number of a node; the high bits of every address. 0 stands for "none". Any thread. */
@PublicApi
public record NodeId(int value) implements Comparable<NodeId> {
    public static final int MAX = 65_535;
    public static final NodeId NONE = new NodeId(0);

    public NodeId {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("a node id lies between 0 and " + MAX + ", got " + value);
        }
    }

    public boolean isNone() {
        return value == 0;
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "n" + value;
    }
}
