package dev.berth.poker.server;

import dev.berth.core.wire.Bytes;
import dev.berth.gate.Ear;
import dev.berth.poker.OpenTable;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.Wire;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.PacketType;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// What a table says has no secrets, so a player's cards are asked for when it says that he was dealt one; what comes
// meanwhile waits, since his card has to come before what everybody hears of it.

/** What one client hears of one table. On the client's loop, where nothing else is said. */
final class TableEar implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableEar.class);

    /** What waits for his cards at most; more than a hand says. */
    private static final int WAITING_MAX = 1_024;

    private static final int PRIVATE = PacketType.NOTIFY_PRIVATE.code();
    private static final int LEAVE = PacketType.NOTIFY_LEAVE.code();

    private record Item(long position, Heard heard) {}

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

    TableEar(PokerServer server, Line line, long game, long from, long replayed) {
        this.server = server;
        this.line = line;
        this.game = game;
        this.replayed = replayed;
        this.ear = server.ears()
                .hear(
                        line.client(),
                        OpenTable.class,
                        game,
                        OpenTable.FEED,
                        from,
                        (position, said) -> told(new Item(position, (Heard) said)));
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

    private void playOut() {
        while (!asks && !waiting.isEmpty() && !isClosed()) {
            Item first = waiting.element();
            if (first.position > replayed && isDealt(first.heard)) {
                asks = true;
                server.work(() -> {
                    Bytes cards = cards();
                    line.client().onLoop(() -> dealt(cards));
                });
            } else {
                waiting.remove();
                say(first, Bytes.EMPTY);
            }
        }
    }

    private Bytes cards() {
        try {
            return server.agent(OpenTable.class, game).cards(line.player());
        } catch (RuntimeException failed) {
            LOG.warn("{}: no cards of game {}: {}", line.client(), game, failed.toString());
            line.client().close("its cards cannot be had");
            return Bytes.EMPTY;
        }
    }

    private void dealt(Bytes cards) {
        asks = false;
        Item first = waiting.poll();
        if (first != null && !isClosed()) {
            say(first, cards);
            playOut();
        }
    }

    private boolean isDealt(Heard heard) {
        return Wire.split(heard.packets()).stream()
                .anyMatch(each -> Wire.type(each) == PRIVATE && Wire.player(each) == line.player());
    }

    private void say(Item item, Bytes cards) {
        boolean isNew = item.position > replayed;
        int place = 0;
        for (Bytes each : Wire.split(item.heard.packets())) {
            boolean isOwn = line.player() != 0 && isOfPlayer(each) && Wire.player(each) == line.player();
            if (isOwn && Wire.type(each) == LEAVE) {
                // Who leaves hears nothing more, and not of it either.
                if (leaves(item.position)) {
                    line.hearNoMore(game, this);
                    return;
                }
                continue;
            }
            if (isOwn && isNew && place < cards.length()) {
                line.say(new Packet.NotifyDraw(game, cards.at(place++), Wire.privateSeq(each)));
            }
            line.say(each);
        }
        if (isNew && item.heard.asked() == line.player() && line.player() != 0) {
            line.say(new Packet.BetReq(game, item.heard.call(), item.heard.raiseMin(), item.heard.raiseMax()));
        }
    }

    private static boolean isOfPlayer(Bytes packet) {
        return Wire.type(packet) == PRIVATE || Wire.type(packet) == LEAVE;
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
