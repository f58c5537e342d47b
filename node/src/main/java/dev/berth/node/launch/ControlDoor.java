package dev.berth.node.launch;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

// A socket of the file system: only this machine reaches it, and the mode of its directory says who may. A launcher
// that was killed leaves its file behind; the next one, which has the lock of the state directory, removes it.

/** Where a launcher is asked to do something: one request per connection, answered by lines. Any thread. */
final class ControlDoor implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 8;
    private static final int UNREAD_MAX = 1 << 20;
    /** From the connection to the end of the request; too short: a busy machine is refused. */
    private static final int REQUEST_SECONDS = 5;
    /** What an address may have on Linux, with a byte for its end. */
    private static final int PATH_MAX = 107;

    private final Path socket;
    private final ServerSocketChannel server;
    private final RollDesk desk;
    private final Consumer<? super String> say;
    private final Semaphore places = new Semaphore(CONNECTIONS_MAX);

    private ControlDoor(Path socket, ServerSocketChannel server, RollDesk desk, Consumer<? super String> say) {
        this.socket = socket;
        this.server = server;
        this.desk = desk;
        this.say = say;
    }

    static Path socket(Path state) {
        return state.resolve("control").resolve("socket");
    }

    static ControlDoor open(Path state, RollDesk desk, Consumer<? super String> say) throws IOException {
        var directory = state.resolve("control");
        var path = socket(state);
        var onlyOwner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectories(state);
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(onlyOwner));
        }
        Files.setPosixFilePermissions(directory, onlyOwner);
        remove(path);
        var bound = path;
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_MAX) {
            // Too long for an address: it lives elsewhere, and a link says where.
            bound = Files.createTempDirectory("berth", PosixFilePermissions.asFileAttribute(onlyOwner))
                    .resolve("socket");
            Files.createSymbolicLink(path, bound);
        }
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(bound));
        } catch (IOException unbound) {
            server.close();
            throw unbound;
        }
        var door = new ControlDoor(path, server, desk, say);
        Thread.ofPlatform().name("berth-control").daemon().start(door::accept);
        return door;
    }

    private void accept() {
        while (true) {
            try {
                var channel = server.accept();
                if (places.tryAcquire()) {
                    Thread.ofPlatform().name("berth-control-one").daemon().start(() -> serve(channel));
                } else {
                    channel.close();
                }
            } catch (ClosedChannelException over) {
                return;
            } catch (IOException broken) {
                say.accept("the launcher cannot be asked any more: " + broken.getMessage());
                return;
            }
        }
    }

    private void serve(SocketChannel channel) {
        var asked = new CompletableFuture<Void>();
        var _ = asked.orTimeout(REQUEST_SECONDS, TimeUnit.SECONDS).whenComplete((_, late) -> {
            if (late != null) {
                hangUp(channel);
            }
        });
        try (channel) {
            var in = Channels.newInputStream(channel);
            var answers = new ControlText.Answers(Channels.newOutputStream(channel));
            try {
                var order = ControlText.readOrder(in);
                if (!asked.complete(null)) {
                    throw new ClosedChannelException();
                }
                var gone = new CompletableFuture<String>();
                Thread.ofPlatform().name("berth-control-ear").daemon().start(() -> awaitEnd(channel, gone));
                var end = desk.roll(
                        order,
                        line -> {
                            say.accept("roll: " + line);
                            answers.line(line);
                        },
                        gone);
                say.accept("roll: " + ControlText.summary(end));
                answers.end(end);
            } catch (LaunchRefusedException refused) {
                answers.refused(String.valueOf(refused.getMessage()));
                channel.shutdownOutput();
                // What is closed with something unread is reset, and the answer may be lost with it.
                in.readNBytes(UNREAD_MAX);
            }
        } catch (ClosedChannelException late) {
            say.accept("somebody has connected and not asked within " + REQUEST_SECONDS + " s");
        } catch (IOException gone) {
            say.accept("who asked has gone: " + gone.getMessage());
        } finally {
            asked.complete(null);
            places.release();
        }
    }

    /** A place that somebody silent holds is nobody else's. Whoever reads there hears a ClosedChannelException. */
    private void hangUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException broken) {
            say.accept("who has not asked in time cannot be hung up: " + broken.getMessage());
        }
    }

    /** Who asks says nothing more; the end of what it says is its going away. */
    private static void awaitEnd(SocketChannel channel, CompletableFuture<String> gone) {
        try {
            var in = Channels.newInputStream(channel);
            while (in.read() >= 0) {
                // Nothing is meant by what comes here.
            }
        } catch (IOException broken) {
            gone.complete("whoever asked for the roll has gone: " + broken.getMessage());
        }
        gone.complete("whoever asked for the roll has gone");
    }

    /** Hears nobody any more, and leaves no file behind. */
    @Override
    public synchronized void close() throws IOException {
        server.close();
        remove(socket);
    }

    private static void remove(Path socket) throws IOException {
        if (Files.isSymbolicLink(socket)) {
            var bound = Files.readSymbolicLink(socket);
            Files.deleteIfExists(bound);
            Files.deleteIfExists(bound.resolveSibling(""));
        }
        Files.deleteIfExists(socket);
    }
}
