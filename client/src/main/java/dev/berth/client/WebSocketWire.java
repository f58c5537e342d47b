package dev.berth.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

// One piece is asked for at a time, when the one before has been read; so at most one and the end wait here.

/** WebSocket, over TLS with wss. */
final class WebSocketWire implements Wire, WebSocket.Listener {
    private sealed interface Arrival {
        @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
        record Piece(byte[] bytes) implements Arrival {}

        record End(String text) implements Arrival {}
    }

    private final URI gate;
    private final Duration connect;
    private final HttpClient web;
    private final LinkedBlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private volatile @Nullable WebSocket socket;
    private volatile boolean isClosed;

    WebSocketWire(URI gate, Duration connect, HttpClient web) {
        this.gate = gate;
        this.connect = connect;
        this.web = web;
    }

    @Override
    public void connect() throws IOException {
        WebSocket made = done(web.newWebSocketBuilder().connectTimeout(connect).buildAsync(gate, this));
        socket = made;
        if (isClosed) {
            made.abort();
        }
    }

    private static <T> T done(CompletableFuture<T> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new IOException("the gate answers with HTTP status "
                        + refused.getResponse().statusCode() + "; is it the address of a gate's WebSocket?");
            }
            throw e.getCause() instanceof IOException its ? its : new IOException(e.getCause());
        }
    }

    @Override
    public byte[] read() throws IOException {
        try {
            socket().request(1);
            return switch (arrivals.take()) {
                case Arrival.Piece(byte[] bytes) -> bytes;
                case Arrival.End(String text) -> throw new EOFException(text);
            };
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void write(byte[] frame) throws IOException {
        done(socket().sendBinary(ByteBuffer.wrap(frame), true));
    }

    private WebSocket socket() throws IOException {
        WebSocket its = socket;
        if (its == null || isClosed) {
            throw new EOFException("closed");
        }
        return its;
    }

    @Override
    public void close() {
        isClosed = true;
        WebSocket its = socket;
        if (its != null) {
            its.abort();
        }
        arrivals.add(new Arrival.End("closed"));
    }

    @Override
    public void onOpen(WebSocket opened) {
        // Nothing is asked for before it is read.
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean isLast) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        arrivals.add(new Arrival.Piece(bytes));
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
        arrivals.add(new Arrival.End("the gate sends text; is it a gate of Berth? Its frames are binary"));
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        arrivals.add(new Arrival.End(("the gate has closed the connection: " + code + " " + reason).strip()));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        arrivals.add(new Arrival.End(String.valueOf(error)));
    }
}
