package dev.berth.poker.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.HostPort;
import dev.berth.node.session.Users;
import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.Player;
import dev.berth.poker.Poker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./berth poker accounts} at a cluster in this JVM, over real sockets: files that are wrong somewhere, and what is imported, listed and
 * disabled; what it says, and what the accounts have then.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountsCommandTest {
    private static final int MANY = 300;

    private final UserApp<Long> game = Poker.app();
    private final Entities app = game.entities();

    @TempDir
    Path dir;

    private DevCluster cluster;
    private Node node;
    private Path conf;
    private String said = "";
    private String complained = "";

    @BeforeAll
    void start() throws Exception {
        cluster = DevCluster.start(Timings.DEFAULT, 1, ServicePlan.bucketed(app.service(), 1, 16));
        cluster.operator()
                .propose(new Proposal.SetSetting(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, "1000"), Duration.ofMinutes(1));
        node = cluster.start(
                cluster.node("game").withStandby(app.service(), 1).withMessages(app.messages()),
                Map.of(app.service(), app.code()));
        conf = Files.writeString(Files.createTempFile("poker", ".conf"), """
            cluster = %s
            secret-file = "%s"
            coordinator { port = 1 }
            masters = ["%s"]
            services { poker { capacity = 1, buckets = 16 } }
            nodes { }
            """.formatted(
                        cluster.name(),
                        cluster.secretFile(),
                        HostPort.of(cluster.masters().getFirst().address())));
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
        Files.delete(conf);
    }

    private int accounts(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(words));
        all.addFirst("accounts");
        all.addAll(List.of("--file", conf.toString()));
        int code = new PokerCommand()
                .run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        said = out.toString();
        complained = err.toString();
        return code;
    }

    private String csv(String text) throws IOException {
        return Files.writeString(dir.resolve("players.csv"), text).toString();
    }

    @Test
    void aWrongLine_isNamed_withItsRemedy_andNothingIsImported() throws Exception {
        Map<String, String> wrongs = Map.of(
                "good1,5\nnick;7\n",
                "line 2 is not nick,balance; a heading is left out",
                "good2,5\n\nbad,minus\n",
                "line 3: a balance is 0 to 42949672 units with a point and two digits at most, got minus",
                "good3,5\nbad,1.005\n",
                "line 2: a balance is",
                "good4,5\nbad,-1\n",
                "line 2: a balance is",
                "good5,5\nbad,42949673\n",
                "line 2: a balance is",
                "good6,5\n,1\n",
                "line 2: a nick has 1 to 120 bytes",
                "good7,5\n" + "x".repeat(121) + ",1\n",
                "line 2: a nick has 1 to 120 bytes",
                "good8,5\ngood8,6\n",
                "line 2: good8 is there twice; leave one of them out",
                "nick,balance\ngood9,5\n",
                "line 1: a balance is");
        for (Map.Entry<String, String> wrong : wrongs.entrySet()) {
            assertThat(accounts("import", csv(wrong.getKey()), "--password", "foo"))
                    .isOne();
            assertThat(complained).contains(wrong.getValue()).contains("nothing was imported");
        }
        Files.write(dir.resolve("latin.csv"), "gr\u00fcn,5".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(accounts("import", dir.resolve("latin.csv").toString(), "--password", "foo"))
                .isOne();
        assertThat(complained).contains("is not in UTF-8");
        assertThat(accounts("import", dir.resolve("none.csv").toString(), "--password", "foo"))
                .isOne();
        assertThat(complained).contains("cannot read");
        assertThat(accounts("import", csv("good,5\n"))).isEqualTo(2);
        assertThat(complained).contains("--password");
        Users users = Users.of(node, app);
        for (int i = 1; i <= 9; i++) {
            assertThat(users.find("good" + i)).isEmpty();
        }
    }

    @Test
    void thousands_areImported_listedPageByPage_andTwiceChangesNothing() throws Exception {
        String all = IntStream.rangeClosed(1, MANY)
                .mapToObj(i -> "p" + i + "," + i + ".50\n")
                .collect(Collectors.joining());
        assertThat(accounts("import", csv(all), "--password", "foo"))
                .as(complained)
                .isZero();
        assertThat(said).contains(MANY + " accounts made, 0 were there");
        assertThat(accounts("list")).isZero();
        List<String> first = rows();
        assertThat(first).hasSize(MANY);

        assertThat(accounts("disable", "p17")).isZero();
        assertThat(accounts("import", csv(all.replace(".50", ".75") + "late,7\n"), "--password", "bar"))
                .isZero();
        assertThat(said).contains("1 accounts made, " + MANY + " were there");
        assertThat(accounts("list")).isZero();
        assertThat(rows())
                .hasSize(MANY + 1)
                .filteredOn(row -> row.startsWith("p"))
                .isEqualTo(first.stream()
                        .map(row -> row.startsWith("p17 ") ? row + " disabled" : row)
                        .toList());
        assertThat(accounts("list", "--json")).isZero();
        long p17 = Users.of(node, app).find("p17").orElseThrow().user();
        assertThat(said)
                .contains("{\"balance_cents\":1750,\"disabled\":true,\"in_play_cents\":0,\"nick\":\"p17\",\"player\":"
                        + p17 + "}");
        assertThat(app.agent(node, Player.class, p17).info().balance()).isEqualTo(1_750);
    }

    private List<String> rows() {
        return said.lines()
                .filter(line -> line.startsWith("p") || line.startsWith("late"))
                .toList();
    }

    /** With 2.5 ms for 10,000 rounds, as a processor of 2020 has it. */
    @Test
    void hashesOfPasswordsOfTheirOwn_areAsSlowAsTheTimeAllows() {
        long nanos = 2_500_000;
        assertThat(AccountsCommand.Import.rounds(20_000, 2, nanos, 600_000)).isEqualTo(3_200);
        assertThat(AccountsCommand.Import.rounds(20_000, 16, nanos, 600_000)).isEqualTo(25_600);
        assertThat(AccountsCommand.Import.rounds(1_000_000, 2, nanos, 600_000)).isEqualTo(1_000);
        assertThat(AccountsCommand.Import.rounds(100, 2, nanos, 600_000)).isEqualTo(600_000);
        assertThat(AccountsCommand.Import.rounds(1, 2, nanos, 500)).isEqualTo(500);
    }

    /** As after a power cut: the account is there, and its player has nothing yet. */
    @Test
    void importThatBrokeOff_goesOn_andWhoHasAnAccountGetsHisMoney() throws Exception {
        long user = app.agent(node, Numbers.class, Numbers.PLAYERS).take(1);
        Users.of(node, app).add("half", "foo", user);
        assertThat(accounts("import", csv("half,12.25\nwhole,3\n"), "--password", "bar"))
                .as(complained)
                .isZero();
        assertThat(said).contains("1 accounts made, 1 were there");
        assertThat(app.agent(node, Player.class, user).info().balance()).isEqualTo(1_225);
        long other = Users.of(node, app).find("whole").orElseThrow().user();
        assertThat(other).isGreaterThan(user);
    }

    /** Blocks of numbers do not overlap, also if they are taken at the same time. */
    @Test
    void numbersInBlocks_areGivenOnce() throws Exception {
        Set<Long> given = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= 40; i++) {
                int count = i;
                threads.execute(() -> {
                    long first = app.agent(node, Numbers.class, "blocks").take(count);
                    for (long number = first; number < first + count; number++) {
                        assertThat(given.add(number)).isTrue();
                    }
                });
            }
        }
        assertThat(given).hasSize(40 * 41 / 2);
        assertThat(app.agent(node, Numbers.class, "blocks").last()).isEqualTo(given.size());
    }

    @Test
    void eachHasHisOwnPassword_ifTheFileSaysSo() throws Exception {
        assertThat(accounts("import", csv("own1,5,secret,with a comma\nown2,6,other\n"), "--password-column"))
                .as(complained)
                .isZero();
        assertThat(accounts("import", csv("own3,5\n"), "--password-column")).isOne();
        assertThat(complained).contains("line 1 is not nick,balance,password");
        assertThat(accounts("show", "own2")).isZero();
        assertThat(said).contains("own2: player ").contains("balance 6.00, in play 0.00");
    }
}
