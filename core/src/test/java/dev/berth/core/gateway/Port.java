package dev.berth.core.gateway;

import dev.berth.core.gateway.PlaceAnswer.Full;
import dev.berth.core.gateway.PlaceAnswer.Reserved;
import dev.berth.core.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// What clients and servers have is kept here a second time, in plain sets: what the machines believe is compared with
// it.

/** Servers, gateways and clients in virtual time, with a checker. One thread. */
final class Port {
    static final long MILLI = 1_000_000;
    static final long FAULTS = 30_000;
    static final long END = FAULTS + 50_000;
    static final long PATIENCE = 10_000;
    static final long KEEP = 15_000;

    /** A server of the world. */
    private static final class Server {
        final long id;
        final Places places;
        final TreeSet<Integer> inside = new TreeSet<>();
        int max;
        boolean dead;

        Server(long id, int max) {
            this.id = id;
            this.max = max;
            this.places = new Places(max, KEEP * MILLI);
        }
    }

    private static final class Gateway {
        final Usher usher;
        /** Connections that have no answer, and until when they must. */
        final TreeMap<Long, Long> owed = new TreeMap<>();

        final TreeMap<Long, Integer> whose = new TreeMap<>();
        final TreeMap<Long, Long> underWay = new TreeMap<>();
        final TreeMap<Long, Integer> allowed = new TreeMap<>();
        boolean dead;
        long wakes = Machine.NEVER;

        Gateway(SplittableRandom dice) {
            usher = new Usher(UsherConfig.DEFAULT, dice);
        }

        int client(long connection) {
            return Objects.requireNonNull(whose.get(connection), "nobody's connection");
        }
    }

    private final SplittableRandom dice;
    /** Nothing dies, changes, is lost or comes unsent. */
    private final boolean calm;

    private final TreeMap<Long, List<Runnable>> agenda = new TreeMap<>();
    private final TreeMap<Long, Server> servers = new TreeMap<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final TreeSet<Integer> in = new TreeSet<>();
    private final int clients;
    private long now;
    private long connections;
    private long ids;

    int handedOff;
    int refused;
    int turnedAway;
    int died;
    int asks;

    Port(long seed, boolean calm) {
        this.dice = new SplittableRandom(seed);
        this.calm = calm;
        this.clients = 1 + dice.nextInt(30);
        int many = dice.nextInt(5);
        for (int i = 0; i < many; i++) {
            starts();
        }
        int gates = 1 + dice.nextInt(3);
        for (int i = 0; i < gates; i++) {
            opens();
        }
        for (int client = 0; client < clients; client++) {
            int its = client;
            at(dice.nextInt(calm ? 5_000 : 20_000), () -> seeks(its));
        }
        if (!calm) {
            for (int i = 0; i < 12; i++) {
                at(dice.nextInt((int) FAULTS), this::fault);
            }
        }
    }

