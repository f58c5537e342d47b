package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Field;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One life of a node: its id and the number of the view that admitted it. Any thread. */
@PublicApi
public record Incarnation(@Field(1) NodeId node, @Field(2) long number) implements Comparable<Incarnation> {
    public static final Incarnation NONE = new Incarnation(NodeId.NONE, 0);

    private static final Pattern TEXT = Pattern.compile("n([1-9][0-9]{0,4})\\.([1-9][0-9]{0,17})");

    public Incarnation {
        if (number < 0) {
            throw new IllegalArgumentException("an incarnation is the number of a view, got " + number);
        }
    }

    /** Of its text, e.g. {@code n4.17}; nothing if it is none. */
    public static Optional<Incarnation> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(1)) > NodeId.MAX) {
            return Optional.empty();
        }
        NodeId node = new NodeId(Integer.parseInt(parts.group(1)));
        return Optional.of(new Incarnation(node, Long.parseLong(parts.group(2))));
    }

    public boolean isNone() {
        return number == 0;
    }

    @Override
    public int compareTo(Incarnation other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return isNone() ? "-" : node + "." + number;
    }
}
