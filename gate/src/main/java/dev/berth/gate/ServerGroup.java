package dev.berth.gate;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.GlobalName;
import dev.berth.core.cluster.ServiceName;
import dev.berth.core.cluster.View;
import java.util.List;
import java.util.Locale;

// Names are in the view: every node knows them without asking, and the view that ends a node frees its names (S3.34).
// So the group is kept by nobody. The address is part of the name, since a name has one holder.

/** The servers of a group, as names of the cluster. Any thread. */
record ServerGroup(String name) {
    private static final String PREFIX = "server.";
    private static final int NAME_MAX = 40;

    ServerGroup {
        ServiceName.check(name);
        if (name.length() > NAME_MAX) {
            throw new IllegalArgumentException(
                    "a group of servers has a name of at most " + NAME_MAX + " characters, got '" + name + "'");
        }
    }

    private String prefix() {
        return PREFIX + name + ".";
    }

    /** The name of a server whose places are kept by the process there. */
    String nameOf(Address process) {
        return prefix() + String.format(Locale.ROOT, "%016x", process.value());
    }

    /** The addresses of all that are there. */
    List<Long> all(View view) {
        return view.names().tailMap(prefix()).values().stream()
                .takeWhile(name -> name.name().startsWith(prefix()))
                .map(GlobalName::address)
                .toList();
    }
}