    private void at(long afterMillis, Runnable what) {
        agenda.computeIfAbsent(now + afterMillis, _ -> new ArrayList<>()).add(what);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    void run() {
        long end = calm ? FAULTS : END;
        while (!agenda.isEmpty() && agenda.firstKey() <= end) {
            var due = agenda.firstEntry();
            now = due.getKey();
            // What is added for now comes behind.
            Runnable next = due.getValue().removeFirst();
            if (due.getValue().isEmpty()) {
                agenda.remove(now);
            }
            next.run();
            check();
        }
        atTheEnd();
    }

    // ---- The checker

    private void check() {
        for (Gateway gateway : gateways) {
            if (!gateway.dead) {
                gateway.owed.forEach((connection, until) -> require(
                        now <= until, "connection " + connection + " has no answer at " + now + ", owed by " + until));
                gateway.underWay.forEach((server, count) -> require(
                        count <= UsherConfig.DEFAULT.underWay(), count + " questions at once to server " + server));
            }
        }
    }

    private void atTheEnd() {
        int capacity = 0;
        for (Server server : servers.values()) {
            capacity += server.dead ? 0 : server.max;
        }
        for (Server server : servers.values()) {
            if (!server.dead) {
                require(
                        server.inside.size() <= server.max,
                        "server " + server.id + " has " + server.inside.size() + " of " + server.max);
                require(server.places.taken() == server.inside.size(), "server " + server.id + " has miscounted");
            }
        }
        require(
                in.size() == Math.min(capacity, clients),
                in.size() + " of " + clients + " clients are in, there are " + capacity + " places");
    }

    // ---- Faults

    private void starts() {
        Server server = new Server(++ids, 1 + dice.nextInt(6));
        servers.put(server.id, server);
        seen();
    }

    /** Each gateway hears in its own time which servers there are. */
    private void seen() {
        for (Gateway gateway : gateways) {
            at(dice.nextInt(calm ? 100 : 5_000), () -> sees(gateway));
        }
    }

    private void sees(Gateway gateway) {
        List<Long> alive = new ArrayList<>();
        servers.values().stream().filter(each -> !each.dead).forEach(each -> alive.add(each.id));
        gateway.underWay.keySet().retainAll(alive);
        tell(gateway, new UsherEvent.Servers(alive));
    }

    private void opens() {
        Gateway gateway = new Gateway(dice.split());
        gateways.add(gateway);
        at(dice.nextInt(1_000), () -> sees(gateway));
    }

    private void fault() {
        switch (dice.nextInt(5)) {
            case 0 -> starts();
            case 1 ->
                servers.values().stream()
                        .filter(each -> !each.dead)
                        .skip(dice.nextInt(3))
                        .findFirst()
                        .ifPresent(this::dies);
            case 2 -> dies(gateways.get(dice.nextInt(gateways.size())));
            case 3 ->
                servers.values().stream()
                        .filter(each -> !each.dead)
                        .skip(dice.nextInt(3))
                        .findFirst()
                        .ifPresent(server -> {
                            // At the end it must be seen whether all places are taken.
                            server.max = Math.max(server.inside.size(), dice.nextInt(8));
                            server.places.limit(server.max);
                        });
            default -> {
                if (!in.isEmpty()) {
                    leaves(List.copyOf(in).get(dice.nextInt(in.size())));
                }
            }
        }
    }

    private void dies(Server server) {
        died++;
        server.dead = true;
        for (int client : List.copyOf(server.inside)) {
            in.remove(client);
            at(dice.nextInt(1_000), () -> seeks(client));
        }
        seen();
    }

    private void dies(Gateway gateway) {
        if (gateway.dead) {
            return;
        }
        gateway.dead = true;
        opens();
        gateway.owed.keySet().forEach(connection -> {
            int client = gateway.client(connection);
            at(1 + dice.nextInt(500), () -> seeks(client));
        });
    }

    private void leaves(int client) {
        for (Server server : servers.values()) {
            if (!server.dead && server.inside.remove(client)) {
                in.remove(client);
                server.places.leave();
                at(dice.nextInt(3_000), () -> seeks(client));
            }
        }
    }

    // ---- Clients

    private void seeks(int client) {
        Server near = servers.isEmpty() ? null : servers.lastEntry().getValue();
        if (!calm && now < FAULTS && near != null && !near.dead && dice.nextInt(20) == 0) {
            comes(client, near);
            return;
        }
        Gateway gateway = gateways.get(dice.nextInt(gateways.size()));
        if (gateway.dead) {
            at(1 + dice.nextInt(200), () -> seeks(client));
            return;
        }
        long connection = ++connections;
        gateway.owed.put(connection, now + PATIENCE);
        gateway.whose.put(connection, client);
        tell(gateway, new UsherEvent.Seeks(connection, Way.TCP, PATIENCE * MILLI));
        if (!calm && now < FAULTS && dice.nextInt(10) == 0) {
            at(dice.nextInt(1_000), () -> hangsUp(gateway, connection));
        }
    }

    private void hangsUp(Gateway gateway, long connection) {
        if (!gateway.dead && gateway.owed.remove(connection) != null) {
            int client = gateway.client(connection);
            tell(gateway, new UsherEvent.Left(connection));
            at(dice.nextInt(2_000), () -> seeks(client));
        }
    }

    private void comes(int client, @Nullable Server server) {
        if (server == null || server.dead) {
            at(100 + dice.nextInt(1_000), () -> seeks(client));
        } else if (server.places.enter(now * MILLI)) {
            server.inside.add(client);
            in.add(client);
            require(
                    server.inside.size() <= server.max,
                    "server " + server.id + " has let in " + server.inside.size() + " of " + server.max);
        } else {
            require(!calm, "client " + client + " was sent to a place and turned away");
            turnedAway++;
            at(100 + dice.nextInt(1_000), () -> seeks(client));
        }
    }

    // ---- Gateways

    private void tell(Gateway gateway, UsherEvent event) {
        if (!gateway.dead) {
            List<UsherAction> actions = new ArrayList<>();
            gateway.usher.on(now * MILLI, event, actions::add);
            actions.forEach(action -> act(gateway, action));
            rearm(gateway);
        }
    }

    private void rearm(Gateway gateway) {
        long next = gateway.usher.nextWakeNanos();
        if (next != Machine.NEVER && next != gateway.wakes) {
            gateway.wakes = next;
            at(Math.max(0, Math.ceilDiv(next, MILLI) - now), () -> wakes(gateway, next));
        }
    }

    private void wakes(Gateway gateway, long at) {
        if (!gateway.dead && gateway.wakes == at) {
            gateway.wakes = Machine.NEVER;
            List<UsherAction> actions = new ArrayList<>();
            gateway.usher.advance(now * MILLI, actions::add);
            actions.forEach(action -> act(gateway, action));
            rearm(gateway);
        }
    }

    private void act(Gateway gateway, UsherAction action) {
        switch (action) {
            case UsherAction.Ask ask -> asks(gateway, ask);
            case UsherAction.HandOff(long connection, String address) -> {
                handedOff++;
                int client = answered(gateway, connection);
                long id = Long.parseLong(address);
                int yes = gateway.allowed.merge(id, -1, Integer::sum);
                require(yes >= 0, "a client is sent to server " + id + ", which has not said so");
                at(delay(), () -> comes(client, servers.get(id)));
            }
            case UsherAction.NoPlace(long connection, String _, int retryMillis) -> {
                refused++;
                int client = answered(gateway, connection);
                at(retryMillis, () -> seeks(client));
            }
        }
    }

    private static int answered(Gateway gateway, long connection) {
        require(gateway.owed.remove(connection) != null, "connection " + connection + " is answered twice");
        return gateway.client(connection);
    }

    private long delay() {
        return !calm && now < FAULTS && dice.nextInt(10) == 0 ? dice.nextInt(20_000) : dice.nextInt(50);
    }

    private boolean isLost() {
        return !calm && now < FAULTS && dice.nextInt(15) == 0;
    }

    private void asks(Gateway gateway, UsherAction.Ask ask) {
        asks++;
        Server server = Objects.requireNonNull(servers.get(ask.server()), "a server that never was");
        gateway.underWay.merge(ask.server(), 1L, Long::sum);
        at(
                UsherConfig.DEFAULT.askNanos() / MILLI,
                () -> gateway.underWay.computeIfPresent(ask.server(), (_, count) -> count - 1));
        if (isLost()) {
            if (dice.nextBoolean()) {
                at(delay(), () -> tell(gateway, new UsherEvent.Failed(ask.question())));
            }
            return;
        }
        at(delay(), () -> {
            if (server.dead) {
                tell(gateway, new UsherEvent.Failed(ask.question()));
                return;
            }
            boolean yes = server.places.reserve(now * MILLI);
            if (!isLost()) {
                at(delay(), () -> {
                    gateway.allowed.merge(server.id, yes ? 1 : 0, Integer::sum);
                    tell(
                            gateway,
                            new UsherEvent.Answered(
                                    ask.question(), yes ? new Reserved(String.valueOf(server.id)) : new Full()));
                });
            }
        });
    }
}
