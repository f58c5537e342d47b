package dev.berth.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.session.Condition;
import dev.berth.core.session.End;
import dev.berth.core.wire.Bytes;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.SlotCrew;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Names and passwords against real accounts in a cluster of this JVM, at two nodes. What each log-in is told, what it has cost in slow hashes, and what the
 * account has afterwards.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AccountDeskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UserApp<Long> game = Berth.app("inn").accounts();
    private final Entities app = game.entities();
    private DevCluster cluster;
    private Node node;
    private Lobby lobby;
    private Users users;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed("inn", 1, 8));
        node = cluster.start(
                cluster.node("owner").withSlots("inn", 1).withMessages(app.messages()), Map.of("inn", app.code()));
        lobby = game.lobby(node, app);
        users = Users.of(node, app);
        set(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, 1_000);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void set(String key, long value) throws Exception {
        assertThat(cluster.operator()
                        .propose(new Proposal.SetSetting(key, String.valueOf(value)), PATIENCE)
                        .accepted())
                .isTrue();
        CountDownLatch there = new CountDownLatch(1);
        try (var _ = node.settings().onChange(key, now -> {
            if (now.value().equals(String.valueOf(value))) {
                there.countDown();
            }
        })) {
            assertThat(there.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static Credentials who(String name, String password, String address) {
        return new Credentials(name, Bytes.utf8(password), "", new InetSocketAddress(address, 4_000));
    }

    /** The user's number, or why not. */
    private String login(Lobby at, Credentials who) {
        try {
            return at.login(who).text();
        } catch (LoginRefusedException refused) {
            assertThat(refused.why() == End.TOO_MANY_TRIES || refused.why() == End.TROUBLE)
                    .isEqualTo(refused.retryMillis() > 0);
            return refused.why() + ": " + refused.getMessage();
        }
    }

    private String login(String name, String password) {
        return login(lobby, who(name, password, "192.0.2.1"));
    }

    private Users.Account account(String name) {
        return users.find(name).orElseThrow();
    }

    private long inMemory() {
        return ((SlotCrew) app.code()).inMemory();
    }

    private static long hashesOf(Runnable what) {
        long before = SlowHashes.count();
        what.run();
        return SlowHashes.count() - before;
    }

    @Test
    @Tag("S3.24")
    void user_isAdded_andGetsInAsHisNumber() {
        long ada = users.add("ada", "sesame");
        users.add("bob", "sésame", 17);

        assertThat(login("ada", "sesame")).isEqualTo(String.valueOf(ada));
        assertThat(login("bob", "sésame")).isEqualTo("17");
        assertThat(users.add("cid", "sesame")).isNotEqualTo(ada);
        assertDenied(() -> users.add("ada", "other"), "there is an account ada");
        assertDenied(() -> users.disable("nobody"), "there is no account nobody");
        assertThat(users.find("nobody")).isEqualTo(Optional.empty());
        assertThat(users.condition(ada)).isEqualTo(Condition.OFFLINE);
    }

    private static void assertDenied(ThrowingCallable what, String why) {
        assertThatThrownBy(what).isInstanceOf(Denied.class).hasMessage(why);
    }

    @Test
    @Tag("S3.21")
    @Tag("S3.23")
    void tooManyWrongPasswords_disable_theLimitIsTheClusters_andWhoeverIsDisabledIsToldSoFirst() throws Exception {
        set(SettingsCatalog.ACCOUNTS_TRIES_MAX, 2);
        users.add("ada", "sesame");

        for (int i = 1; i <= 2; i++) {
            assertThat(login("ada", "guess " + i)).isEqualTo("DENIED: name or password are wrong");
            assertThat(account("ada").tries()).isEqualTo(i);
        }
        assertThat(login("ada", "guess 3")).isEqualTo("DISABLED: this account is disabled");
        assertThat(account("ada").disabled()).isTrue();
        assertThat(hashesOf(() -> {
                    assertThat(login("ada", "sesame")).isEqualTo("DISABLED: this account is disabled");
                    assertThat(login("ada", "guess 4")).isEqualTo("DISABLED: this account is disabled");
                }))
                .isZero();

        users.enable("ada");
        assertThat(login("ada", "sesame"))
                .isEqualTo(String.valueOf(account("ada").user()));
    }

    @Test
    @Tag("S3.23")
    void rightPassword_forgetsTheWrongOnes() {
        users.add("ada", "sesame");
        login("ada", "guess");
        login("ada", "guess");
        assertThat(account("ada").tries()).isEqualTo(2);
        login("ada", "sesame");
        assertThat(account("ada").tries()).isZero();
    }

    @Test
    @Tag("S3.23")
    void unknownName_costsAndSaysWhatAWrongPasswordDoes_andLeavesNothing() {
        users.add("ada", "sesame");

        for (String name : List.of("ada", "adam")) {
            assertThat(hashesOf(() -> assertThat(login(name, "guess")).isEqualTo("DENIED: name or password are wrong")))
                    .isEqualTo(1);
        }
        assertThat(users.find("adam")).isEmpty();
        long before = inMemory();
        for (int i = 0; i < 10; i++) {
            login("nobody-" + i, "guess");
        }
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (inMemory() > before) {
            assertThat(System.nanoTime())
                    .as("accounts of nobody leave the memory")
                    .isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(login("", "guess")).startsWith("DENIED");
        assertThat(login("x".repeat(121), "guess")).startsWith("DENIED");
        assertThat(login("ada", "")).startsWith("DENIED");
    }

    @Test
    @Tag("S3.21")
    void laterLogins_areQuick_untilSomethingChanges() throws Exception {
        String ada = String.valueOf(users.add("ada", "sesame"));
        Runnable right = () -> assertThat(login("ada", "sesame")).isEqualTo(ada);

        assertThat(hashesOf(right)).isEqualTo(1);
        assertThat(hashesOf(right)).isZero();
        assertThat(hashesOf(() -> login("ada", "guess"))).isEqualTo(1);
        assertThat(hashesOf(right)).as("after a wrong one").isZero();
        users.password("ada", "simsim");
        assertThat(hashesOf(() -> assertThat(login("ada", "sesame")).startsWith("DENIED")))
                .isEqualTo(1);
        Runnable changed = () -> assertThat(login("ada", "simsim")).isEqualTo(ada);
        assertThat(hashesOf(changed)).isEqualTo(1);
        assertThat(hashesOf(changed)).isZero();
        for (int i = 0; i < 8; i++) {
            users.password("ada", "simsim");
            assertThat(hashesOf(changed)).as("a right one costs no tries").isEqualTo(1);
        }
        users.disable("ada");
        assertThat(login("ada", "simsim")).startsWith("DISABLED");
        users.enable("ada");
        assertThat(login("ada", "simsim")).isEqualTo(ada);

        Node other = cluster.start(cluster.node("gate").withMessages(app.messages()), Map.of());
        Lobby there = game.lobby(other, app);
        assertThat(hashesOf(() -> login(there, who("ada", "simsim", "192.0.2.1"))))
                .as("the first one at a node that was not there before")
                .isEqualTo(1);
    }

    @Test
    void whatOneNodeHasFoundRight_anotherDoesNotHashAgain() throws Exception {
        Node other = cluster.start(cluster.node("gate").withMessages(app.messages()), Map.of());
        Lobby there = game.lobby(other, app);
        users.add("ada", "sesame");
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);

        // It is told, and not asked for: the first ones may be too early to hear, or quicker than the news.
        long hashes = 1;
        while (hashes > 0) {
            assertThat(System.nanoTime()).as("news of right passwords").isLessThan(until);
            users.password("ada", "sesame");
            login("ada", "sesame");
            LockSupport.parkNanos(5_000_000);
            hashes = hashesOf(() -> login(there, who("ada", "sesame", "192.0.2.2")));
        }

        assertThat(hashesOf(() -> login(there, who("ada", "guess", "192.0.2.2"))))
                .isEqualTo(1);
    }

    @Test
    void crowdWithOnePassword_asAnImportGivesIt_paysOneHash() throws Exception {
        set(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, 200_000);
        int crowd = 4 * (SlowHashes.THREADS + SlowHashes.WAITING_MAX);
        Users.Hashed same = users.hashed("sesame");
        for (int i = 0; i < crowd; i++) {
            users.add("user-" + i, same, 100 + i);
        }
        long before = SlowHashes.count();
        List<CompletableFuture<String>> all = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < crowd; i++) {
                String name = "user-" + i;
                String address = "10.1.0." + i;
                all.add(CompletableFuture.supplyAsync(() -> login(lobby, who(name, "sesame", address)), threads));
            }
        }

        for (int i = 0; i < crowd; i++) {
            assertThat(all.get(i).join()).isEqualTo(String.valueOf(100 + i));
        }
        assertThat(SlowHashes.count() - before).isLessThanOrEqualTo(2);
    }

    /** What a gate says of a hash that it has computed meanwhile. */
    @Test
    @Tag("S3.21")
    void accountThatChanges_whileAHashIsComputed_letsNobodyIn_andCountsNothing() {
        users.add("ada", "sesame");
        UserAccount ada = app.agent(node, UserAccount.class, "ada");
        String before = ada.look().hash();
        assertThat(ada.passed(before, "")).isTrue();
        users.password("ada", "simsim");
        assertThat(ada.passed(before, "")).isFalse();
        assertThat(ada.failed(before, 0)).isFalse();
        assertThat(ada.look().tries()).isZero();
        users.disable("ada");
        assertThat(ada.passed(ada.look().hash(), "")).isFalse();
    }

    @Test
    void raisedRounds_areTakenUpAtTheNextLogin() throws Exception {
        users.add("ada", "sesame");
        set(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, 2_000);
        assertThat(hashesOf(() -> login("ada", "sesame"))).isEqualTo(2);
        assertThat(hashesOf(() -> login("ada", "sesame"))).isZero();
        UserAccount kept = app.agent(node, UserAccount.class, "ada");
        assertThat(Passwords.rounds(kept.look().hash())).isEqualTo(2_000);
    }

    @Test
    @Tag("S3.23")
    void guesses_areBraked_perAccountAndPerAddress_andWhoIsRightIsNot() {
        String ada = String.valueOf(users.add("ada", "sesame"));
        users.add("bob", "sesame");
        login("ada", "sesame");
        for (int i = 0; i < 5; i++) {
            assertThat(login(lobby, who("bob", "guess", "192.0.2." + i))).startsWith("DENIED");
        }
        assertThat(login(lobby, who("bob", "sesame", "192.0.2.9")))
                .as("only an account that was in a short while ago is known without a hash")
                .isEqualTo("TOO_MANY_TRIES: too many tries for this account");
        assertThat(account("bob").tries()).isEqualTo(5);

        String crowd = "198.51.100.7";
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            said.add(login(lobby, who("nobody-" + i, "guess", crowd)));
        }
        assertThat(said).contains("TOO_MANY_TRIES: too many tries from this address");
        assertThat(login(lobby, who("ada", "sesame", "203.0.113.5"))).isEqualTo(ada);
    }

    /** As many at once as a flood brings: some are told to come again, and there are no more tries than there were hashes. */
    @Test
    void flood_isToldToComeAgain_andEveryTryIsCounted() throws Exception {
        set(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, 200_000);
        set(SettingsCatalog.ACCOUNTS_TRIES_MAX, 1_000);
        users.add("ada", "sesame");
        int crowd = 4 * (SlowHashes.THREADS + SlowHashes.WAITING_MAX);
        long before = SlowHashes.count();
        List<CompletableFuture<String>> all = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < crowd; i++) {
                int number = i;
                all.add(CompletableFuture.supplyAsync(
                        () -> login(
                                lobby,
                                who(
                                        number % 10 == 0 ? "ada" : "nobody-" + number,
                                        "guess",
                                        "10.0." + number / 250 + "." + number % 250)),
                        threads));
            }
        }
        List<String> said = all.stream().map(CompletableFuture::join).toList();
        long hashes = SlowHashes.count() - before;

        assertThat(said).anyMatch(each -> each.startsWith("TROUBLE"));
        assertThat(hashes)
                .as("those who guess the same at once have one in common")
                .isLessThanOrEqualTo(
                        said.stream().filter(each -> each.startsWith("DENIED")).count());
        assertThat(hashes).isPositive().isLessThan(crowd);
        assertThat(account("ada").tries()).isLessThanOrEqualTo(5);
    }

    @Test
    void password_isAnyBytes_andWhatIsNoHashIsRefused() {
        Bytes odd = Bytes.wrap(new byte[] {0, (byte) 0xFF, (byte) 0xC0, 1});
        String hash = Passwords.hash(odd, 1_000);
        assertThat(Passwords.matches(odd, hash)).isTrue();
        assertThat(Passwords.matches(Bytes.wrap(new byte[] {0, (byte) 0xFF, (byte) 0xC1, 1}), hash))
                .isFalse();
        assertThat(Passwords.hash(odd, 1_000)).isNotEqualTo(hash);
        for (int length : List.of(0, 1_025)) {
            assertThatThrownBy(() -> Passwords.hash(Bytes.wrap(new byte[length]), 1_000))
                    .hasMessage("a password has 1 to 1024 bytes, this one " + length);
        }
        for (String none : List.of("", "sesame", "pbkdf2-sha256$x$AA$AA", hash + "$", hash.replace("$1000$", "$0$"))) {
            assertThatThrownBy(() -> app.agent(node, UserAccount.class, "eve").add(none, 1))
                    .hasMessageContaining("no hash of a password");
        }
    }

    @Test
    void hashOfAnotherProgram_isKnown() {
        // python3: hashlib.pbkdf2_hmac('sha256', 'sésame'.encode(), bytes(range(16)), 1000)
        String hash = "pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw==$jp1MWNOW0tmamVJFolBq29nWOleLHVNftoAWaOuBYOY=";
        assertThat(Passwords.matches(Bytes.utf8("sésame"), hash)).isTrue();
    }
}
