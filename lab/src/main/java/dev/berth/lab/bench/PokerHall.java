package dev.berth.lab.bench;

import dev.berth.core.call.CallException;
import dev.berth.core.machine.Backoff;
import dev.berth.gate.Ears;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Requests;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Self;
import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.Player;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

// Each table has an instant, again and again, at which whoever is asked by then acts. What an action took is counted
// from that instant, so a server that falls behind cannot hide it by being asked less. Everybody who is there, at a
// table or not, has a connection: a process, which asks for its player's balance once while it is measured.

/** A hall of tables with players who hear them, each for himself, and act when it is their turn, and a lobby. One thread. */
final class PokerHall implements AutoCloseable {
    private static final long MONEY = 100_000_000;
    private static final int AT_ONCE = 512;
    private static final int PROGRESS = 50_000;
    private static final int ROUNDS_TOLD = 10;
    private static final int TURN_MILLIS = 60_000;
    private static final int DELAY_MILLIS = 500;
    /** One table of so many is judged. */
    private static final int JUDGED = 20;
    /** Actions are this late at most, which counts: a thread that sleeps and wakes for each would need a tenth of a processor. */
    private static final long GRAIN_NANOS = 1_000_000;

    /** What took longer is counted as that. */
    private static final int SLOWEST_MILLIS = 60_000;

    private static final int PARTS_PER_MILLI = 10;
    private static final int TOLD_MAX = 5;
    /** How often somebody asks who counts. */
    private static final int PATIENCE = 30;

    /** For whoever is refused, since there is too much to do. */
    private static final Backoff AGAIN = new Backoff(20_000_000, 2_000_000_000);

    private final Node node;
    private final Entities app;
    private final Size size;
    private final Consumer<String> say;
    private final Ears ears;
    final Requests requests;
    /** The node's, as it is that of a game server's clients. */
    final EventLoop loop;

    final LongAdder heard = new LongAdder();
    /** Questions and actions that had to be said again. */
    final LongAdder refused = new LongAdder();

    private final HallTable[] tables;
    private final List<ProcessRef<String>> connections = new ArrayList<>();
    /** Of each table what its bots have done, and of each connection whether it has had its answer, while it is measured. */
    private final AtomicIntegerArray tableActs;

    private final AtomicIntegerArray answers;
    private final AtomicLong failed = new AtomicLong();
    /** Actions by how many tenths of a millisecond they took. */
    private final AtomicIntegerArray took = new AtomicIntegerArray(SLOWEST_MILLIS * PARTS_PER_MILLI + 1);

