package dev.berth.client;

import dev.berth.client.ClientException.Kind;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.Client;
import dev.berth.core.session.ClientAction;
import dev.berth.core.session.ClientConfig;
import dev.berth.core.session.ClientEvent;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.session.FeedItem;
import dev.berth.core.wire.Bytes;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// The machine decides everything; this carries events to it and actions from it. The inbox is bounded, and each of its
// users has a way out when it is full: a reader waits, so that its socket is not read; who says something is refused;
// the wish to stop is a flag. Readers have places of their own: a client that is told without a pause may still speak.

/** The thread that owns a client's machine. Any thread hands things in. */
final class Driver {
    private static final int HEARD_MAX = 64;
    private static final int WISHES_MAX = 64;
    private static final long LOOK_NANOS = 100_000_000;
    private static final Duration LEAVE = Duration.ofMillis(1_500);

    /** Something that happened, if anything did; with an answer if it is a wish of the program. */
    private record Post(
            @Nullable ClientEvent event, @Nullable CompletableFuture<Letter> answer) {}

    private static final Post WAKE = new Post(null, null);

    private final Client machine;
    private final Wires wires;
    private final @Nullable RecordBook book;
    private final Consumer<News> handler;
    private final Deliveries deliveries;
    private final ArrayBlockingQueue<Post> inbox = new ArrayBlockingQueue<>(HEARD_MAX + WISHES_MAX);
    /** Of the inbox, for readers. */
    private final Semaphore places = new Semaphore(HEARD_MAX);

    private final CompletableFuture<String> online = new CompletableFuture<>();
    private final long beginNanos = System.nanoTime();
    private final Thread thread = Thread.ofVirtual().name("berth-client").unstarted(this::run);
    private volatile boolean mustStop;
    private volatile News.@Nullable Ended ended;
    private volatile String standing = "no gate has answered yet";

    // Of the driver's thread.
    private final TreeMap<Long, CompletableFuture<Letter>> answers = new TreeMap<>();
    private @Nullable CompletableFuture<Letter> wish;
    private @Nullable Line line;
    private @Nullable Line leaving;

    Driver(ClientConfig config, Wires wires, @Nullable RecordBook book, Consumer<News> handler, Deliveries deliveries) {
        this.machine = new Client(config, RandomGenerator.getDefault());
        this.wires = wires;
        this.book = book;
        this.handler = handler;
        this.deliveries = deliveries;
    }

    void start() {
        thread.start();
    }

    CompletableFuture<String> online() {
        return online.copy();
    }

    /** How it is, for people. */
    String standing() {
        return standing;
    }

    CompletableFuture<Letter> say(ClientEvent.Say say) {
        CompletableFuture<Letter> answer = new CompletableFuture<>();
        News.Ended over = ended;
        if (over != null) {
            answer.completeExceptionally(
                    new ClientException(Kind.OVER, over.code(), "the session is over: " + over.text()));
        } else if (!inbox.offer(new Post(say, answer))) {
            answer.completeExceptionally(
                    new ClientException(Kind.FULL, "", WISHES_MAX + " messages wait already; say it again soon"));
        } else if (ended != null) {
            refuseWaiting(); // it came in while the driver went
        }
        return answer;
    }

    void stop() {
        mustStop = true;
        inbox.offer(WAKE); // if it is full nobody sleeps
    }

