package dev.berth.poker.demo;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.node.demo.Callers;
import dev.berth.node.demo.KeyValue;
import dev.berth.node.demo.LaunchedCluster;
import dev.berth.node.entity.Entities;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.Poker;
import dev.berth.poker.operate.PokerFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// The players are here, at sockets of their own; what they play on are processes. Nothing waits for a time to pass
// except so that people can watch: each thing that is done is over when all tables have gone on.

/** The story of an evening: a crowd plays, and what it plays on is killed, stopped and replaced. One thread, but {@link #now}. */
final class Evening implements AutoCloseable {
    private static final String CLUSTER = "demo";
    private static final int GATES = 2;
    private static final int NUMBERS_MAX = 3;
    private static final int CALLERS_PER_NUMBER = 2;
    private static final long CALLERS_PACE_MILLIS = 40;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int THINK_MILLIS = 600;
    /** Things that are done, and so pauses between them: one before each and one at the end. */
    private static final int PAUSES = 7;

    private static final int WATCHERS = 8;
    /** A session hears up to 32 tables. */
    private static final int WATCHED_MAX = 30;
    /** A table has gone on when it has said so much more. */
    private static final int GONE_ON = 3;

    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final List<String> SERVER = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path dir;
    private final int servers;
    private final int bots;
    private final long pauseMillis;
    private final Consumer<String> say;
    private final List<InetSocketAddress> masters = new ArrayList<>();
    private final List<String> nodes = new ArrayList<>();
    private final String[] gates = new String[GATES];
    private final Entities app = Poker.app().entities();
    private final Callers callers = new Callers(CALLERS_PACE_MILLIS);
    private final Map<String, Long> gaps = new LinkedHashMap<>();
    private InetSocketAddress gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private volatile String doing = "it starts";
    private volatile long longestGap;
    private volatile @Nullable LaunchedCluster cluster;
    private volatile @Nullable Node node;
    private volatile @Nullable Party party;
    private volatile @Nullable Watchers watchers;

    Evening(Path dir, int servers, int bots, int seconds, Consumer<String> say) {
        this.dir = dir;
        this.servers = servers;
        this.bots = bots;
        this.pauseMillis = TimeUnit.SECONDS.toMillis(seconds) / PAUSES;
        this.say = say;
    }

    Figures run() throws IOException, InterruptedException {
        Node here = start();
        Party players = open(here);
        killAServer();
        killAGate();
        killTheLeadingMaster();
        killTheStore();
        pauseAnOwner();
        int rolled = roll();
        doing = "it ends";
        say.accept("everybody gets up; what they were told is compared with what the tables have said, and chips are"
                + " counted");
        players.end();
        callers.stop();
        callers.compare();
        return judge(players, rolled);
    }

    // ---- The cluster

