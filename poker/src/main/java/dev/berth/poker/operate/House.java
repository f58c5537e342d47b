package dev.berth.poker.operate;

import dev.berth.core.call.CallException;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.ClusterFile;
import dev.berth.node.launch.ClusterFileException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.session.Users;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.Catalog;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.Poker;
import dev.berth.poker.bot.Crowd;
import dev.berth.poker.bot.Regular;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.Terms;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Who only wants to look finds tables, guests' accounts and bots: made when the cluster is up. Runs once, on a thread of its own. */
final class House implements Runnable {
    static final int TABLES_MAX = 64;
    /** Of a table. */
    static final int BOTS_MAX = 4;

    private static final int SEATS = 6;
    private static final int GUESTS = 9;
    private static final String PASSWORD = "guest";
    private static final long MONEY = 1_000_000;
    private static final long BUY_IN = 100_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** A big bet is twice the small one; tables differ. */
    private static final long[] LOWS = {200, 1_000, 2_000, 10_000};

    private final Path file;
    private final InetSocketAddress gateway;
    private final int tables;
    private final int draws;
    private final int bots;
    private final PrintWriter out;
    private final PrintWriter err;

    /** @param draws so many more tables of five-card draw, where no bots sit: clients of 2008 cannot discard */
    House(Path file, InetSocketAddress gateway, int tables, int draws, int bots, PrintWriter out, PrintWriter err) {
        this.file = file;
        this.gateway = gateway;
        this.tables = tables;
        this.draws = draws;
        this.bots = bots;
        this.out = out;
        this.err = err;
    }

    @Override
    public void run() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                open();
                return;
            } catch (CallException | IOException notYet) {
                if (System.nanoTime() > until) {
                    err.println("no tables were opened: " + notYet.getMessage());
                    err.flush();
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            } catch (ClusterFileException wrong) {
                throw new IllegalStateException("what ./berth poker has written cannot be read: " + file, wrong);
            }
        }
    }

    private void open() throws IOException, ClusterFileException {
        ClusterFile cluster = ClusterFile.read(file);
        if (!Files.exists(cluster.secretFile())) {
            throw new IOException("the cluster has not started");
        }
        Entities app = Poker.app().entities();
        NodeConfig config = NodeConfig.of(
                        cluster.cluster(),
                        Secret.ofFile(cluster.secretFile()),
                        "house-" + ProcessHandle.current().pid(),
                        cluster.masters().stream().map(HostPort::address).toList())
                .withTimings(cluster.timings().timings())
                .withMessages(app.messages());
        List<Long> games;
        try (Node node = Node.start(config, Map.of())) {
            games = games(app, node);
            Users users = Users.of(node, app);
            Users.Hashed same = users.hashed(PASSWORD);
            for (int i = 1; i <= GUESTS; i++) {
                enroll(app, node, users, "guest" + i, same);
            }
            for (int i = 1; i <= bots; i++) {
                enroll(app, node, users, "bot" + i, same);
            }
        }
        List<Regular> regulars = new ArrayList<>();
        for (int i = 0; i < bots; i++) {
            int seat = i / tables + 1;
            regulars.add(new Regular("bot" + (i + 1), PASSWORD, games.get(i % tables), seat, BUY_IN, i));
        }
        out.println(tables + draws + " tables are open, guest1 to guest" + GUESTS + " may log in with password "
                + PASSWORD + (bots == 0 ? "" : ", " + bots + " bots sit down"));
        out.flush();
        // They play until this process ends.
        var _ = Crowd.open(List.of(gateway), regulars);
    }

    /** The first ones that there are, and new ones if there are not enough. */
    private List<Long> games(Entities app, Node node) {
        TreeSet<Long> games = new TreeSet<>();
        TreeSet<Long> ofDraw = new TreeSet<>();
        for (int shelf = 0; shelf < Catalog.SHELVES; shelf++) {
            for (Catalog.Listed listed : app.agent(node, Catalog.class, shelf).all()) {
                (listed.terms().game() == Game.FIVE_CARD_DRAW ? ofDraw : games).add(listed.game());
            }
        }
        fill(app, node, games, tables, Game.TEXAS_FIXED);
        fill(app, node, ofDraw, draws, Game.FIVE_CARD_DRAW);
        return List.copyOf(games);
    }

    private static void fill(Entities app, Node node, TreeSet<Long> games, int count, Game kind) {
        while (games.size() < count) {
            long game = app.agent(node, Numbers.class, Numbers.GAMES).take(1);
            long low = LOWS[games.size() % LOWS.length];
            int seats = Math.min(SEATS, kind.seatsMax());
            app.agent(node, OpenTable.class, game)
                    .open(new Terms(kind, 1, seats, low, 2 * low, 3_000, 20_000, 2), null);
            games.add(game);
        }
    }

    private static void enroll(Entities app, Node node, Users users, String nick, Users.Hashed password) {
        long user = users.find(nick).map(Users.Account::user).orElse(0L);
        if (user == 0) {
            user = app.agent(node, Numbers.class, Numbers.PLAYERS).take(1);
            users.add(nick, password, user);
        }
        app.agent(node, Player.class, user).enroll(nick, MONEY);
    }
}
