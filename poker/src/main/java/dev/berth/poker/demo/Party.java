package dev.berth.poker.demo;

import dev.berth.node.entity.Entities;
import dev.berth.node.worker.Node;
import dev.berth.poker.bot.Crowd;
import dev.berth.poker.bot.Finding;
import dev.berth.poker.bot.HeardHand;
import dev.berth.poker.bot.Regular;
import dev.berth.poker.bot.Tally;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.wire.Packet;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// Nothing happens here: whoever has opened it does that, and asks meanwhile whether everybody plays on.

/** A crowd at tables of its own, and what the tables have said beside what the players were told. One thread, but what only looks. */
public final class Party implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LOOK_MILLIS = 200;

    private final Bank bank;
    private final List<Regular> regulars;
    private final long before;
    private final Chronicle book = new Chronicle();
    private final Scribe scribe;
    private final Map<Long, Queue<HeardHand>> heard = new ConcurrentHashMap<>();
    private final Map<Long, Long> played = new ConcurrentHashMap<>();
    private volatile @Nullable Crowd crowd;

    private Party(Node node, Entities app, Bank bank, int players) throws InterruptedException {
        this.bank = bank;
        this.regulars = bank.open(players);
        this.before = bank.count();
        this.scribe = new Scribe(node, app, bank.games(), book);
    }

    /** Opens tables and accounts for so many, who do not come yet. */
    public static Party open(Node node, Entities app, int players) throws InterruptedException {
        return new Party(node, app, new Bank(node, app), players);
    }

    /**
     * They come, each from an address of his own, and sit down; once.
     *
     * @param thinkMillis how long each takes to answer, at most
     */
    public void sit(InetSocketAddress gateway, int thinkMillis) {
        crowd = Crowd.open(List.of(gateway), regulars, new Crowd.Manner(thinkMillis, true, this::remember));
    }

    private void remember(HeardHand hand) {
        heard.computeIfAbsent(hand.player(), _ -> new ConcurrentLinkedQueue<>()).add(hand);
        if (HeardHand.actions(hand.told(), hand.player()) > 0
                && hand.told().getLast() instanceof Packet.NotifyEndGame) {
            played.merge(hand.player(), 1L, Math::addExact);
        }
    }

    // ---- What is seen of it

    /** Whether they have come. */
    boolean isSeated() {
        return crowd != null;
    }

    /** What the players have done and seen. */
    public Tally tally() {
        Crowd there = crowd;
        if (there == null) {
            throw new IllegalStateException("nobody has come yet");
        }
        return there.tally();
    }

    Bank bank() {
        return bank;
    }

    Chronicle book() {
        return book;
    }

    /** Hands that have ended. */
    public long hands() {
        return book.hands();
    }

    /** The position of what each table has said last, as it was heard here, by game. */
    public Map<Long, Long> positions() {
        return book.positions();
    }

    /** Whether each table has said so much more since then. */
    public boolean tablesGoOn(Map<Long, Long> then, long more) {
        return positions().entrySet().stream()
                .allMatch(each -> each.getValue() >= then.getOrDefault(each.getKey(), 0L) + more);
    }

    /** Hands in which each player has acted and of which he has heard the end, by his number. */
    public Map<Long, Long> played() {
        return new TreeMap<>(played);
    }

    /** Whether each player has played so many hands more since then. */
    public boolean everybodyPlaysOn(Map<Long, Long> then, long more) {
        return bank.players().stream()
                .allMatch(each -> played.getOrDefault(each, 0L) >= then.getOrDefault(each, 0L) + more);
    }

    /** At how many tables chips are in a pot at this moment. */
    public long handsUnderWay() {
        return bank.games().stream()
                .filter(game -> bank.table(game).look(0).view().pot() > 0)
                .count();
    }

    /** Who should sit at a table and does not, by his number. */
    public List<Long> missing() {
        Map<Long, TableView> views = new TreeMap<>();
        bank.games().forEach(game -> views.put(game, bank.table(game).look(0).view()));
        return bank.players().stream()
                .filter(player -> views.values().stream().allMatch(view -> view.seatOf(player) == 0))
                .toList();
    }

    // ---- Its end

    /** All connections end, without a word. */
    public void end() {
        Crowd there = crowd;
        if (there != null) {
            there.close();
        }
    }

    /** The position of what each table has said last, by game, as the tables say. */
    Map<Long, Long> last() {
        Map<Long, Long> last = new TreeMap<>();
        for (long game : bank.games()) {
            last.put(game, bank.table(game).look(0).last());
        }
        return last;
    }

    /**
     * What came of it.
     *
     * @param lost actions that a player was told, and that his table does not have
     * @param doubled actions that a table has, beyond what the player has answered
     * @param before cents of all accounts, before anybody played
     * @param after cents of all accounts and on all tables
     * @param contradictions all, in words
     */
    public record Judgement(long lost, long doubled, long before, long after, List<String> contradictions) {
        public Judgement {
            contradictions = List.copyOf(contradictions);
        }
    }

    /** After the {@link #end}: waits until all that was said is heard here, and money is under way no more. */
    public Judgement judge() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Map<Long, Long> last = last();
        while (!tablesGoOn(last, 0) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        List<String> contradictions = new ArrayList<>();
        if (!tablesGoOn(last, 0)) {
            contradictions.add("of what tables have said up to " + last + " only this was heard: " + positions());
        }
        Chronicle.Verdict verdict = book.judge(heard.values());
        long after = bank.count();
        // What is under way between an account and a table is in neither.
        while (after != before && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            after = bank.count();
        }
        Tally tally = tally();
        tally.findings().forEach(each -> contradictions.add(each.toString()));
        contradictions.addAll(verdict.findings());
        return new Judgement(
                verdict.lost() + tally.count(Finding.Kind.LOST_ACTION),
                verdict.doubled() + tally.count(Finding.Kind.DOUBLED_ACTION),
                before,
                after,
                contradictions);
    }

    @Override
    public void close() {
        end();
        scribe.close();
    }
}