    void join() {
        try {
            thread.join(LEAVE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** From the lines: waits for room, and for nobody who has gone. */
    private void happened(ClientEvent event) {
        try {
            while (ended == null && !places.tryAcquire(LOOK_NANOS, TimeUnit.NANOSECONDS)) {}
            while (ended == null && !inbox.offer(new Post(event, null), LOOK_NANOS, TimeUnit.NANOSECONDS)) {}
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            on(new ClientEvent.Start());
            while (ended == null) {
                long wake = machine.nextWakeNanos();
                Post post = wake == Machine.NEVER ? inbox.take() : inbox.poll(wake - now(), TimeUnit.NANOSECONDS);
                if (post != null && post.event() != null && post.answer() == null) {
                    places.release();
                }
                if (mustStop) {
                    on(new ClientEvent.Stop());
                } else if (post != null && post.event() != null) {
                    wish = post.answer();
                    on(post.event());
                }
                perform(out -> machine.advance(now(), out));
            }
        } catch (Throwable e) {
            // A bug of ours; the program must not wait for ever.
            ended("BROKEN", e.toString());
        } finally {
            refuseWaiting();
            deliveries.finish();
            leave();
        }
    }

    /** The last word, BYE perhaps, still leaves. */
    private void leave() {
        if (line != null) {
            line.close();
        }
        if (leaving != null) {
            leaving.awaitClosed();
        }
        wires.close();
    }

    private long now() {
        return System.nanoTime() - beginNanos;
    }

    private void on(ClientEvent event) {
        if (event instanceof ClientEvent.Heard(long number, ClientMessage.Greeting(int version, int _))
                && line != null
                && line.number() == number) {
            if (ClientProtocol.VERSIONS.contains(version)) {
                line.speak(version);
            } else {
                on(new ClientEvent.Broken(
                        number,
                        "the gate wants version " + version + ", this client speaks " + ClientProtocol.VERSIONS));
                return;
            }
        }
        perform(out -> machine.on(now(), event, out));
    }

    private void perform(Consumer<Outbox<ClientAction>> step) {
        List<ClientAction> actions = new ArrayList<>();
        step.accept(actions::add);
        actions.forEach(this::act);
        Line its = line;
        if (its != null && its.isOverfull()) {
            on(new ClientEvent.Broken(its.number(), "the gate does not take what it is sent"));
        }
    }

    private void act(ClientAction action) {
        switch (action) {
            case ClientAction.Connect(long number, String gate) -> {
                line = new Line(number, wires.to(URI.create(gate)), this::happened, deliveries);
                line.start();
            }
            case ClientAction.Send(long _, ClientMessage.ToGate message) ->
                Objects.requireNonNull(line, "a message without a connection").send(message);
            case ClientAction.Close(long _) -> {
                leaving = Objects.requireNonNull(line, "a close without a connection");
                leaving.close();
                line = null;
            }
            case ClientAction.Taken(long seq) -> {
                answers.put(seq, Objects.requireNonNull(wish, "a number for nobody's wish"));
                wish = null;
            }
            case ClientAction.NotTaken(String why) -> {
                CompletableFuture<Letter> refused = Objects.requireNonNull(wish, "nobody's wish");
                wish = null;
                deliveries.add(() -> refused.completeExceptionally(new ClientException(Kind.FULL, "", why)));
            }
            case ClientAction.Answered(long seq, ClientMessage.Outcome outcome) ->
                answered(Objects.requireNonNull(answers.remove(seq), "an answer to nobody"), outcome);
            case ClientAction.Told(int _, String feed, long position, FeedItem item) ->
                tell(new News.Told(feed, position, new Letter(item.type(), item.body(), book)));
            case ClientAction.Lost(int _, String feed, long from, long upTo) -> tell(new News.Lost(feed, from, upTo));
            case ClientAction.Online(String uid, long _) -> {
                standing = "online";
                tell(new News.Online(uid));
                deliveries.add(() -> online.complete(uid)); // whoever waits for it finds it told
            }
            case ClientAction.Offline(String why, long retryNanos) -> {
                standing = "offline: " + why;
                tell(new News.Offline(why, Duration.ofNanos(retryNanos)));
            }
            case ClientAction.Ended(String code, String text, List<Long> _) -> ended(code, text);
        }
    }

    private void tell(News news) {
        deliveries.add(() -> handler.accept(news));
    }

    private void answered(CompletableFuture<Letter> answer, ClientMessage.Outcome outcome) {
        switch (outcome) {
            case ClientMessage.Outcome.Done(String type, Bytes body) ->
                deliveries.add(() -> answer.complete(new Letter(type, body, book)));
            case ClientMessage.Outcome.Failed(String kind, String text) ->
                deliveries.add(() -> answer.completeExceptionally(new ClientException(Kind.FAILED, kind, text)));
        }
    }

    private void ended(String code, String text) {
        News.Ended end = new News.Ended(code, text);
        ended = end;
        standing = "over: " + code + " " + text;
        answers.values()
                .forEach(answer -> deliveries.add(() -> answer.completeExceptionally(
                        new ClientException(Kind.UNKNOWN, code, "over before the answer came: " + code + " " + text))));
        answers.clear();
        refuseWaiting();
        tell(end);
        deliveries.add(() -> online.completeExceptionally(new ClientException(Kind.OVER, code, code + ": " + text)));
    }

    /** What was said and has not come to the machine. */
    private void refuseWaiting() {
        News.Ended end = Objects.requireNonNull(ended);
        for (Post post = inbox.poll(); post != null; post = inbox.poll()) {
            if (post.answer() != null) {
                post.answer()
                        .completeExceptionally(
                                new ClientException(Kind.OVER, end.code(), "the session is over: " + end.text()));
            }
        }
    }
}
