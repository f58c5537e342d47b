package dev.berth.node.simpledb;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where clients connect that speak lines: a virtual thread each, one line after the other. Any thread. */
final class LinePort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinePort.class);
    private static final int CLIENTS_MAX = 1_024;
    /** In bytes; a change of that size still fits into one write of the store. */
    private static final int LINE_MAX = 32 * 1_024;

    private final ServerSocket server;
    private final Lines lines;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private LinePort(ServerSocket server, Lines lines) {
        this.server = server;
        this.lines = lines;
    }

    static LinePort open(InetSocketAddress address, Lines lines) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(address);
        LinePort port = new LinePort(server, lines);
        Thread.startVirtualThread(port::accept);
        return port;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                clients.add(client);
                Thread.startVirtualThread(() -> serve(client));
            } catch (IOException e) {
                LOG.debug("no client: {}", e.getMessage());
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            if (clients.size() > CLIENTS_MAX) {
                say(client, "ERR " + CLIENTS_MAX + " clients are here already");
                return;
            }
            InputStream in = new BufferedInputStream(client.getInputStream());
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    say(client, answer(line.toByteArray()));
                    line.reset();
                } else if (next != '\r' && line.size() == LINE_MAX) {
                    say(client, "ERR a line has at most " + LINE_MAX + " bytes");
                    return;
                } else if (next != '\r') {
                    line.write(next);
                }
            }
        } catch (IOException gone) {
            LOG.debug("client {}: {}", client.getRemoteSocketAddress(), gone.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            clients.remove(client);
        }
    }

    private String answer(byte[] line) throws InterruptedException {
        try {
            return lines.answer(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString());
        } catch (CharacterCodingException wrong) {
            return "ERR not UTF-8";
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
