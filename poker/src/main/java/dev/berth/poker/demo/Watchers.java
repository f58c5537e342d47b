package dev.berth.poker.demo;

import dev.berth.client.BerthClient;
import dev.berth.client.ClientException;
import dev.berth.client.News;
import dev.berth.core.record.RecordBook;
import dev.berth.poker.user.UserHears;
import dev.berth.poker.user.UserSays;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/** Users by Berth's own protocol, through the gates, who watch tables: all of them together watch all tables. Any thread. */
final class Watchers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What one has heard of one table; the client hands on each position once and in order, and here that is looked at again. */
    private static final class Notes {
        private final List<News.Told> told = new ArrayList<>();
        private final List<News.Lost> lost = new ArrayList<>();
    }

    private final List<BerthClient> clients = new ArrayList<>();
    private final AtomicLong reconnects = new AtomicLong();
    private final LongAccumulator longestGapNanos = new LongAccumulator(Math::max, 0);
    // Guarded by this.
    private final Map<Long, Notes> notes = new TreeMap<>();

    private final List<String> ends = new ArrayList<>();

    /** One's connection. On the client's thread. */
    private final class Line {
        private boolean wasIn;
        private long lostAt;

        void online() {
            if (wasIn) {
                reconnects.incrementAndGet();
                longestGapNanos.accumulate(System.nanoTime() - lostAt);
            }
            wasIn = true;
            lostAt = 0;
        }

        void offline() {
            lostAt = lostAt == 0 ? System.nanoTime() : lostAt;
        }
    }

    /** Logs in with each account, and shares the tables out among them. */
    static Watchers open(String[] gates, RecordBook book, List<Bank.Account> accounts, List<Long> games)
            throws IOException, InterruptedException {
        Watchers watchers = new Watchers();
        try {
            for (Bank.Account account : accounts) {
                watchers.clients.add(watchers.client(gates, book, account));
            }
            for (int i = 0; i < games.size(); i++) {
                synchronized (watchers) {
                    watchers.notes.put(games.get(i), new Notes());
                }
                var _ = watchers.clients.get(i % accounts.size()).ask(new UserSays.Watch(games.get(i)), PATIENCE);
            }
            return watchers;
        } catch (ClientException refused) {
            watchers.close();
            throw new IOException("a watcher is refused at the gates: " + refused.getMessage(), refused);
        }
    }

    private BerthClient client(String[] gates, RecordBook book, Bank.Account account) {
        Line line = new Line();
        return BerthClient.to(gates)
                .credentials(account.nick(), account.password())
                .records(book)
                .onTold(this::told)
                .onLost(this::lost)
                .onOnline(_ -> line.online())
                .onOffline(_ -> line.offline())
                .onEnd(ended -> ended(account.nick() + " is let in no more: " + ended))
                .connect();
    }

    private synchronized void told(News.Told told) {
        if (!told.feed().isEmpty()) {
            notes(told.feed()).told.add(told);
        }
    }

    private synchronized void lost(News.Lost lost) {
        notes(lost.feed()).lost.add(lost);
    }

    private synchronized void ended(String what) {
        ends.add(what);
    }

    private Notes notes(String feed) {
        return notes.computeIfAbsent(Long.parseLong(feed, Character.MAX_RADIX), _ -> new Notes());
    }

    int count() {
        return clients.size();
    }

    long reconnects() {
        return reconnects.get();
    }

    /** From the loss of a connection to the next log-in, since this was asked last. */
    long takeLongestGapMillis() {
        return longestGapNanos.getThenReset() / 1_000_000;
    }

    /** What was heard, all in all. */
    synchronized long heard() {
        return notes.values().stream().mapToLong(each -> each.told.size()).sum();
    }

    /** Whether all have heard their tables up to these positions. */
    synchronized boolean haveHeard(Map<Long, Long> positions) {
        return positions.entrySet().stream().allMatch(each -> {
            Notes its = notes.get(each.getKey());
            return its != null && !its.told.isEmpty() && its.told.getLast().position() >= each.getValue();
        });
    }

    /** What was not heard once, in order and as it was said. */
    synchronized List<String> judge(Chronicle book) {
        List<String> findings = new ArrayList<>(ends);
        notes.forEach((game, its) -> {
            its.lost.forEach(lost -> findings.add("a watcher of game " + game + " has lost " + lost));
            long next = its.told.isEmpty() ? 0 : its.told.getFirst().position();
            for (News.Told told : its.told) {
                UserHears.Said said = told.letter().as(UserHears.Said.class);
                if (told.position() != next || !said.equals(book.said(game, told.position()))) {
                    findings.add("a watcher of game " + game + " heard " + told.position() + " instead of " + next
                            + ": " + said);
                }
                next = told.position() + 1;
            }
        });
        return findings;
    }

    @Override
    public void close() {
        clients.forEach(BerthClient::close);
    }
}
