package dev.berth.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes wires, as a gate's address says. Only the driver's thread asks for them, and closes. */
final class Wires {
    /** The machine gives up sooner, and closes the wire. */
    private final Duration connect;

    private final @Nullable SSLContext tls;
    private @Nullable HttpClient web;

    Wires(ClientTimes times, @Nullable SSLContext tls) {
        this.connect = times.enter().compareTo(times.connect()) > 0 ? times.enter() : times.connect();
        this.tls = tls;
    }

    Wire to(URI gate) {
        return switch (gate.getScheme().toLowerCase(Locale.ROOT)) {
            case "tcp" -> new SocketWire(gate, connect, null);
            case "tls" -> new SocketWire(gate, connect, this::context);
            default -> new WebSocketWire(gate, connect, web());
        };
    }

    private SSLContext context() throws IOException {
        try {
            return tls == null ? SSLContext.getDefault() : tls;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this JVM has no TLS", e);
        }
    }

    private HttpClient web() {
        if (web == null) {
            HttpClient.Builder builder = HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor());
            web = (tls == null ? builder : builder.sslContext(tls)).build();
        }
        return web;
    }

    void close() {
        if (web != null) {
            web.shutdown();
        }
    }
}
