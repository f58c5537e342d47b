package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Field;
import java.util.Optional;

/** One life of a node: its id and the number of the view that admitted it. Any thread. */
@PublicApi
public record Incarnation(@Field(1) NodeId node, @Field(2) long number) implements Comparable<Incarnation> {
    public static final Incarnation NONE = new Incarnation(NodeId.NONE, 0);

    public Incarnation {
        if (number < 0) {
            throw new IllegalArgumentException("an incarnation is the number of a view, got " + number);
        }
    }

    /** Of its text, e.g. {@code n4.17}; nothing if it is none. */
    public static Optional<Incarnation> parse(String text) {
        int dot = text.indexOf('.');
        if (!text.startsWith("n") || dot < 0) {
            return Optional.empty();
        }
        try {
            NodeId node = new NodeId(Integer.parseInt(text.substring(1, dot)));
            Incarnation life = new Incarnation(node, Long.parseLong(text.substring(dot + 1)));
            // There is one way to write it.
            return Optional.of(life).filter(same -> same.toString().equals(text));
        } catch (IllegalArgumentException otherText) {
            return Optional.empty();
        }
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
