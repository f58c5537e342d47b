package dev.berth.node.link;

import dev.berth.core.call.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** Ears that write down what they hear, for a test to wait for. Written on the loop, read by the test. */
final class Notebook implements PipeEars<PeerMessage, PeerMessage> {
    private static final int PATIENCE_SECONDS = 60;

    private final BiConsumer<Pipe<PeerMessage>, PeerMessage> also;
    private final CompletableFuture<Pipe<PeerMessage>> opened = new CompletableFuture<>();
    private final BlockingQueue<PeerMessage> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final CompletableFuture<Boolean> roomAgain = new CompletableFuture<>();
    private final AtomicInteger passes = new AtomicInteger();
    private final AtomicInteger closings = new AtomicInteger();

    Notebook() {
        this((_, _) -> {});
    }

    /** @param also what to do with a message besides */
    Notebook(BiConsumer<Pipe<PeerMessage>, PeerMessage> also) {
        this.also = also;
    }

    @Override
    public void opened(Pipe<PeerMessage> pipe) {
        opened.complete(pipe);
    }

    @Override
    public void received(PeerMessage message) {
        messages.add(message);
        also.accept(opened.join(), message);
    }

    @Override
    public void readComplete() {
        passes.incrementAndGet();
    }

    @Override
    public void roomAgain() {
        roomAgain.complete(true);
    }

    @Override
    public void closed(String cause) {
        closings.incrementAndGet();
        closed.complete(cause);
    }

    Pipe<PeerMessage> pipe() {
        return opened.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    boolean wasOpened() {
        return opened.isDone();
    }

    PeerMessage next() throws InterruptedException {
        PeerMessage message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message within " + PATIENCE_SECONDS + " s");
        }
        return message;
    }

    List<PeerMessage> next(int count) throws InterruptedException {
        List<PeerMessage> some = new ArrayList<>();
        while (some.size() < count) {
            some.add(next());
        }
        return some;
    }

    int unread() {
        return messages.size();
    }

    int passes() {
        return passes.get();
    }

    String cause() {
        return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    int closings() {
        return closings.get();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    void awaitRoom() {
        roomAgain.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Does something on the pipe's loop and waits for it. */
    void on(java.util.function.Consumer<Pipe<PeerMessage>> deed) {
        Pipe<PeerMessage> pipe = pipe();
        CompletableFuture.runAsync(() -> deed.accept(pipe), pipe.loop())
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