    private Node start() throws IOException, InterruptedException {
        Path file = write();
        say.accept("starts a coordinator, 2 masters, a store, " + servers + " game servers, 2 gates and a gateway, each"
                + " a process");
        LaunchedCluster its = new LaunchedCluster(dir, file, CLUSTER, masters, callers.witness);
        cluster = its;
        Node here = Node.start(
                NodeConfig.of(CLUSTER, its.secret(), "players", masters).withMessages(app.messages()));
        node = here;
        Path log = dir.resolve("launcher.log");
        String all = "all " + nodes.size() + " serve";
        its.until("every node serves", () -> Files.readString(log).contains(all));
        its.await("every slot runs", Evening::allRun);
        try {
            // The slow hash is slow on purpose, and hundreds log in at once here.
            its.operator().propose(new Proposal.SetSetting(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, "1000"), PATIENCE);
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
        callers.start(here, numbers(), CALLERS_PER_NUMBER);
        return here;
    }

    /** A server owns one at most, and one of the servers may be away. */
    private int numbers() {
        return Math.min(NUMBERS_MAX, servers - 1);
    }

    private Path write() throws IOException {
        List<Integer> free = LaunchedCluster.freePorts(PokerFile.PORTS + 1 + servers + GATES);
        for (int port : free.subList(1, 3)) {
            masters.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        int next = PokerFile.PORTS;
        gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.get(next++));
        PokerFile file = new PokerFile(CLUSTER, servers, free.subList(0, PokerFile.PORTS))
                .line("# Written by ./berth demo.")
                .line("state = \"" + dir.resolve("state") + "\"")
                .line("secret-file = \"" + dir.resolve("secret") + "\"")
                .service(KeyValue.NAME + " = " + numbers());
        nodes.addAll(List.of("coordinator", "master-1", "master-2", "store", "gateway"));
        for (int i = 1; i <= servers; i++) {
            nodes.add("game-" + i);
            file.server(
                    "game-" + i, DemoServer.class.getName(), KeyValue.NAME + " = standby", SERVER, free.get(next++));
        }
        for (int i = 1; i <= GATES; i++) {
            nodes.add("gate-" + i);
            gates[i - 1] = "ws://127.0.0.1:" + free.get(next) + "/berth";
            file.door("gate-" + i, SMALL, "--web", "127.0.0.1:" + free.get(next++));
        }
        file.door("gateway", SMALL, "--handoff", "127.0.0.1:" + gateway.getPort());
        return Files.writeString(dir.resolve("demo.conf"), file.text());
    }

    private Party open(Node here) throws IOException, InterruptedException {
        Party players = Party.open(here, app, bots);
        party = players;
        List<Long> games = players.bank().games();
        Watchers there = Watchers.open(
                gates,
                app.messages(),
                players.bank().openWatchers(Math.max(WATCHERS, games.size() / WATCHED_MAX)),
                games);
        watchers = there;
        players.sit(gateway, THINK_MILLIS);
        say.accept(bots + " players come through the gateway and sit down at " + games.size() + " tables; "
                + there.count() + " watchers come through the gates");
        its().until(
                        "a hand was played at every table",
                        () -> players.hands() >= games.size() && players.tablesGoOn(Map.of(), 1));
        players.tally().takeLongestGapMillis();
        pause();
        return players;
    }

    // ---- What happens to it

    private void killAServer() throws IOException, InterruptedException {
        String victim = owner(new SlotId(Poker.NAME, 1));
        doing = "a game server is killed";
        say.accept("kill -9 " + victim + ", where " + tables(victim) + " tables live");
        var dead = its().status().view().toView();
        its().signal("KILL", victim);
        awaitElsewhere(victim, dead);
        settled("its tables live on at the others, with the same cards, chips and turns");
    }

    private void killAGate() throws IOException, InterruptedException {
        doing = "a gate is killed";
        Watchers there = watchers();
        say.accept("kill -9 gate-1, where some of the watchers are");
        its().kill("gate-1");
        Map<Long, Long> said = party().positions();
        its().until("watchers have heard what was said meanwhile", () -> there.haveHeard(said));
        settled(there.reconnects() + " of " + there.count() + " watchers have come back by the other gate, and have"
                + " missed nothing");
    }

    private void killTheLeadingMaster() throws IOException, InterruptedException {
        doing = "the leading master is killed";
        its().killTheLeadingMaster(say);
        ClusterMessage.Status now = its().status();
        settled("term " + now.term() + " is led by " + now.leader());
    }

    private void killTheStore() throws IOException, InterruptedException {
        doing = "the store is killed";
        say.accept("kill -9 store: nobody hears of anything that is not on its disk");
        its().kill("store");
        settled("the store is back, and has all that anybody was told");
    }

    private void pauseAnOwner() throws IOException, InterruptedException {
        String victim = owner(new SlotId(Poker.NAME, 1));
        doing = "an owner is paused past its lease";
        say.accept("kill -STOP " + victim + ", where " + tables(victim) + " tables live, until others own them");
        var frozen = its().status().view().toView();
        its().signal("STOP", victim);
        awaitElsewhere(victim, frozen);
        say.accept("others own them; kill -CONT " + victim + ", which then writes under its old epochs");
        its().signal("CONT", victim);
        its().until("it has tried", () -> its().zombieWrites()[0] > 0);
        int[] zombie = its().zombieWrites();
        settled("the store has refused " + (zombie[0] - zombie[1]) + " of " + zombie[0] + " writes");
    }

    private int roll() throws IOException, InterruptedException {
        doing = "game servers get new code";
        Path jar = Release.writeNext(dir.resolve("release-2.jar"));
        say.accept("berth roll game-1 to game-" + servers + " --jar " + jar.getFileName()
                + ": one at a time, and hands go on");
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= servers; i++) {
            words.add("game-" + i);
        }
        words.addAll(List.of("--jar", jar.toString()));
        its().roll(say, words.toArray(String[]::new));
        AtomicInteger rolled = new AtomicInteger();
        its().said(log -> rolled.addAndGet(log.contains(DemoServer.RUNS + Release.NEXT) ? 1 : 0));
        settled(rolled + " of " + servers + " game servers run " + Release.NEXT);
        return rolled.get();
    }

    private void settled(String what) throws IOException, InterruptedException {
        Party players = party();
        Map<Long, Long> then = players.positions();
        its().until("all tables go on", () -> players.tablesGoOn(then, GONE_ON));
        long gap = Math.max(players.tally().takeLongestGapMillis(), watchers().takeLongestGapMillis());
        longestGap = Math.max(longestGap, gap);
        gaps.put(doing, gap);
        say.accept(what);
        pause();
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
    }

    // ---- What is seen of it

