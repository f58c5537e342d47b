package dev.berth.poker.bot;

import dev.berth.poker.bot.Finding.Kind;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

// After a log-in the history of the hand comes again. If it is the same hand, what was heard before has to be its
// beginning: something that was told is never taken back. Nothing says which hand it is, except the cards on the
// board: with three of them the same in the same order it is the same hand, or one in 132,600.

/** The broadcasts of a table since its last start, as one client hears them. Decides only. One thread. */
final class HandHistory {
    /** More than a hand has; what comes later is not compared. */
    private static final int KEPT_MAX = 1024;

    private static final int FLOP = 3;
    private static final int NONE = -1;

    private final BiConsumer<Kind, String> find;
    private final Consumer<List<Broadcast>> over;
    /** What was heard without a gap, of one hand. */
    private List<Broadcast> run = new ArrayList<>();

    private long self;
    private List<Broadcast> heard = new ArrayList<>();
    /** Heard before the connection was lost, from Seq 0 on; empty if that is unknown. */
    private List<Broadcast> before = List.of();

    private int last = NONE;
    private boolean isWhole;
    private boolean isReplay;
    /** It has left the table and not joined it again. */
    private boolean isAway;

    private int lastBefore = NONE;
    private int differsAt = NONE;

    HandHistory(BiConsumer<Kind, String> find) {
        this(find, _ -> {});
    }

    /** @param over hears each row of broadcasts of one hand, when the next one does not follow */
    HandHistory(BiConsumer<Kind, String> find, Consumer<List<Broadcast>> over) {
        this.find = find;
        this.over = over;
    }

    void self(long player) {
        self = player;
    }

    /** Who was seated hears the history from its beginning now; somebody else whatever comes next. */
    void connected(boolean isSeated) {
        before = isWhole ? List.copyOf(heard) : List.of();
        lastBefore = last;
        isReplay = isSeated && last != NONE;
        isAway = false;
        begin();
    }

    /**
     * Something was surely missed, until it joins again. The answer to its question for its balance said so, which may be ahead of
     * what the table said before: the last of that comes now, and then what was said when it began to watch.
     */
    void wentAway() {
        before = List.of();
        isReplay = false;
        isAway = true;
        begin();
    }

    private void begin() {
        over();
        heard = new ArrayList<>();
        last = NONE;
        isWhole = false;
        differsAt = NONE;
    }

    /** What comes next, if anything does, does not follow. */
    void over() {
        if (!run.isEmpty()) {
            over.accept(run);
            run = new ArrayList<>();
        }
    }

    /** Whether everything since the start of the hand was heard. */
    boolean isWhole() {
        return isWhole;
    }

    void hear(Broadcast broadcast) {
        if (broadcast.seq() == 0 || broadcast.seq() != last + 1 || run.size() == KEPT_MAX) {
            over();
        }
        run.add(broadcast);
        number(broadcast);
        isAway &= !(broadcast instanceof Packet.NotifyJoin joined && joined.player() == self);
        if (isWhole && heard.size() < KEPT_MAX) {
            heard.add(broadcast);
            compare(broadcast, heard.size() - 1);
        }
    }

    private void number(Broadcast broadcast) {
        int seq = broadcast.seq();
        if (seq == 0) {
            boolean starts = broadcast instanceof Packet.NotifyChat chat && chat.player() == 0;
            if (last != NONE) {
                before = List.of();
                // The first that a new table says at all may be anything.
                if (!starts) {
                    find.accept(Kind.GAP, "Seq 0 is a sentence of the house, got " + broadcast);
                }
            }
            heard.clear();
            isWhole = true;
        } else if (last != NONE && seq != (last + 1 & 0xffff)) {
            if (!isAway) {
                find.accept(Kind.GAP, "Seq %d after %d: %s".formatted(seq, last, broadcast));
            }
            isWhole = false;
        } else if (last == NONE && isReplay && seq != (lastBefore + 1 & 0xffff)) {
            find.accept(
                    Kind.GAP,
                    "Seq %d after a log-in, %d was the last before: %s".formatted(seq, lastBefore, broadcast));
        }
        last = seq;
    }

    private void compare(Broadcast broadcast, int at) {
        if (before.isEmpty()) {
            return;
        }
        if (differsAt == NONE && at < before.size() && !broadcast.equals(before.get(at))) {
            differsAt = at;
        }
        if (differsAt == NONE) {
            before = at == before.size() - 1 ? List.of() : before;
        } else if (board(heard).size() >= FLOP && board(before).size() >= FLOP) {
            if (board(heard).subList(0, FLOP).equals(board(before).subList(0, FLOP))) {
                Broadcast told = before.get(differsAt);
                find.accept(
                        Reckoning.isAction(told, self) ? Kind.LOST_ACTION : Kind.LOST_HISTORY,
                        "told %s, told after a log-in %s".formatted(told, heard.get(differsAt)));
            }
            before = List.of();
        }
    }

    private static List<Byte> board(List<Broadcast> broadcasts) {
        return broadcasts.stream()
                .filter(Packet.NotifyShared.class::isInstance)
                .map(each -> ((Packet.NotifyShared) each).card())
                .toList();
    }
}
