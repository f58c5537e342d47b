package dev.berth.core.gateway;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.machine.Timers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

// Whoever seeks a place asks one server at a time, drawn at random, and is sent to the first that keeps one for him. A
// server that is full or silent is left alone for a while, by all who seek here, and then asked by one of them: so a
// crowd for which there is no place asks each server a few times a second, whatever its size, and a new place is found
// all the same. Everybody is answered within his patience.

/** A gateway's search for places. One thread. */
public final class Usher implements Machine<UsherEvent, UsherAction> {
    /** Something that must happen by a time. */
    private abstract static sealed class Due extends Timers.Timer {}

    /** A client. It waits for a server that can be asked, or has a question under way. */
    private static final class Seeker extends Due {
        final long client;
        final Way way;
        /** Who came first is first, also after he has asked in vain. */
        final long turn;

        Seeker(long client, Way way, long turn) {
            this.client = client;
            this.way = way;
            this.turn = turn;
        }
    }

    private static final class Question extends Due {
        final long number;
        final Server to;
        final Seeker of;

        Question(long number, Server to, Seeker of) {
            this.number = number;
            this.to = to;
            this.of = of;
        }
    }

    private enum Standing {
        OPEN,
        FULL,
        SILENT
    }

    private static final class Server {
        final long address;
        final Set<Way> without = EnumSet.noneOf(Way.class);
        Standing standing = Standing.OPEN;
        /** If it is not open: when one may ask again. */
        long askNanos;

        int underWay;

        Server(long address) {
            this.address = address;
        }
    }

    private final UsherConfig config;
    private final RandomGenerator dice;
    private final TreeMap<Long, Server> servers = new TreeMap<>();
    private final TreeMap<Long, Seeker> seekers = new TreeMap<>();
    private final TreeMap<Long, Question> questions = new TreeMap<>();
    private final Map<Way, TreeMap<Long, Seeker>> waiting = new EnumMap<>(Way.class);
    private final Timers<Due> timers = new Timers<>();
    private long turns;
    private long asked;

    public Usher(UsherConfig config, RandomGenerator dice) {
        this.config = config;
        this.dice = dice;
        for (Way way : Way.values()) {
            waiting.put(way, new TreeMap<>());
        }
    }

    /** Servers that are known. */
    public int servers() {
        return servers.size();
    }

    /** Clients that have no answer yet. */
    public int seekers() {
        return seekers.size();
    }

    @Override
    public long nextWakeNanos() {
        long next = timers.nextNanos();
        for (Server server : servers.values()) {
            if (server.standing != Standing.OPEN && server.underWay == 0 && isWanted(server)) {
                next = Math.min(next, server.askNanos);
            }
        }
        return next;
    }

    private boolean isWanted(Server server) {
        return waiting.entrySet().stream()
                .anyMatch(each -> !each.getValue().isEmpty() && !server.without.contains(each.getKey()));
    }

    @Override
    public void advance(long nowNanos, Outbox<UsherAction> out) {
        for (Due due = timers.poll(nowNanos); due != null; due = timers.poll(nowNanos)) {
            switch (due) {
                case Seeker late -> refuse(late, out);
                case Question unanswered -> {
                    end(unanswered);
                    passOver(unanswered.to, Standing.SILENT, nowNanos + config.silentNanos());
                }
            }
        }
        ask(nowNanos, out);
    }

    @Override
    public void on(long nowNanos, UsherEvent event, Outbox<UsherAction> out) {
        switch (event) {
            case UsherEvent.Servers(List<Long> all) -> are(all);
            case UsherEvent.Seeks seeks -> seeks(nowNanos, seeks, out);
            case UsherEvent.Left(long client) -> {
                Seeker seeker = seekers.get(client);
                if (seeker != null) {
                    forget(seeker);
                }
            }
            case UsherEvent.Answered(long number, PlaceAnswer answer) -> {
                Question question = questions.get(number);
                if (question != null) {
                    end(question);
                    answered(nowNanos, question, answer, out);
                }
            }
            case UsherEvent.Failed(long number) -> {
                Question question = questions.get(number);
                if (question != null) {
                    end(question);
                    passOver(question.to, Standing.SILENT, nowNanos + config.silentNanos());
                }
            }
        }
        ask(nowNanos, out);
    }

