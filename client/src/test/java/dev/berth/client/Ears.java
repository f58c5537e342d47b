package dev.berth.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** What a client's program has heard. */
@SuppressWarnings("ThreadPriorityCheck") // who waits for others lets them run
final class Ears {
    static final Duration LIMIT = Duration.ofSeconds(30);

    final List<News> news = new CopyOnWriteArrayList<>();

    ClientSetup on(ClientSetup setup) {
        return setup.onTold(news::add)
                .onLost(news::add)
                .onOnline(news::add)
                .onOffline(news::add)
                .onEnd(news::add);
    }

    <T extends News> List<T> all(Class<T> type) {
        return news.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The texts told by a feed. */
    List<String> told(String feed) {
        return all(News.Told.class).stream()
                .filter(told -> told.feed().equals(feed))
                .map(told -> told.letter().as(Town.Note.class).text())
                .toList();
    }

    News.Ended awaitEnd() {
        eventually("the end", () -> !all(News.Ended.class).isEmpty());
        return all(News.Ended.class).getFirst();
    }

    News.Offline awaitOffline() {
        eventually("offline", () -> !all(News.Offline.class).isEmpty());
        return all(News.Offline.class).getFirst();
    }

    /** For a reason that has this in it. */
    void eventuallyOffline(String why) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (all(News.Offline.class).stream()
                .noneMatch(offline -> offline.why().contains(why))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not offline because of '" + why + "', but: " + all(News.Offline.class));
            }
            Thread.yield();
        }
    }

    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in 30 s: " + what);
            }
            Thread.yield();
        }
    }
}
