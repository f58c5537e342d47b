package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.ClientMessage.Bodies;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.session.Condition;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.session.Users;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.SlotCrew;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A game whose users have accounts, with an owner and two gates in this JVM, over real sockets and a real store. What clients are told when accounts
 * are disabled, users are logged out and gates are lost, and what guessers and crowds are told.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AccountsTest {
    record Ping(int number) {}

    record Leave(long user) {}

    record Count() {}

    record Counted(int asked) {}

    record Join(String name, String password) {}

    record Joined(long user) {}

    interface Door extends Entity<String> {
        String turn(long user);

        Counted count();

        void out(long user);
    }

    private static final String SERVICE = "inn";

    private final UserApp<Long> game = Berth.app(SERVICE)
            .entity(Door.class, DoorCode::new)
            .records(Joined.class)
            .accounts()
            .onVisitor(Count.class, _ -> Berth.agent(Door.class, "door").count())
            .onVisitor(Join.class, message -> new Joined(Berth.users().add(message.name(), message.password())))
            .on(Ping.class, (_, message) -> message)
            .on(Leave.class, (_, message) -> {
                Berth.agent(Door.class, "door").out(message.user());
                return null;
            });

    private record DoorCode(Context<String> me) implements Door {
        @Override
        public String turn(long user) {
            return Berth.users().condition(user) == Condition.ONLINE ? "waits for him" : "plays on without him";
        }

        @Override
        public Counted count() {
            return new Counted(7);
        }

        @Override
        public void out(long user) {
            me.logOut(user);
        }
    }

    private final Entities app = game.entities();
    private final List<Player> players = new ArrayList<>();
    private DevCluster cluster;
    private Node first;
    private Node second;
    private SessionGate gate;
    private SessionGate other;
    private Users users;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed(SERVICE, 1, 8));
        assertThat(cluster.operator()
                        .propose(
                                new Proposal.SetSetting(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, "1000"),
                                Duration.ofMinutes(1))
                        .accepted())
                .isTrue();
        cluster.start(
                cluster.node("owner").withSlots(SERVICE, 1).withMessages(app.messages()), Map.of(SERVICE, app.code()));
        first = cluster.start(cluster.node("gate-1").withMessages(app.messages()), Map.of());
        second = cluster.start(cluster.node("gate-2").withMessages(app.messages()), Map.of());
        gate = gate(first);
        other = gate(second);
        users = Users.of(second, app);
    }

    @AfterEach
    void stop() {
        players.forEach(Player::close);
        gate.close();
        other.close();
        cluster.close();
    }

    private SessionGate gate(Node node) throws Exception {
        return SessionGate.open(
                game.lobby(node, app), GateConfig.of(Port.tcp(Haven.ANY)), dev.berth.core.session.GateLimits.DEFAULT);
    }

    private static InetSocketAddress at(SessionGate gate) {
        return gate.addresses().getFirst();
    }

    private Player player(String name, String password, SessionGate... at) {
        Player player = new Player(
                app.messages(),
                name,
                password,
                List.of(at).stream().map(AccountsTest::at).toArray(InetSocketAddress[]::new));
        players.add(player);
        return player;
    }

    private Player online(String name, SessionGate... at) throws Exception {
        Player player = player(name, "sesame", at);
        assertThat(player.online.poll(60, TimeUnit.SECONDS)).isNotNull();
        return player;
    }

    private static String end(Player player) throws Exception {
        return player.ended.get(60, TimeUnit.SECONDS).code();
    }

    @Test
    @Tag("S3.21")
    @Tag("S3.23")
    void disabledAccount_endsItsSessionAtOnce_andNobodyGetsInUntilItIsEnabled() throws Exception {
        long uid = users.add("ada", "sesame");
        Player ada = online("ada", gate);
        assertThat(ada.ask(new Ping(1))).isEqualTo(new Ping(1));
        assertThat(users.condition(uid)).isEqualTo(Condition.ONLINE);

        users.disable("ada");
        assertThat(end(ada)).isEqualTo("DISABLED");
        assertThat(end(player("ada", "sesame", other))).isEqualTo("DISABLED");
        assertThat(users.condition(uid)).isEqualTo(Condition.OFFLINE);

        users.enable("ada");
        assertThat(end(player("ada", "guess", gate))).isEqualTo("DENIED");
        assertThat(end(player("eve", "sesame", gate))).isEqualTo("DENIED");
        assertThat(online("ada", gate).ask(new Ping(2))).isEqualTo(new Ping(2));
    }

    /** Whoever was away hears the reason when he comes back with his token, and not that he has logged out. */
    @Test
    @Tag("S3.22")
    @Tag("S3.23")
    void accountThatIsDisabledWhileItsUserIsAway_isToldWhenHeResumes() throws Exception {
        long uid = users.add("ada", "sesame");
        Player ada = online("ada", gate);
        InetSocketAddress same = at(gate);
        first.close();
        Haven.eventually("a gate whose node is gone holds nobody", () -> users.condition(uid) == Condition.CLIENT_DOWN);
        users.disable("ada");
        assertThat(same).isNotEqualTo(at(other));
        ada.turnsTo(at(other));

        assertThat(end(ada)).isEqualTo("DISABLED");
    }

    @Test
    @Tag("S3.28")
    void userIsLoggedOut_byCodeOutsideAndInside_andMayComeAgain() throws Exception {
        long ada = users.add("ada", "sesame");
        Player phone = online("ada", gate);
        users.logOut(ada);
        assertThat(end(phone)).isEqualTo("LOGGED_OUT");
        assertThat(users.condition(ada)).isEqualTo(Condition.OFFLINE);

        Player tablet = online("ada", other);
        users.add("bob", "sesame");
        assertThat(online("bob", gate).say(new Leave(ada)).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ClientMessage.Outcome.Done.class);
        assertThat(end(tablet)).isEqualTo("LOGGED_OUT");
        assertThat(online("ada", gate).ask(new Ping(1))).isEqualTo(new Ping(1));
    }

    @Test
    @Tag("S3.19")
    @Tag("S3.20")
    void gameThatAsks_knowsWhoHasNoConnection_andPlaysOnWithoutHim() throws Exception {
        long uid = users.add("ada", "sesame");
        Player ada = online("ada", gate);
        Door door = app.agent(second, Door.class, "door");
        assertThat(door.turn(uid)).isEqualTo("waits for him");

        gate.close();
        Haven.eventually("it plays on", () -> door.turn(uid).equals("plays on without him"));
        assertThat(users.condition(uid)).isEqualTo(Condition.CLIENT_DOWN);
        ada.turnsTo(at(other));
        assertThat(ada.ask(new Ping(1))).isEqualTo(new Ping(1));
        assertThat(door.turn(uid)).isEqualTo("waits for him");
    }

    @Test
    @Tag("S3.25")
    @Tag("S3.29")
    void userWhoIsIn_isLoggedOutByHisNewLogin_andOthersNoticeNothing() throws Exception {
        users.add("ada", "sesame");
        users.add("bob", "sesame");
        Player bob = online("bob", gate);
        Player phone = online("ada", gate);
        Player tablet = online("ada", gate);

        assertThat(end(phone)).isEqualTo("REPLACED");
        assertThat(tablet.ask(new Ping(1))).isEqualTo(new Ping(1));
        assertThat(bob.ask(new Ping(2))).isEqualTo(new Ping(2));
        assertThat(bob.ended).isNotDone();
        assertThat(bob.told).isEmpty();
    }

    /** A connection by hand: what the gate says to these frames, until it closes. */
    private List<ToClient> talk(SessionGate at, ToGate... frames) throws Exception {
        List<ToClient> heard = new ArrayList<>();
        try (Socket socket = new Socket()) {
            socket.connect(at(at), 10_000);
            socket.setSoTimeout(60_000);
            FrameWriter<ToGate> writer = new FrameWriter<>(
                    ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_GATE);
            for (ToGate frame : frames) {
                socket.getOutputStream().write(writer.frame(frame));
            }
            FrameReader<ToClient> reader = new FrameReader<>(
                    ClientProtocol.CLIENT, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_CLIENT);
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[4_096];
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                reader.read(piece, 0, got, heard::add);
            }
        } catch (IOException closed) {
            // With what was sent unread a close is a reset.
            assertThat(heard).isNotEmpty();
        }
        return heard;
    }

    private static ToGate hello() {
        return new ClientMessage.Hello(1, 1, Bodies.RECORDS);
    }

    private static Gone gone(List<ToClient> heard) {
        return (Gone) heard.getLast();
    }

    private long inMemory() {
        return ((SlotCrew) app.code()).inMemory();
    }

    @Test
    @Tag("S3.1")
    @Tag("S3.18")
    void visitor_asksWhatIsForVisitors_andNothingElse_andMayJoin() throws Exception {
        users.add("ada", "sesame");
        Player visitor = visitor();
        assertThat(visitor.ask(new Count())).isEqualTo(new Counted(7));
        assertThat(visitor.ask(new Ping(1))).isInstanceOfSatisfying(ClientMessage.Outcome.Failed.class, no -> {
            assertThat(no.kind()).isEqualTo("NotLoggedIn");
            assertThat(no.text()).contains("only [inn/Count, inn/Join]");
        });
        assertThat(visitor.ask(new Join("ada", "other")))
                .isEqualTo(new ClientMessage.Outcome.Failed("Denied", "there is an account ada"));
        Joined bob = (Joined) visitor.ask(new Join("bob", "sesame"));
        assertThat(online("bob", gate).ask(new Ping(2))).isEqualTo(new Ping(2));
        assertThat(users.find("bob").orElseThrow().user()).isEqualTo(bob.user());
        // What it is not let do ends its connection, and no more than that.
        assertThat(gone(talk(gate, hello(), new ClientMessage.Read(0, 1))).code())
                .isEqualTo("PROTOCOL");
        assertThat(visitor.ask(new Count())).isEqualTo(new Counted(7));
    }

    private Player visitor() {
        Player visitor = Player.visitor(app.messages(), at(gate));
        players.add(visitor);
        return visitor;
    }

    @Test
    void forgedTokens_getNobodyIn_leaveNothing_andAreBraked() throws Exception {
        long ada = users.add("ada", "sesame");
        Player phone = online("ada", gate);
        Bytes forged = Bytes.wrap(new byte[32]);
        assertThat(gone(talk(gate, hello(), new ClientMessage.Resume(String.valueOf(ada), forged, 0))))
                .extracting(Gone::code, Gone::last)
                .containsExactly("REPLACED", true);
        assertThat(phone.ask(new Ping(1))).isEqualTo(new Ping(1));

        long before = inMemory();
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            codes.add(gone(talk(gate, hello(), new ClientMessage.Resume("nobody-" + i, forged, 0)))
                    .code());
        }
        assertThat(codes.subList(0, 10)).containsOnly("LOGGED_OUT");
        assertThat(codes).contains("TOO_MANY_TRIES");
        Haven.eventually("sessions of nobody have left the memory", () -> inMemory() == before);
        // Those who are in, and those who log in, are not held up.
        assertThat(phone.ask(new Ping(2))).isEqualTo(new Ping(2));
        assertThat(online("ada", gate).ask(new Ping(3))).isEqualTo(new Ping(3));
    }

    @Test
    void crowdThatLogsIn_isToldToComeAgain_andWhoIsInNoticesNothing() throws Exception {
        users.add("ada", "sesame");
        Player ada = online("ada", gate);
        assertThat(cluster.operator()
                        .propose(
                                new Proposal.SetSetting(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, "600000"),
                                Duration.ofMinutes(1))
                        .accepted())
                .isTrue();
        Haven.eventually("it is pushed", () -> first.settings().whole(SettingsCatalog.ACCOUNTS_HASH_ROUNDS) == 600_000);
        List<CompletableFuture<Gone>> crowd = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            ClientMessage.Login login = new ClientMessage.Login("nobody-" + i, Bytes.utf8("guess"), "");
            CompletableFuture<Gone> end = new CompletableFuture<>();
            crowd.add(end);
            Thread.startVirtualThread(() -> {
                try {
                    end.complete(gone(talk(gate, hello(), login)));
                } catch (Exception failed) {
                    end.completeExceptionally(failed);
                }
            });
        }
        for (int i = 0; i < crowd.size(); i++) {
            assertThat(ada.ask(new Ping(i))).isEqualTo(new Ping(i));
            crowd.get(i).join();
        }
        List<String> codes = crowd.stream().map(end -> end.join().code()).toList();
        assertThat(codes)
                .containsAnyOf("TOO_MANY_TRIES", "TROUBLE")
                .allMatch(List.of("TOO_MANY_TRIES", "TROUBLE", "DENIED")::contains);
        assertThat(ada.online).isEmpty();
    }
}