    /** Since it was last told. */
    private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);

    private volatile boolean measures;
    private long firstPlayer;

    /**
     * Who is there.
     *
     * @param players at the tables
     * @param lobby players at none
     */
    record Size(int games, int players, int lobby, int periodMillis) {
        int everybody() {
            return players + lobby;
        }

        /** Who sit there; the first hand begins when all do. */
        int seats(int table) {
            return players / games + (table < larger() ? 1 : 0);
        }

        /** The first tables have one seat more, if players cannot be divided. */
        private int larger() {
            return players % games;
        }

        /** At which table somebody sits: one table after the other is filled, since one that waits for players says so all the time. */
        int table(int player) {
            int few = players / games;
            int atLarger = larger() * (few + 1);
            return player < atLarger ? player / (few + 1) : larger() + (player - atLarger) / few;
        }

        int seat(int player) {
            int table = table(player);
            int before = table * (players / games) + Math.min(table, larger());
            return 1 + player - before;
        }
    }

    PokerHall(Node node, Entities app, Size size, Consumer<String> say) {
        this.node = node;
        this.app = app;
        this.size = size;
        this.say = say;
        this.requests = new Requests(app, node);
        this.ears = Ears.at(node, app);
        this.loop = node.loops().next();
        this.tables = new HallTable[size.games];
        this.tableActs = new AtomicIntegerArray(size.games);
        this.answers = new AtomicIntegerArray(size.everybody());
    }

    // ---- Who is there

    void open() throws InterruptedException {
        long firstGame = app.agent(node, Numbers.class, Numbers.GAMES).take(size.games);
        firstPlayer = app.agent(node, Numbers.class, Numbers.PLAYERS).take(size.everybody());
        each(
                "players enroll",
                size.everybody(),
                i -> app.agent(node, Player.class, firstPlayer + i).enroll("p" + i, MONEY));
        for (int i = 0; i < size.everybody(); i++) {
            int number = i;
            connections.add(node.processes().spawn((Self<String> _) -> new Connection(number)));
        }
        each("tables open", size.games, i -> {
            tables[i] = new HallTable(this, firstGame + i);
            int seats = size.seats(i);
            Terms terms = new Terms(Game.TEXAS_FIXED, 1, seats, 1_000, 2_000, DELAY_MILLIS, TURN_MILLIS, seats);
            app.agent(node, OpenTable.class, firstGame + i).open(terms, null);
        });
        each("players sit down", size.players, i -> {
            HallTable table = tables[size.table(i)];
            long player = firstPlayer + i;
            int seat = size.seat(i);
            ears.hear(
                    loop,
                    OpenTable.class,
                    table.game,
                    OpenTable.feed(table.game),
                    1,
                    (position, said) -> table.hears(player, seat, position, (Heard) said));
            app.agent(node, Player.class, player).join(0, table.game, seat, MONEY / 2);
        });
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
                        failed(what, error);
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

    /** Whoever is there, as the process of a socket is: it asks for its player's balance when it is told to. */
    private final class Connection implements Behavior<String> {
        private final int number;
        private int refusals;

        Connection(int number) {
            this.number = number;
        }

        @Override
        public @Nullable Object on(Self<String> self, String message) {
            try {
                if (app.agent(node, Player.class, firstPlayer + number).info().balance() >= 0 && measures) {
                    answers.set(number, 1);
                }
            } catch (CallException tooMuchToDo) {
                refused.increment();
                self.after(Duration.ofNanos(againNanos(++refusals)), message);
            }
            return null;
        }
    }

    // ---- What they do

    void play(int warmUp, int seconds, Map<String, @Nullable Object> figures) throws InterruptedException {
        long start = System.nanoTime();
        pace(start, start + TimeUnit.SECONDS.toNanos(warmUp));
        measures = true;
        long begun = System.nanoTime();
        long heardBefore = heard.sum();
        Duration cpuBefore = Proc.ownCpu();
        pace(begun, begun + TimeUnit.SECONDS.toNanos(seconds));
        long ended = System.nanoTime();
        measures = false;
        // Of owner, store, ears and bots.
        long cpu = Proc.ownCpu().minus(cpuBefore).toNanos();
        long notified = heard.sum() - heardBefore;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
        long actions = sum(took);
        figures.put("games", size.games);
        figures.put("players", size.players);
        figures.put("processes", node.processes().count());
        figures.put("kinds", kinds());
        figures.put("each_had_a_message", sum(answers) == size.everybody() && least(tableActs) > 0);
        figures.put("actions_rate", Math.round(actions * 1e9 / (ended - begun)));
        figures.put("notifications_rate", Math.round(notified * 1e9 / (ended - begun)));
        figures.put("cpu_us_per_action", Bench.rounded(cpu / 1e3 / actions, 1));
        figures.put("action_p50_ms", millis(actions, 0.5));
        figures.put("action_p99_ms", millis(actions, 0.99));
        figures.put("action_max_ms", millis(actions, 1));
        figures.put("refused", refused.sum());
        figures.put("failed", failed.get());
        figures.put("heap_mb", heap);
        judge(figures);
        figures.put("chips_conserved", chips() == MONEY * size.everybody());
        figures.put("pid", ProcessHandle.current().pid());
    }

    private Map<String, Integer> kinds() {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        kinds.put("tables", size.games);
        kinds.put("players_at_tables", size.players);
        kinds.put("players_in_lobby", size.lobby);
        kinds.put("connections", connections.size());
        kinds.put("other", node.processes().count() - size.games - size.everybody() - connections.size());
        return kinds;
    }

    private static long sum(AtomicIntegerArray all) {
        long sum = 0;
        for (int i = 0; i < all.length(); i++) {
            sum += all.get(i);
        }
        return sum;
    }

    private static int least(AtomicIntegerArray all) {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < all.length(); i++) {
            least = Math.min(least, all.get(i));
        }
        return least;
    }

    /** Of the actions, that of which this share took no longer. */
    private double millis(long actions, double share) {
        long before = (long) Math.ceil(actions * share);
        int at = -1;
        for (long sum = 0; sum < before && at < took.length() - 1; ) {
            at++;
            sum += took.get(at);
        }
        return at < 0 ? Double.NaN : Bench.rounded((at + 1) / (double) PARTS_PER_MILLI, 1);
    }

    /** Each table's instants are spread over the period, and those of connections over all the time that is measured. */
    private void pace(long from, long until) {
        int asked = 0;
        for (long round = 0; ; round++) {
            if (round > 0 && round % ROUNDS_TOLD == 0) {
                long millis = TimeUnit.NANOSECONDS.toMillis(slowestNanos.getThenReset());
                say.accept(round * size.periodMillis / 1_000 + " s; the slowest action since the last line " + millis
                        + " ms");
            }
            for (int i = 0; i < tables.length; i++) {
                long due = from
                        + TimeUnit.MILLISECONDS.toNanos(round * size.periodMillis)
                        + TimeUnit.MILLISECONDS.toNanos(size.periodMillis) * i / tables.length;
                if (due >= until) {
                    return;
                }
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(Math.max(left, GRAIN_NANOS));
                }
                if (tables[i].act(due) && measures) {
                    tableActs.incrementAndGet(i);
                }
                // A little earlier than the end, so that what is asked last is answered.
                double share = Math.min(1, 1.1 * (due - from) / (until - from));
                while (measures && asked < connections.size() * share) {
                    connections.get(asked++).send("how much is there?");
                }
            }
        }
    }

    /** After the measurement: who won at some of the tables, and who should have. */
    private void judge(Map<String, @Nullable Object> figures) throws InterruptedException {
        loop.submit(() -> {}).await();
        int judged = 0;
        int wrong = 0;
        for (HallTable table : tables) {
            for (HeardHand hand : table.hands()) {
                Boolean right = hand.isRight();
                if (right != null) {
                    judged++;
                    wrong += right ? 0 : 1;
                }
            }
        }
        figures.put("hands_judged", judged);
        figures.put("winners_right", judged > 0 && wrong == 0);
    }

    /** At tables and in balances; what is under way between the two arrives. */
    private long chips() throws InterruptedException {
        AtomicLong all = new AtomicLong();
        each("chips are counted", tables.length, i -> {
            TableView view = patiently(() ->
                    app.agent(node, OpenTable.class, tables[i].game).look(0).view());
            all.addAndGet(view.pot()
                    + view.seats().stream().mapToLong(TableView.Seat::stack).sum());
        });
        each(
                "balances are counted",
                size.everybody(),
                i -> all.addAndGet(patiently(() ->
                        app.agent(node, Player.class, firstPlayer + i).info().balance())));
        return all.get();
    }

    /** Asks until there is an answer; what still fails after a minute does. */
    private static <T> T patiently(Supplier<T> question) {
        for (int refusals = 1; ; refusals++) {
            try {
                return question.get();
            } catch (CallException tooMuchToDo) {
                if (refusals == PATIENCE) {
                    throw tooMuchToDo;
                }
                LockSupport.parkNanos(againNanos(refusals));
            }
        }
    }

    // ---- For its tables

    boolean isJudged(HallTable table) {
        return table.game % JUDGED == 0;
    }

    void took(long nanos) {
        slowestNanos.accumulate(nanos);
        if (measures) {
            long parts = nanos * PARTS_PER_MILLI / TimeUnit.MILLISECONDS.toNanos(1);
            took.incrementAndGet(Math.clamp(parts, 0, took.length() - 1));
        }
    }

    /** Whoever is refused waits, longer each time: else those who ask again are what there is too much of. */
    void again(int refusals, Runnable what) {
        refused.increment();
        var _ = loop.schedule(what, againNanos(refusals + 1), TimeUnit.NANOSECONDS);
    }

    private static long againNanos(int refusals) {
        return AGAIN.delayNanos(refusals, ThreadLocalRandom.current());
    }

    void failed(String what, Object outcome) {
        if (failed.incrementAndGet() <= TOLD_MAX) {
            say.accept(what + ": " + outcome);
        }
    }

    @Override
    public void close() {
        ears.close();
    }
}
