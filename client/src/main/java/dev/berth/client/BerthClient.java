package dev.berth.client;

import dev.berth.client.ClientException.Kind;
import dev.berth.core.PublicApi;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.ClientConfig;
import dev.berth.core.session.ClientEvent;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A user of a game that runs on Berth. It walks the list of gates until one lets it in, and when a connection is lost, or a gate
 * dies, or whoever has the user's state, it comes back by itself: what was said is done once and in order, what is told arrives
 * once and in order. Only {@link News.Ended} ends it. Any thread.
 *
 * <pre>{@code
 * RecordBook book = RecordBook.named("hello").with(Buy.class, Bag.class, Arrived.class).build();
 * try (BerthClient client = BerthClient.to("tls://gate-1.example:7443", "tls://gate-2.example:7443")
 *         .credentials("ada", "secret")
 *         .records(book)
 *         .onTold(told -> System.out.println(told.letter().message()))
 *         .onEnd(ended -> System.out.println("over: " + ended.text()))
 *         .connect()) {
 *     client.say(new Buy("bow")).thenAccept(answer -> System.out.println(answer.as(Bag.class)));
 *     Bag bag = client.ask(new Buy("arrow"), Duration.ofSeconds(10)).as(Bag.class);
 * }
 * }</pre>
 *
 * <p>At most 32 messages wait for their answers, of 4,096 bytes each; while the client is offline they wait too.
 */
@PublicApi
public final class BerthClient implements AutoCloseable {
    private final @Nullable RecordBook book;
    private final Map<Class<?>, String> names;
    private final Deliveries deliveries;
    private final Driver driver;

    BerthClient(@Nullable RecordBook book, ClientConfig config, Wires wires, Consumer<News> handler) {
        this.book = book;
        this.names = book == null
                ? Map.of()
                : book.types().entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        this.deliveries = new Deliveries();
        this.driver = new Driver(config, wires, book, handler, deliveries);
    }

    void start() {
        deliveries.start();
        driver.start();
    }

    /**
     * Begins a client for these gates, 1 to 256 of them, tried one after the other from anywhere in the list: tcp://host:port,
     * tls://host:port, ws://host/path, wss://host/path.
     */
    public static ClientSetup to(List<URI> gates) {
        return new ClientSetup(gates);
    }

    public static ClientSetup to(String... gates) {
        return to(List.of(gates).stream().map(URI::create).toList());
    }

    /**
     * Says a record of the client's book, to be done once, after all that was said before. The answer comes when it is there,
     * over however many connections, or a {@link ClientException} says why not. Its stages run on the thread of the handlers.
     */
    public CompletableFuture<Letter> say(Object message) {
        String type = names.get(message.getClass());
        if (book == null || type == null) {
            throw new IllegalArgumentException(
                    message.getClass().getName() + " is in no book of this client: ClientSetup.records(...)");
        }
        return say(type, book.write(message));
    }

    /** The same with a name of at most 120 bytes and bytes that are what the game likes, JSON for example. */
    public CompletableFuture<Letter> say(String type, Bytes body) {
        byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        if (typeBytes.length > SessionLimits.NAME_MAX || !new String(typeBytes, StandardCharsets.UTF_8).equals(type)) {
            throw new IllegalArgumentException("a type is a text of at most " + SessionLimits.NAME_MAX
                    + " bytes, this one has " + typeBytes.length + ", or half a surrogate pair");
        }
        if (body.length() > SessionLimits.BODY_MAX) {
            throw new IllegalArgumentException("what is said has at most " + SessionLimits.BODY_MAX + " bytes, '" + type
                    + "' has " + body.length() + "; say it in pieces");
        }
        return driver.say(new ClientEvent.Say(type, body));
    }

    /** {@link #say(Object)}, and waits for the answer; a ClientException of kind LATE if it does not come in that time. */
    public Letter ask(Object message, Duration limit) throws InterruptedException {
        return await(say(message), limit);
    }

    /** {@link #say(String, Bytes)}, and waits. */
    public Letter ask(String type, Bytes body, Duration limit) throws InterruptedException {
        return await(say(type, body), limit);
    }

    /**
     * Waits until the client has been let in for the first time.
     *
     * @return the user's id
     * @throws ClientException OVER if it is not let in, with the code of the end; LATE, with what the last gate said
     */
    public String awaitOnline(Duration limit) throws InterruptedException {
        return await(driver.online(), limit);
    }

    private <T> T await(CompletableFuture<T> future, Duration limit) throws InterruptedException {
        if (deliveries.isCurrentThread()) {
            throw new IllegalStateException("a handler that waits would wait for itself; use say(...).thenAccept(...)");
        }
        try {
            return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new ClientException(Kind.LATE, "", "not in " + limit.toMillis() + " ms; " + driver.standing());
        } catch (ExecutionException e) {
            // A new one, so that the trace is the caller's.
            throw e.getCause() instanceof ClientException its
                    ? new ClientException(its.kind(), its.code(), String.valueOf(its.getMessage()))
                    : new IllegalStateException(e.getCause());
        }
    }

    /** How it is, for people. */
    String standing() {
        return driver.standing();
    }

    int deliveriesWaiting() {
        return deliveries.waiting();
    }

    /** Logs out: the session is over, and what has no answer ends as UNKNOWN. Waits a second at most for the word to leave. */
    @Override
    public void close() {
        driver.stop();
        if (!deliveries.isCurrentThread()) {
            driver.join();
        }
    }
}
