package dev.berth.gate;

import dev.berth.core.cluster.Incarnation;
import dev.berth.node.link.Pipe;
import dev.berth.node.member.MemberNode;
import dev.berth.node.plane.Plane;
import dev.berth.node.worker.Node;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Objects;

// Nothing of a node ends a connection that works, so a test has to reach for it.

/** The connections between nodes of this JVM. */
final class Wires {
    private Wires() {}

    /** Ends the connection of the first node with the second one, as a router on the way would. Both go on. */
    static void cut(Node node, Node other) throws Exception {
        Plane plane = Objects.requireNonNull(((MemberNode) field(node, "member")).plane());
        Incarnation peer = other.self();
        node.loops()
                .next()
                .submit(() -> {
                    for (Object end : List.copyOf((List<?>) field(plane, "ends"))) {
                        if (field(end, "peer").equals(peer)) {
                            ((Pipe<?>) field(end, "pipe")).close("cut by a test");
                        }
                    }
                    return null;
                })
                .get();
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return Objects.requireNonNull(field.get(of), name);
    }
}
