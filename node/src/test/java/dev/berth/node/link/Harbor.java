package dev.berth.node.link;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Versions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Loops, and whatever transports a test makes on them; closed together. */
final class Harbor implements AutoCloseable {
    static final Versions VERSIONS = new Versions(1, 1);
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    static final Secret SECRET = secret("a secret of the tests, long enough");

    private final Loops loops;
    private final List<Transport> transports = new ArrayList<>();
    private final BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
    private final BlockingQueue<Notebook> accepted = new LinkedBlockingQueue<>();

    Harbor() {
        this(Loops.start(2));
    }

    Harbor(Loops loops) {
        this.loops = loops;
    }

    static Secret secret(String text) {
        return Secret.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With more patience than usual: strangers do not say that they are alive. */
    static TransportConfig config() {
        return TransportConfig.of("tests", SECRET, VERSIONS).withSilenceMillis(60_000);
    }

    Loops loops() {
        return loops;
    }

    Transport transport(TransportConfig config) {
        Transport transport = new Transport(config, loops, bugs::add);
        transports.add(transport);
        return transport;
    }

    /** Listens for peers, whose ears {@link #accepted} hands out. */
    InetSocketAddress listen(TransportConfig config) throws IOException {
        return listen(config, Notebook::new);
    }

    InetSocketAddress listen(TransportConfig config, Supplier<Notebook> ears) throws IOException {
        Supplier<Notebook> noted = () -> {
            Notebook notebook = ears.get();
            accepted.add(notebook);
            return notebook;
        };
        return transport(config).listen(ANY, List.of(new Door<>(Dialect.PEERS, noted)));
    }

    Notebook dial(TransportConfig config, InetSocketAddress address) {
        Notebook ears = new Notebook();
        transport(config).dial(address, Dialect.PEERS, ears, loops.next());
        return ears;
    }

    /** The ears of the next connection that was accepted. */
    Notebook accepted() throws InterruptedException {
        Notebook notebook = accepted.poll(60, TimeUnit.SECONDS);
        if (notebook == null) {
            throw new AssertionError("nothing was accepted");
        }
        return notebook;
    }

    boolean hasAccepted() {
        return !accepted.isEmpty();
    }

    Throwable bug() throws InterruptedException {
        Throwable bug = bugs.poll(60, TimeUnit.SECONDS);
        if (bug == null) {
            throw new AssertionError("no bug was told");
        }
        return bug;
    }

    static PeerMessage.Call call(int number, int size) {
        Bytes body = Bytes.wrap(new byte[size]);
        return new PeerMessage.Call(-number, null, null, number, 1, List.of(), Bytes.EMPTY, null, body);
    }

    @Override
    public void close() {
        transports.forEach(Transport::close);
        loops.close();
        if (!bugs.isEmpty()) {
            throw new AssertionError("bugs that no test has asked for: " + bugs);
        }
    }
}
