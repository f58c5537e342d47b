package dev.berth.node.coordinator;

import java.nio.file.Path;
import org.apache.zookeeper.server.embedded.ExitHandler;

/** A real server in this JVM, which can go away and come back on its port. One thread. */
final class LocalServer implements AutoCloseable {
    private final Path dir;
    private CoordinatorServer server;
    private final int port;

    LocalServer(Path dir) throws ServerRefusedException {
        this(dir, 0);
    }

    LocalServer(Path dir, int port) throws ServerRefusedException {
        this.dir = dir;
        this.server =
                CoordinatorServer.start(ServerConfig.alone(dir, ServerConfig.LOOPBACK, port), ExitHandler.LOG_ONLY);
        this.port = server.port();
    }

    String address() {
        return ServerConfig.LOOPBACK + ":" + port;
    }

    void stop() {
        server.close();
    }

    void startAgain() throws ServerRefusedException {
        startAgain(dir);
    }

    /** With another directory it comes back empty. */
    void startAgain(Path in) throws ServerRefusedException {
        server = CoordinatorServer.start(ServerConfig.alone(in, ServerConfig.LOOPBACK, port), ExitHandler.LOG_ONLY);
    }

    @Override
    public void close() {
        server.close();
    }
}
