package dev.berth.poker.server;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.gate.Client;
import dev.berth.node.entity.Denied;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.PacketException;
import dev.berth.poker.wire.Packets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// The process of a socket, and not of a player: he lives on when it dies (S3.18, S3.19). What a client says is done one
// at a time and in order, also if it has closed its socket meanwhile: who leaves, logs out and goes at once has left.
// What is said most asks the cluster and goes on with its answer; the rest has a thread of its own, which may wait.
// What tables say comes on the client's loop.

/** One connection of a client as of 2008: a visitor until it logs in. */
final class Line {
    /** Commands that wait; then the client is not read from. */
    static final int WAITING_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final PokerServer server;
    private final Client client;
    private final Commands commands;
    /** By their games. */
    private final Map<Long, TableEar> tables = new ConcurrentHashMap<>();

    // ---- Guarded by this
    private final ArrayDeque<Packet.Command> waiting = new ArrayDeque<>();
    private boolean atWork;
    private boolean paused;
    private boolean left;

    private volatile boolean over;
    /** Something it has said could not be done; what it has said behind that is not. */
    private volatile boolean refused;
    /** Whose connection it is. */
    private volatile Attachment own = Attachment.NONE;
    /** The newest log-in by another connection that it was told of; perhaps before it knows of its own. */
    private volatile Attachment other = Attachment.NONE;

    /**
     * A log-in.
     *
     * @param player 0 for a visitor
     */
    record Attachment(long player, long login) {
        static final Attachment NONE = new Attachment(0, 0);
    }

    Line(PokerServer server, Client client) {
        this.server = server;
        this.client = client;
        this.commands = new Commands(server, this);
    }

    // ---- What the client says, on its loop

    void packet(Bytes body) {
        Packet.Command command;
        try {
            command = Packets.command(body);
        } catch (PacketException malformed) {
            LOG.info("{} is closed: {}", client, malformed.getMessage());
            client.close(String.valueOf(malformed.getMessage()));
            return;
        }
        if (command instanceof Packet.Ping) {
            say(new Packet.Pong());
            return;
        }
        if (add(command)) {
            client.pause();
        }
    }

    /** Whether the client says too much. */
    private boolean add(Packet.Command command) {
        boolean pauses;
        synchronized (this) {
            waiting.add(command);
            pauses = waiting.size() >= WAITING_MAX && !paused;
            paused |= pauses;
        }
        goOn();
        return pauses;
    }

    private void goOn() {
        synchronized (this) {
            if (atWork) {
                return;
            }
            atWork = true;
        }
        work(false);
    }

    /** Until something has to be waited for; whoever brings that goes on. */
    private void work(boolean mayWait) {
        for (Packet.Command command = next(); command != null; command = next()) {
            if (refused || isElsewhere()) {
                continue;
            }
            if (begin(command)) {
                return;
            }
            if (!mayWait) {
                Packet.Command waits = command;
                server.work(() -> {
                    run(waits);
                    work(true);
                });
                return;
            }
            run(command);
        }
        if (over && leaves()) {
            leave();
        }
    }

    /** True if it has begun, and its end goes on with the next one. */
    private boolean begin(Packet.Command command) {
        try {
            return commands.begin(command, outcome -> {
                if (!(outcome instanceof Outcome.Done<?>)) {
                    failed(command, outcome);
                }
                work(false);
            });
        } catch (RuntimeException failed) {
            failed(command, failed);
            return false;
        }
    }

    /** Once. */
    private synchronized boolean leaves() {
        boolean first = !left;
        left = true;
        return first;
    }

    private synchronized Packet.@Nullable Command next() {
        Packet.Command command = waiting.poll();
        if (paused && waiting.size() < WAITING_MAX / 2) {
            paused = false;
            client.onLoop(client::resume);
        }
        atWork = command != null;
        return command;
    }

    /** On a thread that may wait. */
    void run(Packet.Command command, Commands.Ending end) {
        run(command);
        end.ended(new Outcome.Done<>(command));
    }

    private void run(Packet.Command command) {
        try {
            if (!refused && !isElsewhere()) {
                commands.run(command);
            }
        } catch (Denied unknown) {
            denied(String.valueOf(unknown.getMessage()));
        } catch (RuntimeException failed) {
            failed(command, failed);
        }
    }

    /** A game that does not exist, or a player: the original closes the connection. */
    private void denied(String why) {
        refused = true;
        client.close(why);
    }

    private void failed(Packet.Command command, Object why) {
        if (why instanceof Outcome.Failed<?>(String kind, String text) && kind.equals(Denied.class.getSimpleName())) {
            denied(text);
            return;
        }
        refused = true;
        LOG.warn("{}: {} could not be done: {}", client, command, why);
        client.close("it could not be done: " + why);
    }

    // ---- What it is told; any thread

    void say(Packet packet) {
        client.send(Packets.encode(packet));
    }

    void say(List<Bytes> packets) {
        if (!packets.isEmpty()) {
            client.send(packets);
        }
    }

    Client client() {
        return client;
    }

    long player() {
        return own.player;
    }

    long login() {
        return own.login;
    }

    /** Whose connection it is from here on; a visitor's watches are over. */
    void is(long itsPlayer, long itsLogin) {
        closeEars();
        own = new Attachment(itsPlayer, itsLogin);
    }

    void isVisitor() {
        is(0, 0);
    }

    Map<Long, TableEar> tables() {
        return tables;
    }

    /** Whether it is told what the table says. */
    boolean hears(long game) {
        TableEar ear = tables.get(game);
        return ear != null && ear.isOpen();
    }

    /** Hears the table, from a position on; from now on, if it does already. */
    void hear(long game, long from, long replayed) {
        listen(game, from, replayed, true);
    }

    /** The same when its player has got a seat; nothing before. */
    void hearOnceSeated(long game, long from) {
        listen(game, from, 0, false);
    }

    private void listen(long game, long from, long replayed, boolean open) {
        if (!over && !isElsewhere()) {
            TableEar ear = tables.compute(
                    game,
                    (_, there) -> there == null || there.isClosed()
                            ? new TableEar(server, this, game, from, replayed, open)
                            : there);
            if (open) {
                ear.open();
            }
            if (over || isElsewhere()) {
                closeEars();
            }
        }
    }

    void hearNoMore(long game) {
        TableEar ear = tables.remove(game);
        if (ear != null) {
            ear.close();
        }
    }

    void hearNoMore(long game, TableEar ear) {
        if (tables.remove(game, ear)) {
            ear.close();
        }
    }

    private void closeEars() {
        for (Long game : new TreeMap<>(tables).keySet()) {
            hearNoMore(game);
        }
    }

    /** Somebody has logged in with another connection; if it is its player, this one stays open, hears nothing more, and what it says means nothing. */
    void elsewhere(Attachment newer) {
        if (!isElsewhere()) {
            other = newer;
        }
        if (isElsewhere()) {
            closeEars();
        }
    }

    private boolean isElsewhere() {
        Attachment mine = own;
        Attachment newest = other;
        return mine.player != 0 && mine.player == newest.player && mine.login < newest.login;
    }

    /** The socket is gone; the player is not, and what he has said before is done: he may have left his tables. */
    void ended() {
        over = true;
        goOn();
    }

    private void leave() {
        closeEars();
        Attachment its = own;
        if (its.player != 0 && !isElsewhere()) {
            commands.detach(its.player, its.login);
        }
    }
}
