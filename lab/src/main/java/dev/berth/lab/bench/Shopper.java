package dev.berth.lab.bench;

import dev.berth.client.BerthClient;
import dev.berth.client.ClientException;
import dev.berth.core.record.RecordBook;
import dev.berth.lab.bench.ShopApp.Bought;
import dev.berth.lab.bench.ShopApp.Buy;
import dev.berth.lab.bench.ShopApp.Receipt;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

// What it sees is compared with what an undisturbed client would see: the n-th purchase is answered with n, and the
// n-th thing that it is told is the receipt of the n-th purchase.

/** A client that buys one thing after the other, whatever dies. Any thread. */
final class Shopper implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final long user;
    private final BerthClient client;
    private final Thread thread;
    private final long pauseMillis;
    private volatile boolean over;

    // Guarded by this.
    private final List<String> wrong = new ArrayList<>();
    private long answered;
    private long told;
    private long sinceMark;
    private long losses;
    private long lastNanos = System.nanoTime();
    private long longestNanos;
    private String why = "";

    /** @param pauseMillis between an answer and the next purchase */
    Shopper(long user, RecordBook book, List<InetSocketAddress> gates, long pauseMillis) {
        this.user = user;
        this.pauseMillis = pauseMillis;
        this.client = BerthClient.to(gates.stream()
                        .map(gate -> "tcp://127.0.0.1:" + gate.getPort())
                        .toArray(String[]::new))
                .credentials(String.valueOf(user), "")
                .records(book)
                .onTold(item -> told(item.letter().message()))
                .onLost(lost -> isWrong("positions " + lost.from() + " to " + lost.upTo() + " are lost"))
                .onOffline(away -> offline(away.why()))
                .onEnd(ended -> ends(ended.code()))
                .connect();
        this.thread = Thread.ofVirtual().unstarted(this::shop);
    }

    void start() throws InterruptedException {
        client.awaitOnline(PATIENCE);
        thread.start();
    }

    long user() {
        return user;
    }

    private void shop() {
        try {
            for (long number = 1; !over; number++) {
                Object answer = client.ask(new Buy(number), PATIENCE).message();
                answered(number, answer);
                if (pauseMillis > 0) {
                    TimeUnit.MILLISECONDS.sleep(pauseMillis);
                }
            }
        } catch (ClientException | InterruptedException broken) {
            isWrong("gave up: " + broken);
        }
    }

    private synchronized void answered(long number, Object answer) {
        if (!answer.equals(new Bought(number))) {
            isWrong("purchase " + number + " was answered by " + answer);
        }
        long now = System.nanoTime();
        longestNanos = Math.max(longestNanos, now - lastNanos);
        lastNanos = now;
        answered = number;
        sinceMark++;
        notifyAll();
    }

    private synchronized void told(Object item) {
        told++;
        if (!item.equals(new Receipt(told))) {
            isWrong("item " + told + " is " + item);
        }
        notifyAll();
    }

    private synchronized void offline(String text) {
        losses++;
        why = text;
    }

    private synchronized void isWrong(String what) {
        wrong.add("user " + user + ": " + what);
    }

    private void ends(String code) {
        if (!over) {
            isWrong("its session ended: " + code);
        }
    }

    // ---- What is seen of it

    /** Forgets the gaps so far. */
    synchronized void mark() {
        longestNanos = 0;
        sinceMark = 0;
        losses = 0;
        why = "";
    }

    /** Waits until so many purchases have been answered since the mark. */
    synchronized void awaitAnswers(long many) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (sinceMark < many && wrong.isEmpty() && System.nanoTime() < until) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, until - System.nanoTime()));
        }
    }

    /** The longest time without an answer, of those that have come since the mark. */
    synchronized double gapMillis() {
        return longestNanos / 1e6;
    }

    /** How often it has lost its connection since the mark. */
    synchronized long losses() {
        return losses;
    }

    synchronized long answered() {
        return answered;
    }

    /** Ends, when all that was bought has been told; what was other than it should be. */
    List<String> finish() throws InterruptedException {
        over = true;
        thread.join();
        synchronized (this) {
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (told < answered && System.nanoTime() < until) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, until - System.nanoTime()));
            }
            if (told != answered) {
                isWrong(answered + " purchases were answered and " + told + " told");
            }
            return List.copyOf(wrong);
        }
    }

    @Override
    public void close() {
        over = true;
        client.close();
    }

    @Override
    public synchronized String toString() {
        return "user " + user + (losses == 0 ? "" : ", who lost " + losses + " connections: " + why);
    }
}
