package dev.berth.node.session;

import dev.berth.core.gateway.Way;
import dev.berth.node.launch.HostPort;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

// node knows nothing of sockets of clients; the module gate, which knows node, is found if it is there.

/** Opens a gate for the clients of an application: what the module gate provides. */
public interface GateOpener {
    /**
     * A gate of a server, to which gateways send players.
     *
     * @param servers the name of their group
     * @param at where clients connect
     */
    Opened open(Lobby lobby, String servers, List<Door> at) throws IOException;

    /** A gateway to these servers. */
    Opened gateway(Node node, String servers, List<Door> at) throws IOException;

    /**
     * A place to listen.
     *
     * @param reached where clients reach it; null for where it listens
     * @param pages a directory of what browsers get there; null for none
     */
    record Door(
            HostPort at,
            Way way,
            @Nullable HostPort reached,
            @Nullable Path pages) {
        public static Door of(HostPort at, Way way) {
            return new Door(at, way, null, null);
        }

        public Door reachedAt(HostPort other) {
            return new Door(at, way, other, pages);
        }

        /** Of doors for browsers; others are as they were. */
        public Door withPages(Path directory) {
            return way == Way.WEB ? new Door(at, way, reached, directory) : this;
        }
    }

    /** A gate. Any thread. */
    interface Opened extends AutoCloseable {
        /** Where it listens, in the order it was told. */
        List<InetSocketAddress> addresses();

        /** Sends its clients elsewhere. */
        @Override
        void close();
    }

    /** An IllegalStateException says what is missing. */
    static GateOpener ofThisClassPath() {
        return ServiceLoader.load(GateOpener.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an application with users needs a gate for their clients:"
                        + " add dev.berth:berth-gate to the class path"));
    }
}
