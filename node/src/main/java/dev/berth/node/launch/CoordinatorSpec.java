package dev.berth.node.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which coordinator a cluster has. Any thread. */
public sealed interface CoordinatorSpec {
    /** What clients connect to: {@code host:port,host:port}. */
    String connection();

    /** One that somebody else runs. */
    record Existing(String connection) implements CoordinatorSpec {}

    /**
     * Embedded servers, started by the launcher of the machine that the host is. Server i of several listens for clients on
     * port + i - 1, for its peers on port + 100 + i and elects on port + 200 + i.
     *
     * @param dir holds a directory for each server
     * @param servers 1, 3, 5 or 7
     */
    record Embedded(HostPort listen, Path dir, int servers) implements CoordinatorSpec {
        static final int PORT = 2181;
        static final int PORT_MAX = 65_535 - 207;

        @Override
        public String connection() {
            var all = new ArrayList<String>();
            for (int i = 1; i <= servers; i++) {
                all.add(client(i).toString());
            }
            return String.join(",", all);
        }

        HostPort client(int server) {
            return new HostPort(listen.host(), listen.port() + server - 1);
        }

        /** Where a server keeps its data, and its lock. */
        Path directory(int server) {
            return dir.resolve(String.valueOf(server));
        }

        /** In the words of {@code berth coordinator --servers}; empty for one that is alone. */
        String peers() {
            List<String> all = new ArrayList<>();
            for (int i = 1; i <= servers && servers > 1; i++) {
                all.add(listen.host() + ":" + (listen.port() + 100 + i) + ":" + (listen.port() + 200 + i));
            }
            return String.join(",", all);
        }
    }
}
