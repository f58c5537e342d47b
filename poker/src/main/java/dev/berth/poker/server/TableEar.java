package dev.berth.poker.server;

import dev.berth.core.wire.Bytes;
import dev.berth.gate.Ear;
import dev.berth.poker.OpenTable;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.Said;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// What a table says has no secrets, so a player's cards are asked for when it says that he was dealt one; what comes
// meanwhile waits, since his card has to come before what everybody hears of it.

/** What one client hears of one table. On the client's loop, where nothing else is said. */
final class TableEar implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableEar.class);

    /** What waits for his cards at most; more than a hand says. */
    private static final int WAITING_MAX = 1_024;

    private record Item(long position, Saying saying) {
        List<Said> said() {
            return saying.told().said();
        }
    }

    private final PokerServer server;
    private final Line line;
    private final long game;
    /** Up to here it was said before this client came: without his own cards, and without what he was asked. */
    private final long replayed;

    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private boolean asks;
    private final Ear ear;

    // ---- Guarded by this
    private long joinedAt;
    private boolean closed;

    /** He watches or sits here; before that he has only asked for a seat, and is told nothing. */
    private volatile boolean open;

    TableEar(PokerServer server, Line line, long game, long from, long replayed, boolean open) {
        this.server = server;
        this.line = line;
        this.game = game;
        this.replayed = replayed;
        this.open = open;
        this.ear = server.ears()
                .hear(
                        line.client(),
                        OpenTable.class,
                        game,
                        OpenTable.feed(game),
                        from,
                        (position, said) -> told(new Item(position, server.saying(game, (Heard) said))));
    }

    private void told(Item item) {
        if (isClosed()) {
            return;
        }
        if (waiting.size() >= WAITING_MAX) {
            line.client().close("too much waits for its cards");
            return;
        }
        waiting.add(item);
        playOut();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    void open() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }

    private void playOut() {
        while (!asks && !waiting.isEmpty() && !isClosed()) {
            Item first = waiting.element();
            if (first.position > replayed && isDealt(first)) {
                asks = true;
                var _ = server.hands(game, first.position, line.client())
                        .whenComplete((hands, failed) -> line.client().onLoop(() -> dealt(own(hands, failed))));
            } else {
                waiting.remove();
                say(first, Bytes.EMPTY);
            }
        }
    }

    private Bytes own(@Nullable List<OpenTable.Hand> hands, @Nullable Throwable failed) {
        if (hands == null) {
            LOG.warn("{}: no cards of game {}: {}", line.client(), game, String.valueOf(failed));
            line.client().close("its cards cannot be had");
            return Bytes.EMPTY;
        }
        for (OpenTable.Hand hand : hands) {
            if (hand.player() == line.player()) {
                return hand.cards();
            }
        }
        return Bytes.EMPTY;
    }

    private void dealt(Bytes cards) {
        asks = false;
        Item first = waiting.poll();
        if (first != null && !isClosed()) {
            say(first, cards);
            playOut();
        }
    }

    private boolean isDealt(Item item) {
        for (Said said : item.said()) {
            if (said instanceof Said.Private dealt && dealt.player() == line.player()) {
                return true;
            }
        }
        return false;
    }

    private void say(Item item, Bytes cards) {
        boolean isNew = item.position > replayed;
        int card = 0;
        List<Said> all = item.said();
        List<Bytes> packets = new ArrayList<>(all.size() + 1);
        for (int i = 0; i < all.size(); i++) {
            Said said = all.get(i);
            if (said instanceof Said.Left left && left.player() == line.player()) {
                // Who leaves hears nothing more, and not of it either.
                if (leaves(item.position)) {
                    line.say(packets);
                    line.hearNoMore(game, this);
                    return;
                }
            } else {
                if (said instanceof Said.Joined joined && joined.player() == line.player()) {
                    open = true;
                }
                if (isNew
                        && said instanceof Said.Private dealt
                        && dealt.player() == line.player()
                        && card < cards.length()) {
                    packets.add(Packets.encode(new Packet.NotifyDraw(game, cards.at(card++), item.saying.seq(i))));
                }
                if (open) {
                    packets.add(item.saying.packets().get(i));
                }
            }
        }
        Output.BetAsked asked = item.saying.told().asked();
        if (isNew && asked != null && asked.player() == line.player()) {
            packets.add(Packets.encode(new Packet.BetReq(game, asked.call(), asked.raiseMin(), asked.raiseMax())));
        }
        line.say(packets);
    }

    /** He has joined again, when this was the last position; false if he has left before that here, and has to begin to hear anew. */
    synchronized boolean joinsAgain(long position) {
        joinedAt = position;
        return !closed;
    }

    /** Whether it is over, since he has not joined again behind it. */
    private synchronized boolean leaves(long position) {
        closed |= position > joinedAt;
        return closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        ear.close();
    }
}
