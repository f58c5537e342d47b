package dev.berth.lab.bench;

import dev.berth.lab.bench.Samples.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;

/** Blocking sockets on platform threads: what the machine itself takes. One message at a time. */
final class RawEcho implements Echo {
    private final ServerSocket port;

    RawEcho() throws IOException {
        port = new ServerSocket(0, 5, ANY.getAddress());
    }

    @Override
    public int serve() {
        Thread.ofPlatform().daemon().start(() -> {
            try (Socket socket = port.accept()) {
                socket.setTcpNoDelay(true);
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                byte[] message = new byte[SIZE];
                while (in.readNBytes(message, 0, SIZE) == SIZE) {
                    out.write(message);
                }
            } catch (IOException e) {
                System.err.println("raw echo: " + e.getMessage());
            }
        });
        return port.getLocalPort();
    }

    @Override
    public Figures measure(int port, int window) throws IOException {
        Samples samples = new Samples();
        try (Socket socket = new Socket(ANY.getAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] message = new byte[SIZE];
            long sent = System.nanoTime();
            do {
                out.write(message);
                if (in.readNBytes(message, 0, SIZE) < SIZE) {
                    throw new IOException("the echo has ended");
                }
                long now = System.nanoTime();
                if (!samples.add(sent, now)) {
                    return samples.await();
                }
                sent = now;
            } while (true);
        }
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