    private LaunchedCluster its() {
        LaunchedCluster there = cluster;
        if (there == null) {
            throw new IllegalStateException("not started");
        }
        return there;
    }

    private Party party() {
        Party there = party;
        if (there == null) {
            throw new IllegalStateException("nobody plays yet");
        }
        return there;
    }

    private Watchers watchers() {
        Watchers there = watchers;
        if (there == null) {
            throw new IllegalStateException("nobody watches yet");
        }
        return there;
    }

    private static boolean allRun(View view) {
        boolean[] all = {view.service(Poker.NAME) != null};
        view.forEachUnit((_, state) -> all[0] &= state instanceof SlotState.Running);
        return all[0];
    }

    private String owner(SlotId slot) throws IOException, InterruptedException {
        return LaunchedCluster.owner(its().status().view().toView(), slot);
    }

    /** How many buckets of the game it owns are of no interest to people: its share of the tables is. */
    private long tables(String victim) throws IOException, InterruptedException {
        View view = its().status().view().toView();
        long[] count = new long[2];
        view.forEachUnit((slot, _) -> {
            if (slot.service().equals(Poker.NAME)) {
                count[0] += LaunchedCluster.owner(view, slot).equals(victim) ? 1 : 0;
                count[1]++;
            }
        });
        return Math.round((double) party().positions().size() * count[0] / Math.max(1, count[1]));
    }

    /** Whoever was called so then owns nothing any more, and everything runs. */
    private void awaitElsewhere(String victim, View then) throws IOException, InterruptedException {
        List<SlotState> its = new ArrayList<>();
        then.forEachUnit((slot, state) -> {
            if (LaunchedCluster.owner(then, slot).equals(victim)) {
                its.add(state);
            }
        });
        its().await("others own what " + victim + " had", view -> {
            boolean[] left = {false};
            view.forEachUnit((_, state) ->
                    left[0] |= its.stream().anyMatch(lost -> lost.owner().equals(state.owner())));
            return !left[0] && allRun(view);
        });
    }

    private Figures judge(Party players, int rolled) throws IOException, InterruptedException {
        Map<Long, Long> last = players.last();
        its().until(
                        "watchers have heard all that tables have said",
                        () -> watchers().haveHeard(last));
        Party.Judgement judged = players.judge();
        callers.witness.told(its().journal());
        int[] zombie = its().zombieWrites();
        List<String> contradictions = new ArrayList<>(judged.contradictions());
        contradictions.addAll(watchers().judge(players.book()));
        callers.witness.findings().forEach(each -> contradictions.add(each.toString()));
        if (callers.failed.get() > 0) {
            contradictions.add(callers.failed + " calls of numbers have failed");
        }
        return new Figures(
                players.hands(),
                players.tally().actions(),
                players.tally().reconnects(),
                watchers().count(),
                watchers().reconnects(),
                watchers().heard(),
                gaps,
                judged.lost(),
                judged.doubled(),
                judged.before(),
                judged.after(),
                zombie[0],
                zombie[1],
                callers.witness.doubleOwners(),
                callers.done.get(),
                rolled,
                contradictions);
    }

    /** How things stand, for people. */
    List<String> now() {
        LaunchedCluster there = cluster;
        Party players = party;
        if (there == null || players == null || !players.isSeated()) {
            return List.of(doing);
        }
        List<String> down = nodes.stream().filter(name -> !isUp(there, name)).toList();
        return List.of(
                doing,
                "%d of %d processes are up%s"
                        .formatted(
                                nodes.size() - down.size(),
                                nodes.size(),
                                down.isEmpty() ? "" : ", not " + String.join(", ", down)),
                "%,d hands, %,d actions, %,d log-ins again, %,d complaints"
                        .formatted(
                                players.hands(),
                                players.tally().actions(),
                                players.tally().reconnects(),
                                players.tally().findingCount()),
                "longest gap now %,d ms, so far %,d ms"
                        .formatted(players.tally().longestGapMillis(), longestGap));
    }

    private static boolean isUp(LaunchedCluster there, String name) {
        try {
            long pid = there.pid(name);
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'T' && state != 'Z';
        } catch (IOException | RuntimeException gone) {
            return false;
        }
    }

    /** What callers and nodes saw, in a file of its own. */
    Path history() throws IOException {
        Path file = dir.resolve("history.txt");
        callers.witness.write(file);
        Party players = party;
        if (players != null) {
            players.book().write(dir.resolve("tables.txt"));
        }
        return file;
    }

    @Override
    public void close() {
        Watchers guests = watchers;
        if (guests != null) {
            guests.close();
        }
        Party players = party;
        if (players != null) {
            players.close();
        }
        Node here = node;
        if (here != null) {
            here.close();
        }
        LaunchedCluster its = cluster;
        if (its != null) {
            its.close();
        }
    }
}
