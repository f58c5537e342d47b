package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which keys have to do with which node, so that a node's end costs what it held and not what the slot holds. */
final class KeysByNode {
    private final TreeMap<Incarnation, LinkedHashSet<RegistryKey>> keys = new TreeMap<>();

    void add(Incarnation node, RegistryKey key) {
        keys.computeIfAbsent(node, _ -> new LinkedHashSet<>()).add(key);
    }

    void remove(Incarnation node, RegistryKey key) {
        @Nullable LinkedHashSet<RegistryKey> of = keys.get(node);
        if (of != null && of.remove(key) && of.isEmpty()) {
            keys.remove(node);
        }
    }

    /** Forgets the node and returns its keys. */
    Set<RegistryKey> take(Incarnation node) {
        @Nullable LinkedHashSet<RegistryKey> of = keys.remove(node);
        return of == null ? new LinkedHashSet<>() : of;
    }

    List<Incarnation> nodes(Predicate<Incarnation> which) {
        return keys.keySet().stream().filter(which).toList();
    }
}