    private void are(List<Long> all) {
        TreeSet<Long> now = new TreeSet<>(all);
        servers.keySet().retainAll(now);
        now.forEach(address -> servers.computeIfAbsent(address, Server::new));
        // Nobody waits for the answer of a server that is gone.
        List.copyOf(questions.values()).stream()
                .filter(question -> servers.get(question.to.address) != question.to)
                .forEach(this::end);
    }

    private void seeks(long nowNanos, UsherEvent.Seeks seeks, Outbox<UsherAction> out) {
        Seeker seeker = new Seeker(seeks.client(), seeks.way(), ++turns);
        if (seekers.size() >= config.clients()) {
            noPlace(seeker, "too many look for a place at this moment", out);
            return;
        }
        if (seekers.putIfAbsent(seeker.client, seeker) != null) {
            throw new IllegalStateException("client " + seeker.client + " looks for a place already");
        }
        timers.set(seeker, nowNanos + seeks.patienceNanos());
        line(seeker).put(seeker.turn, seeker);
    }

    private TreeMap<Long, Seeker> line(Seeker seeker) {
        TreeMap<Long, Seeker> line = waiting.get(seeker.way);
        if (line == null) {
            throw new IllegalStateException("nobody waits for " + seeker.way);
        }
        return line;
    }

    private void forget(Seeker seeker) {
        seekers.remove(seeker.client);
        line(seeker).remove(seeker.turn);
        timers.cancel(seeker);
    }

    private void answered(long nowNanos, Question question, PlaceAnswer answer, Outbox<UsherAction> out) {
        Server server = question.to;
        switch (answer) {
            case PlaceAnswer.Reserved(String address) -> {
                server.standing = Standing.OPEN;
                // If he has gone, what was kept for him lapses.
                if (seekers.get(question.of.client) == question.of) {
                    forget(question.of);
                    out.add(new UsherAction.HandOff(question.of.client, address));
                }
            }
            case PlaceAnswer.Full() -> passOver(server, Standing.FULL, nowNanos + config.fullNanos());
            case PlaceAnswer.NoWay() -> server.without.add(question.of.way);
        }
    }

    private static void passOver(Server server, Standing why, long untilNanos) {
        server.standing = why;
        server.askNanos = untilNanos;
    }

    /** Whoever has asked it may ask another one. */
    private void end(Question question) {
        Seeker seeker = question.of;
        questions.remove(question.number);
        timers.cancel(question);
        question.to.underWay--;
        if (seekers.get(seeker.client) == seeker) {
            line(seeker).put(seeker.turn, seeker);
        }
    }

    private void ask(long nowNanos, Outbox<UsherAction> out) {
        waiting.forEach((way, line) -> ask(nowNanos, way, line, out));
    }

    private void ask(long nowNanos, Way way, TreeMap<Long, Seeker> line, Outbox<UsherAction> out) {
        while (!line.isEmpty()) {
            List<Server> open = open(nowNanos, way);
            if (open.isEmpty()) {
                return;
            }
            Server server = open.get(dice.nextInt(open.size()));
            Question question =
                    new Question(++asked, server, line.pollFirstEntry().getValue());
            server.underWay++;
            questions.put(question.number, question);
            timers.set(question, nowNanos + config.askNanos());
            out.add(new UsherAction.Ask(question.number, server.address, way));
        }
    }

    private List<Server> open(long nowNanos, Way way) {
        List<Server> open = new ArrayList<>();
        for (Server server : servers.values()) {
            boolean may = server.standing == Standing.OPEN
                    ? server.underWay < config.underWay()
                    : server.underWay == 0 && server.askNanos - nowNanos <= 0;
            if (may && !server.without.contains(way)) {
                open.add(server);
            }
        }
        return open;
    }

    private void refuse(Seeker seeker, Outbox<UsherAction> out) {
        forget(seeker);
        noPlace(seeker, servers.isEmpty() ? "no server is there at this moment" : standing(), out);
    }

    private String standing() {
        long full = count(Standing.FULL);
        long silent = count(Standing.SILENT);
        return "none of " + servers.size() + " servers has a place: " + full + " full, " + silent + " silent";
    }

    private long count(Standing standing) {
        return servers.values().stream()
                .filter(server -> server.standing == standing)
                .count();
    }

    private void noPlace(Seeker seeker, String why, Outbox<UsherAction> out) {
        int wait = dice.nextInt(config.retryMillis(), 3 * config.retryMillis() + 1);
        out.add(new UsherAction.NoPlace(seeker.client, why, wait));
    }
}
