package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.audit.Witness;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.ClusterFile;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.Numbers;
import dev.berth.poker.Poker;
import dev.berth.poker.demo.Party;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

// One town for all faults, each with a crowd of its own: a fault that leaves something behind is seen by those who come
// later. Newcomers are let loose while the fault lasts, and must have played before the test ends.

/**
 * {@code ./berth poker} as it is, a process each, while 48 bots play over real sockets: one thing after the other is killed, stopped, filled or shouted at. What the
 * players were told is compared with what the tables have said, and chips are counted. Needs root on Linux: {@code mvn -pl lab -am test -Pfaults
 * -Dtest=PokerFaultsTest -Dsurefire.failIfNoSpecifiedTests=false}; six minutes.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PokerFaultsTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int PLAYERS = 48;
    private static final int NEWCOMERS = 6;
    private static final int TABLES = 8;
    private static final int THINK_MILLIS = 200;
    private static final int MORE = 2;
    private static final int STRANGE_VISITS = 100;
    private static final String VICTIM = "game-1";
    private static final List<String> SERVERS = List.of("game-1", "game-2", "game-3");
    private static final int MIB = 1 << 20;

    /** What happens; returns when it has happened, and is over when the answer is closed. */
    interface Happening {
        AutoCloseable begin(PokerFaultsTest town) throws Exception;
    }

    @SuppressWarnings("ImmutableEnumChecker") // what happens has no state
    enum Fault {
        GAME_SERVER_IS_KILLED(true, town -> town.killed(VICTIM)),
        GATEWAY_IS_KILLED(false, town -> town.killed("gateway")),
        STORE_IS_KILLED(true, town -> town.killed("store")),
        STORE_AND_GATEWAY_ARE_KILLED(true, town -> town.killed("store", "gateway")),
        GAME_SERVER_IS_STOPPED(true, PokerFaultsTest::stopped),
        NONSENSE_AT_ALL_PORTS(false, PokerFaultsTest::strangers),
        DISK_IS_FULL(true, town -> town.filled(100L * MIB)),
        DISK_IS_FULL_TO_THE_LAST_BYTE(true, town -> town.filled(0));

        private final boolean isNoticed;
        private final Happening happening;

        /** @param isNoticed whether those who play may lose their connections by it */
        Fault(boolean isNoticed, Happening happening) {
            this.isNoticed = isNoticed;
            this.happening = happening;
        }
    }

    @TempDir
    static Path dir;

    private final Entities app = Poker.app().entities();
    private final Witness witness = new Witness();
    private @Nullable Path disk;
    private @Nullable PokerTown town;
    private @Nullable Operator operator;
    private @Nullable Node node;

    @BeforeAll
    void start() throws Exception {
        disk = Files.createDirectories(PokerTown.kept(dir, "store"));
        run("mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", disk.toString());
        town = new PokerTown(dir, "--servers", "" + SERVERS.size(), "--gates", "1", "--tables", "1");
        ClusterFile file = town.file();
        List<InetSocketAddress> masters =
                file.masters().stream().map(HostPort::address).toList();
        Secret secret = Secret.ofFile(file.secretFile());
        operator = new Operator(TransportConfig.of(file.cluster(), secret, Protocol.VERSIONS), masters);
        // The slow hash is slow on purpose, and many log in at once here.
        assertThat(operator.propose(new Proposal.SetSetting(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, "1000"), LONG)
                        .accepted())
                .isTrue();
        node = Node.start(NodeConfig.of(file.cluster(), secret, "judge", masters)
                .withTimings(file.timings().timings())
                .withMessages(app.messages()));
        var _ = witness.watch("the judge's node", node);
    }

    @AfterAll
    void stop() throws Exception {
        if (node != null) {
            node.close();
        }
        if (operator != null) {
            operator.close();
        }
        if (town != null) {
            town.close();
        }
        if (disk != null) {
            // Lazily: the engine's native code, which was unpacked there, stays loaded.
            run("umount", "--lazy", disk.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S1.34")
    @Tag("S2.25")
    @Tag("S3.11")
    @Tag("S3.13")
    @Tag("S3.17")
    void everybodyPlaysOn_andNothingIsLostOrDoubled(Fault fault) throws Exception {
        try (Party players = Party.open(node(), app, PLAYERS);
                Party newcomers = Party.open(node(), app, NEWCOMERS)) {
            players.sit(town().gateway(), THINK_MILLIS);
            until("everybody plays", players, () -> players.everybodyPlaysOn(Map.of(), 1));
            until("hands are under way", players, () -> players.handsUnderWay() >= TABLES / 2);
            long reconnects = players.tally().reconnects();

            try (AutoCloseable _ = fault.happening.begin(this)) {
                newcomers.sit(town().gateway(), THINK_MILLIS);
                if (!fault.isNoticed) {
                    playOn(players);
                }
            }
            playOn(players);
            until("newcomers play", newcomers, () -> newcomers.everybodyPlaysOn(Map.of(), MORE));
            allServe();
            if (!fault.isNoticed) {
                assertThat(players.tally().reconnects()).isEqualTo(reconnects);
            }
            isRight(players);
            isRight(newcomers);
        } catch (Exception | Error failed) {
            failed.addSuppressed(new AssertionError("the launcher said: " + town().said()));
            throw failed;
        }
    }

    private void playOn(Party players) throws Exception {
        Map<Long, Long> then = players.played();
        until("everybody plays on", players, () -> players.everybodyPlaysOn(then, MORE));
        until("everybody sits", players, () -> players.missing().isEmpty());
    }

    /** Each bucket has one owner, who is there. */
    private void allServe() throws Exception {
        until("all buckets run", null, () -> {
            View view = view();
            boolean[] all = {true};
            view.forEachUnit((_, state) -> all[0] &= state instanceof SlotState.Running
                    && view.member(state.owner().node()) != null);
            return all[0];
        });
        witness.told(operator().history(LONG));
        assertThat(witness.findings()).isEmpty();
    }

    private static void isRight(Party party) throws InterruptedException {
        party.end();
        Party.Judgement judged = party.judge();
        assertThat(judged.contradictions()).isEmpty();
        assertThat(judged.lost()).isZero();
        assertThat(judged.doubled()).isZero();
        assertThat(judged.after()).isEqualTo(judged.before());
    }

    // ---- What happens

    private AutoCloseable killed(String... nodes) throws Exception {
        List<Long> before = new ArrayList<>();
        for (String each : nodes) {
            before.add(town().pid(each));
        }
        town().kill(nodes);
        return () -> {
            for (int i = 0; i < nodes.length; i++) {
                String name = nodes[i];
                long former = before.get(i);
                until(name + " is started again", null, () -> town().pid(name) != 0 && town().pid(name) != former);
            }
        };
    }

    private AutoCloseable stopped() throws Exception {
        Incarnation former = incarnation();
        town().signal("STOP", VICTIM);
        until("others own what it had", null, () -> {
            View view = view();
            boolean[] all = {true};
            view.forEachUnit((_, state) -> all[0] &=
                    state instanceof SlotState.Running && !state.owner().equals(former));
            return all[0];
        });
        return () -> {
            town().signal("CONT", VICTIM);
            until("it has come back as another one", null, () -> !incarnation().equals(former));
        };
    }

    private Incarnation incarnation() throws Exception {
        Incarnation[] found = {Incarnation.NONE};
        view().forEachMember((Listing listing) ->
                found[0] = listing.name().equals(VICTIM) ? listing.incarnation() : found[0]);
        return found[0];
    }

    private AutoCloseable strangers() throws Exception {
        List<InetSocketAddress> ports = new ArrayList<>();
        for (String each : List.of("game-1", "game-2", "game-3", "gateway")) {
            List<InetSocketAddress> its = Strangers.portsOf(town().pid(each));
            assertThat(its).as(each).hasSizeGreaterThanOrEqualTo(2);
            ports.addAll(its);
        }
        Strangers strangers = new Strangers(ports);
        try {
            until("strangers have come", null, () -> strangers.haveCome(STRANGE_VISITS));
        } catch (Exception | Error failed) {
            strangers.close();
            throw failed;
        }
        return strangers;
    }

    /** Up to this room, or to the last byte. */
    private AutoCloseable filled(long room) throws Exception {
        Path full = disk();
        FileStore store = Files.getFileStore(full);
        Path filler = full.resolve("filler");
        byte[] piece = new byte[1 << 12];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (store.getUsableSpace() > room) {
                out.write(piece);
            }
        } catch (IOException noRoom) {
            assertThat(room).isZero();
        }
        until("the store refuses", null, this::isRefused);
        return () -> Files.delete(filler);
    }

    private boolean isRefused() {
        try {
            app.agent(node(), Numbers.class, "of nobody").take(1);
            return false;
        } catch (RuntimeException refused) {
            return String.valueOf(refused.getMessage()).contains("disk");
        }
    }

    // ---- What is seen

    private PokerTown town() {
        return there(town);
    }

    private Operator operator() {
        return there(operator);
    }

    private Node node() {
        return there(node);
    }

    private Path disk() {
        return there(disk);
    }

    private static <T> T there(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the town does not stand");
        }
        return part;
    }

    private View view() throws Exception {
        View view = operator().status(LONG).view().toView();
        witness.saw("the master", view);
        return view;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(String what, @Nullable Party party, Condition condition) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LONG + ": " + what
                        + (party == null
                                ? ""
                                : "; played " + party.played() + ", not at a table " + party.missing() + ", found "
                                        + party.tally().findings()));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
