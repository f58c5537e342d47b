package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.gate.Ears;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Requests;
import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.Player;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.Said;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import io.netty.channel.DefaultEventLoop;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Tables with players who hear them, each for himself, and act when it is their table's turn. One thread. */
final class PokerHall implements AutoCloseable {
    private static final long MONEY = 100_000_000;
    private static final int AT_ONCE = 512;
    private static final int PROGRESS = 20_000;
    private static final int TURN_MILLIS = 60_000;
    private static final int DELAY_MILLIS = 500;
    private static final double P99 = 0.99;

    private final Node node;
    private final Entities app;
    private final Requests requests;
    private final Ears ears;
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Seats[] tables;
    private final int seats;
    private final long periodNanos;
    private final Consumer<String> say;
    private final AtomicLong failed = new AtomicLong();
    private final LongAdder heard = new LongAdder();
    /** Nanoseconds of what is measured. */
    private final long[] took;

    private final AtomicInteger measured = new AtomicInteger();
    private volatile boolean measures;

    PokerHall(Node node, Entities app, int games, int seats, int periodMillis, Consumer<String> say) {
        this.node = node;
        this.app = app;
        this.requests = new Requests(app, node);
        this.ears = Ears.at(node, app);
        this.tables = new Seats[games];
        this.seats = seats;
        this.periodNanos = periodMillis * 1_000_000L;
        this.say = say;
        this.took = new long[64 << 20 >> 3];
    }

    /** One table. On the loop, but for what is asked of it. */
    private final class Seats {
        private final long game;
        private final SplittableRandom dice;
        /** Whose turn it is, and what he may say. */
        private volatile Output.@Nullable BetAsked asked;
        /** When the action that is under way was to be sent; 0 if there is none. */
        private volatile long sentNanos;

        private volatile long actor;

        Seats(long game) {
            this.game = game;
            this.dice = new SplittableRandom(game);
        }

        void hears(long player, Heard item) {
            heard.increment();
            Lines.Told told = Lines.read(item.lines());
            boolean isOwn = player == actor && told.said().stream().anyMatch(said -> isAction(said, player));
            if (isOwn && sentNanos != 0) {
                acted();
            }
            Output.BetAsked bet = told.asked();
            if (bet != null && bet.player() == player) {
                // A blind that is posted is said with the next question only.
                if (sentNanos != 0) {
                    acted();
                }
                actor = player;
                asked = bet;
            }
        }

        private void acted() {
            if (measures) {
                int at = measured.getAndIncrement();
                if (at < took.length) {
                    took[at] = System.nanoTime() - sentNanos;
                }
            }
            sentNanos = 0;
        }

        /** At its instant. */
        void act(long dueNanos) {
            Output.BetAsked question = asked;
            if (question == null || sentNanos != 0) {
                return;
            }
            asked = null;
            sentNanos = dueNanos;
            long player = question.player();
            int die = dice.nextInt(100);
            Event.Act act = die < 4 && question.raiseMax() > 0
                    ? new Event.Fold(player)
                    : die < 12 && question.raiseMax() > 0
                            ? new Event.Raise(player, question.raiseMin())
                            : new Event.Call(player, question.call());
            requests.ask(
                    OpenTable.class,
                    game,
                    "acts",
                    game,
                    outcome -> {
                        if (!(outcome instanceof Outcome.Done<Bytes>)) {
                            failed.incrementAndGet();
                        }
                    },
                    0L,
                    act);
        }
    }

    private static boolean isAction(Said said, long player) {
        return switch (said) {
            case Said.Called called -> called.player() == player;
            case Said.Raised raised -> raised.player() == player;
            case Said.State state -> state.player() == player;
            default -> false;
        };
    }

    // ---- Who is there

