package dev.berth.poker.bot;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.wire.Hex;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packets;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

// Lines are done one after the other:
//     gateway            the next client of the gateway is sent to the server
//     NAME > HEX         this frame comes from the connection; * is any frame, . is its end
//     NAME < HEX         this frame is said; with "all" to every connection
//     NAME !             the connection is closed
// A name that was not there before is the next connection that comes in. After the last line the clients close.

/** A server, and a gateway, that say what is written, and want to hear what is written. */
final class Playback implements AutoCloseable {
    private final ServerSocket gateway;
    private final ServerSocket server;
    private final Map<String, Socket> sockets = new LinkedHashMap<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    Playback(List<String> lines) throws IOException {
        gateway = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> run(lines));
    }

    InetSocketAddress gateway() {
        return new InetSocketAddress(gateway.getInetAddress(), gateway.getLocalPort());
    }

    /** Waits until the last line was done, and throws what was not as written. */
    void end() throws InterruptedException, ExecutionException, TimeoutException {
        end.get(60, TimeUnit.SECONDS);
    }

    private void run(List<String> lines) {
        String at = "the first line";
        try {
            for (String line : lines) {
                at = line;
                step(line.strip());
            }
            end.complete(null);
        } catch (IOException | AssertionError e) {
            end.completeExceptionally(new AssertionError("at: " + at, e));
            hangUp();
        }
    }

    private void step(String line) throws IOException {
        String[] words = line.split(" +", 3);
        if (line.equals("gateway")) {
            try (Socket client = gateway.accept()) {
                write(client, Packets.encode(new Packet.Handoff(server.getLocalPort(), "127.0.0.1")));
            }
            return;
        }
        List<Socket> spoken = words[0].equals("all") ? everybody() : List.of(socket(words[0]));
        for (Socket socket : spoken) {
            switch (words[1]) {
                case ">" -> read(socket, words[2]);
                case "<" -> say(socket, words[2]);
                default -> socket.close();
            }
        }
    }

    private List<Socket> everybody() {
        synchronized (sockets) {
            return List.copyOf(sockets.values());
        }
    }

    private Socket socket(String name) throws IOException {
        Socket known;
        synchronized (sockets) {
            known = sockets.get(name);
        }
        if (known != null) {
            return known;
        }
        Socket socket = server.accept();
        synchronized (sockets) {
            sockets.put(name, socket);
        }
        return socket;
    }

    private static void read(Socket socket, String expected) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        String got;
        try {
            byte[] frame = new byte[in.readUnsignedShort()];
            in.readFully(frame);
            got = "%04x".formatted(frame.length) + Hex.text(Bytes.wrap(frame));
        } catch (EOFException | SocketException e) {
            got = ".";
        }
        if (!expected.equals("*") && !expected.replace(" ", "").equals(got)) {
            throw new AssertionError("expected %s, got %s".formatted(expected, got));
        }
    }

    /** Who has gone hears nothing. */
    private static void say(Socket socket, String frame) {
        try {
            socket.getOutputStream().write(Hex.bytes(frame).toArray());
        } catch (IOException e) {
            // A client closes when it likes.
        }
    }

    private static void write(Socket socket, Bytes body) throws IOException {
        socket.getOutputStream()
                .write(Hex.bytes("%04x".formatted(body.length())).toArray());
        socket.getOutputStream().write(body.toArray());
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        server.close();
        hangUp();
    }

    private void hangUp() {
        synchronized (sockets) {
            for (Socket socket : sockets.values()) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // It is gone either way.
                }
            }
        }
    }
}
