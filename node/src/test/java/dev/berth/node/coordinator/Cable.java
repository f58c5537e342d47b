package dev.berth.node.coordinator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A wire between a client and a server that can be made one-way and cut. Any thread. */
final class Cable implements AutoCloseable {
    private final int target;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean silent;
    private volatile boolean cut;

    Cable(String targetAddress) throws IOException {
        this.target = Integer.parseInt(targetAddress.substring(targetAddress.lastIndexOf(':') + 1));
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return ServerConfig.LOOPBACK + ":" + door.getLocalPort();
    }

    /** Requests still pass, answers do not come back until it is cut. */
    void silence() {
        set(true);
    }

    /** Ends all connections and lets none in; held answers are lost. */
    void cut() {
        cut = true;
        sockets.forEach(Cable::end);
        sockets.clear();
        set(false);
    }

    void mend() {
        cut = false;
    }

    private void set(boolean newSilent) {
        lock.lock();
        try {
            silent = newSilent;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                if (cut) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> pump(near, far, false));
                Thread.ofVirtual().start(() -> pump(far, near, true));
            } catch (IOException refused) {
                // The server is away, or the cable is closed; a client sees its connection end.
                sockets.forEach(Cable::end);
            }
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (answers) {
                    waitWhileSilent();
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException ended) {
            // One side has gone; the other one is closed with it.
            end(from);
        }
    }

    private void waitWhileSilent() {
        lock.lock();
        try {
            while (silent) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            throw new IllegalStateException("a socket cannot be closed", alreadyGone);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