    void open() throws InterruptedException {
        long firstGame = app.agent(node, Numbers.class, Numbers.GAMES).take(tables.length);
        long firstPlayer = app.agent(node, Numbers.class, Numbers.PLAYERS).take(tables.length * seats);
        Terms terms = new Terms(Game.TEXAS_FIXED, 1, seats, 1_000, 2_000, DELAY_MILLIS, TURN_MILLIS, seats);
        each(
                "players enroll",
                tables.length * seats,
                i -> app.agent(node, Player.class, firstPlayer + i).enroll("p" + i, MONEY));
        each("tables open", tables.length, i -> {
            long game = firstGame + i;
            Seats table = new Seats(game);
            tables[i] = table;
            app.agent(node, OpenTable.class, game).open(terms, null);
            for (int seat = 0; seat < seats; seat++) {
                long player = firstPlayer + (long) i * seats + seat;
                ears.hear(
                        loop,
                        OpenTable.class,
                        game,
                        OpenTable.feed(game),
                        1,
                        (_, said) -> table.hears(player, (Heard) said));
            }
        });
        each(
                "players sit down",
                tables.length * seats,
                i -> app.agent(node, Player.class, firstPlayer + i)
                        .join(0, firstGame + i / seats, 1 + i % seats, MONEY / 2));
    }

    private void each(String what, int count, IntConsumer work) throws InterruptedException {
        Semaphore atOnce = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                atOnce.acquire();
                threads.execute(() -> {
                    try {
                        work.accept(number);
                    } catch (RuntimeException error) {
                        if (failed.incrementAndGet() < 5) {
                            say.accept(what + ": " + error);
                        }
                    } finally {
                        atOnce.release();
                    }
                });
                if ((i + 1) % PROGRESS == 0) {
                    say.accept(what + ": " + (i + 1) + " of " + count);
                }
            }
        }
    }

    // ---- What they do

    void play(int warmUp, int seconds, Map<String, @Nullable Object> figures) throws InterruptedException {
        long start = System.nanoTime();
        pace(start, start + TimeUnit.SECONDS.toNanos(warmUp));
        measures = true;
        long begun = System.nanoTime();
        long heardBefore = heard.sum();
        pace(begun, begun + TimeUnit.SECONDS.toNanos(seconds));
        long ended = System.nanoTime();
        measures = false;
        int count = Math.min(measured.get(), took.length);
        long[] sorted = Arrays.copyOf(took, count);
        Arrays.sort(sorted);
        figures.put("games", tables.length);
        figures.put("players", tables.length * seats);
        figures.put("actions_rate", Math.round(count * 1e9 / (ended - begun)));
        figures.put("notifications_rate", Math.round((heard.sum() - heardBefore) * 1e9 / (ended - begun)));
        figures.put("action_p50_ms", millis(sorted, 0.5));
        figures.put("action_p99_ms", millis(sorted, P99));
        figures.put("action_max_ms", millis(sorted, 1));
        figures.put("failed", failed.get());
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        figures.put("heap_mb", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
        figures.put("processes", node.processes().count());
        figures.put("chips_conserved", chips() == MONEY * tables.length * seats);
        figures.put("pid", ProcessHandle.current().pid());
    }

    private static double millis(long[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : Bench.rounded(sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6, 1);
    }

    /** Each table's instants are spread over the period. */
    private void pace(long from, long until) {
        for (long round = 0; ; round++) {
            for (int i = 0; i < tables.length; i++) {
                long due = from + round * periodNanos + periodNanos * i / tables.length;
                if (due >= until) {
                    return;
                }
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                tables[i].act(due);
            }
        }
    }

    /** At tables and in balances; what is under way between the two arrives. */
    private long chips() throws InterruptedException {
        AtomicLong all = new AtomicLong();
        each("chips are counted", tables.length, i -> {
            TableView view =
                    app.agent(node, OpenTable.class, tables[i].game).look(0).view();
            all.addAndGet(view.pot()
                    + view.seats().stream().mapToLong(TableView.Seat::stack).sum());
        });
        return all.get() + MONEY / 2 * tables.length * seats;
    }

    @Override
    public void close() {
        ears.close();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
