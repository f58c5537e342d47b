package dev.berth.gate;

import dev.berth.core.machine.Machine;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.Client;
import dev.berth.core.session.ClientAction;
import dev.berth.core.session.ClientConfig;
import dev.berth.core.session.ClientEvent;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import dev.berth.node.launch.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A player's program by hand: core's client machine over plain sockets, with all that it was told. */
final class Player implements AutoCloseable {
    private final RecordBook book;
    private final Client client;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    final LinkedBlockingQueue<ClientAction.Offline> offline = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<ClientAction.Online> online = new LinkedBlockingQueue<>();
    final CompletableFuture<ClientAction.Ended> ended = new CompletableFuture<>();

    // Of the loop.
    private final ArrayDeque<CompletableFuture<Outcome>> untaken = new ArrayDeque<>();
    private final Map<Long, CompletableFuture<Outcome>> answers = new TreeMap<>();
    private @Nullable Socket socket;
    private long connection;
    private volatile @Nullable InetSocketAddress instead;

    Player(RecordBook book, String name, String secret, InetSocketAddress... gates) {
        this(book, ClientConfig.of(names(gates), name, Bytes.utf8(secret)));
    }

    private Player(RecordBook book, ClientConfig config) {
        this.book = book;
        this.client = new Client(config, new SplittableRandom(1));
        feed(new ClientEvent.Start());
    }

    /** One that does not log in. */
    static Player visitor(RecordBook book, InetSocketAddress... gates) {
        return new Player(book, ClientConfig.of(names(gates), "", Bytes.EMPTY).visiting());
    }

    private static List<String> names(InetSocketAddress... gates) {
        List<String> names = new ArrayList<>();
        for (InetSocketAddress gate : gates) {
            names.add(HostPort.of(gate).toString());
        }
        return names;
    }

    /** The next connections go there, whatever gate is wanted: as behind a balancer. */
    void turnsTo(InetSocketAddress gate) {
        instead = gate;
    }

    /** Its answer, over however many connections. */
    CompletableFuture<Outcome> say(Record message) {
        String type = book.types().entrySet().stream()
                .filter(each -> each.getValue() == message.getClass())
                .findFirst()
                .orElseThrow()
                .getKey();
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        loop.execute(() -> {
            untaken.add(answer);
            run(new ClientEvent.Say(type, book.write(message)));
        });
        return answer;
    }

    Object ask(Record message) throws Exception {
        Outcome outcome = say(message).get(60, TimeUnit.SECONDS);
        return outcome instanceof Outcome.Done(String type, Bytes body) && !type.isEmpty() ? book.read(body) : outcome;
    }

    private void feed(ClientEvent event) {
        if (!loop.isShutdown()) {
            loop.execute(() -> run(event));
        }
    }

    private void run(ClientEvent event) {
        client.on(System.nanoTime(), event, this::act);
        wake();
    }

    private void wake() {
        long next = client.nextWakeNanos();
        if (next != Machine.NEVER) {
            var _ = loop.schedule(
                    () -> {
                        client.advance(System.nanoTime(), this::act);
                        if (client.nextWakeNanos() != next) {
                            wake();
                        }
                    },
                    Math.max(1, next - System.nanoTime()),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void act(ClientAction action) {
        switch (action) {
            case ClientAction.Connect(long number, String gate) -> connect(number, gate);
            case ClientAction.Send(long number, ToGate message) -> send(number, message);
            case ClientAction.Close _ -> hangUp();
            case ClientAction.Taken(long seq) -> answers.put(seq, untaken.remove());
            case ClientAction.NotTaken(String why) ->
                untaken.remove().completeExceptionally(new IllegalStateException(why));
            case ClientAction.Answered(long seq, Outcome outcome) -> {
                CompletableFuture<Outcome> answer = answers.remove(seq);
                if (answer == null || !answer.complete(outcome)) {
                    told.add("a second answer to " + seq);
                }
            }
            case ClientAction.Told item -> {
                try {
                    told.add(book.read(item.item().body()));
                } catch (WireException unreadable) {
                    told.add(unreadable);
                }
            }
            case ClientAction.Lost lost -> told.add(lost);
            case ClientAction.Online there -> online.add(there);
            case ClientAction.Offline away -> offline.add(away);
            case ClientAction.Ended over -> ended.complete(over);
        }
    }

    private void connect(long number, String gate) {
        connection = number;
        Socket its = new Socket();
        socket = its;
        Thread.startVirtualThread(() -> {
            try (its) {
                its.setTcpNoDelay(true);
                InetSocketAddress there = instead;
                its.connect(
                        there == null ? HostPort.parse(gate, 1).orElseThrow().address() : there, 3_000);
                feed(new ClientEvent.Connected(number));
                read(number, its.getInputStream());
                feed(new ClientEvent.Broken(number, "closed"));
            } catch (IOException | WireException broken) {
                feed(new ClientEvent.Broken(number, String.valueOf(broken.getMessage())));
            }
        });
    }

    private void read(long number, InputStream in) throws IOException, WireException {
        FrameReader<ToClient> reader = new FrameReader<>(
                ClientProtocol.CLIENT, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_CLIENT);
        byte[] piece = new byte[4_096];
        for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
            reader.read(piece, 0, got, message -> feed(new ClientEvent.Heard(number, message)));
        }
    }

    private void send(long number, ToGate message) {
        Socket there = socket;
        if (there == null || number != connection) {
            return;
        }
        FrameWriter<ToGate> writer = new FrameWriter<>(
                ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_GATE);
        try {
            there.getOutputStream().write(writer.frame(message));
        } catch (IOException broken) {
            hangUp();
        }
    }

    private void hangUp() {
        Socket there = socket;
        if (there != null) {
            try {
                there.close();
            } catch (IOException _) {
                // It is closed.
            }
        }
    }

    /** Is gone without a word, and with all that it knew. */
    void crash() {
        loop.shutdownNow();
        hangUp();
    }

    /** Logs out. */
    @Override
    public void close() {
        if (loop.isShutdown()) {
            return;
        }
        var _ = loop.submit(() -> run(new ClientEvent.Stop()));
        loop.execute(loop::shutdownNow);
        try {
            loop.awaitTermination(60, TimeUnit.SECONDS);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
        hangUp();
    }
}
