package dev.berth.client;

import dev.berth.core.PublicApi;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.ClientConfig;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a client should be, before it connects. All handlers of a client run on one thread of its own, one after the other, in
 * the order of what they are told; one that takes long holds up the client's reading, not its memory. One thread.
 */
@PublicApi
public final class ClientSetup {
    private final List<URI> gates;
    private String name = "";
    private Bytes secret = Bytes.EMPTY;
    private String device = "";
    private ClientTimes times = ClientTimes.DEFAULT;
    private ClientMessage.Bodies bodies = ClientMessage.Bodies.RECORDS;
    private @Nullable RecordBook book;
    private @Nullable SSLContext tls;
    private Consumer<? super News.Told> onTold = _ -> {};
    private Consumer<? super News.Lost> onLost = _ -> {};
    private Consumer<? super News.Online> onOnline = _ -> {};
    private Consumer<? super News.Offline> onOffline = _ -> {};
    private Consumer<? super News.Ended> onEnd = _ -> {};

    ClientSetup(List<URI> gates) {
        this.gates = List.copyOf(gates);
        this.gates.forEach(ClientSetup::check);
    }

    private static void check(URI gate) {
        String scheme = gate.getScheme() == null ? "" : gate.getScheme().toLowerCase(Locale.ROOT);
        boolean isWeb = scheme.equals("ws") || scheme.equals("wss");
        if (!isWeb && !scheme.equals("tcp") && !scheme.equals("tls")) {
            throw new IllegalArgumentException(
                    "a gate is tcp://host:port, tls://host:port, ws://... or wss://..., got " + gate);
        }
        if (gate.getHost() == null || (gate.getPort() < 1 && !isWeb)) {
            throw new IllegalArgumentException("a gate needs a host, and with tcp and tls a port, got " + gate);
        }
    }

    /** Of the user: at most 120 bytes, and 1,024 of the secret. */
    public ClientSetup credentials(String userName, String password) {
        return credentials(userName, Bytes.utf8(password));
    }

    public ClientSetup credentials(String userName, Bytes userSecret) {
        this.name = userName;
        this.secret = userSecret;
        return this;
    }

    /** The device's name, for the game's logs. */
    public ClientSetup device(String itsName) {
        this.device = itsName;
        return this;
    }

    /** The game's messages are records of this book. */
    public ClientSetup records(RecordBook itsBook) {
        this.book = itsBook;
        this.bodies = ClientMessage.Bodies.RECORDS;
        return this;
    }

    /** The game's messages are JSON: {@link BerthClient#say(String, Bytes)} and {@link Letter#text}. */
    public ClientSetup json() {
        this.book = null;
        this.bodies = ClientMessage.Bodies.JSON;
        return this;
    }

    public ClientSetup times(ClientTimes patience) {
        this.times = patience;
        return this;
    }

    /** Whom to trust behind tls:// and wss://; otherwise it is as in the whole JVM. */
    public ClientSetup tls(SSLContext context) {
        this.tls = context;
        return this;
    }

    public ClientSetup onTold(Consumer<? super News.Told> handler) {
        this.onTold = handler;
        return this;
    }

    /** Not needed by games whose feeds are short and whose users come back soon. */
    public ClientSetup onLost(Consumer<? super News.Lost> handler) {
        this.onLost = handler;
        return this;
    }

    public ClientSetup onOnline(Consumer<? super News.Online> handler) {
        this.onOnline = handler;
        return this;
    }

    public ClientSetup onOffline(Consumer<? super News.Offline> handler) {
        this.onOffline = handler;
        return this;
    }

    /** Once, the last of all. */
    public ClientSetup onEnd(Consumer<? super News.Ended> handler) {
        this.onEnd = handler;
        return this;
    }

    /** Begins, and returns at once: what is said before the client is in waits, see {@link BerthClient#awaitOnline}. */
    public BerthClient connect() {
        return begin(config());
    }

    /**
     * Begins without logging in: what this client says is for the game's visitors only, who are told nothing; it may be done more than once. It connects when it has
     * something to say. To log in make another client.
     */
    public BerthClient visit() {
        return begin(config().visiting());
    }

    private ClientConfig config() {
        return times.config(gates.stream().map(URI::toString).toList(), name, secret, device, bodies);
    }

    private BerthClient begin(ClientConfig config) {
        // What could not be written later is refused here, where the caller sees it.
        new FrameWriter<>(ClientProtocol.GATE, ClientProtocol.ID, 1, ClientProtocol.TO_GATE)
                .write(new ClientMessage.Login(name, secret, device));
        BerthClient client = new BerthClient(book, config, new Wires(times, tls), this::handle);
        client.start();
        return client;
    }

    private void handle(News news) {
        switch (news) {
            case News.Told told -> onTold.accept(told);
            case News.Lost lost -> onLost.accept(lost);
            case News.Online online -> onOnline.accept(online);
            case News.Offline offline -> onOffline.accept(offline);
            case News.Ended ended -> onEnd.accept(ended);
        }
    }
}
