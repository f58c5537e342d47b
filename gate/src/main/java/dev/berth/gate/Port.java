package dev.berth.gate;

import dev.berth.core.PublicApi;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a gate listens, and for what.
 *
 * @param address its port 0 for any
 * @param path of the WebSocket upgrade; anything else that is no page is answered 404
 * @param tls null for none
 * @param pages a directory of what browsers get there, read when the gate opens: at most 256 files of 1 MiB, together 16 MiB, and
 *     {@code berth.js}, the client, which need not be among them; null for none
 */
@PublicApi
public record Port(
        InetSocketAddress address,
        Kind kind,
        String path,
        @Nullable Tls tls,
        @Nullable Path pages) {
    /** What is spoken at a port. */
    public enum Kind {
        TCP,
        /** What the gate says are binary messages; clients may say either. */
        WEB_SOCKET,
        /** What the gate says are text messages: packets are UTF-8. */
        WEB_SOCKET_TEXT
    }

    public Port {
        if (kind != Kind.TCP && !path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash, got '" + path + "'");
        }
        if (kind == Kind.TCP && pages != null) {
            throw new IllegalArgumentException("browsers get no pages at a TCP port: " + pages);
        }
    }

    public static Port tcp(InetSocketAddress address) {
        return new Port(address, Kind.TCP, "", null, null);
    }

    public static Port webSocket(InetSocketAddress address, String path) {
        return new Port(address, Kind.WEB_SOCKET, path, null, null);
    }

    public static Port webSocketText(InetSocketAddress address, String path) {
        return new Port(address, Kind.WEB_SOCKET_TEXT, path, null, null);
    }

    public Port withTls(Tls files) {
        return new Port(address, kind, path, files, pages);
    }

    public Port withPages(Path directory) {
        return new Port(address, kind, path, tls, directory);
    }

    boolean speaksHttp() {
        return kind != Kind.TCP;
    }
}
