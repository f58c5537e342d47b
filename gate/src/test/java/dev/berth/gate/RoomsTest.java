package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.session.ClientAction;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Feed;
import dev.berth.node.entity.UserSession;
import dev.berth.node.launch.HostPort;
import dev.berth.node.member.MemberNode;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.operate.Operator;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.Raw;
import dev.berth.node.session.Lobby;
import dev.berth.node.worker.Node;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rooms that tell users at two gates what is said in them, over real sockets and a real store, in one JVM. Owners and gates end while lines are
 * told; everybody has every line from where he joined, once and in order.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RoomsTest {
    record Line(String text) {}

    record Speak(String room, String text) {}

    interface Room extends Entity<String> {
        void enter(long uid, int back);

        void leave(long uid);

        long say(String text);

        void stumble(String text);

        void rest();
    }

    record RoomCode(Context<String> me, Feed feed) implements Room {
        RoomCode(Context<String> me) {
            this(me, me.feed("room " + me.key()));
        }

        @Override
        public void enter(long uid, int back) {
            feed.join(uid, back);
        }

        @Override
        public void leave(long uid) {
            feed.leave(uid);
        }

        @Override
        public long say(String text) {
            return feed.tell(new Line(text));
        }

        @Override
        public void stumble(String text) {
            feed.tell(new Line(text));
            feed.join(99L);
            throw new Denied("it stumbled");
        }

        @Override
        public void rest() {
            me.stop();
        }
    }

    private final UserApp<Long> game = Berth.app("chat")
            .entity(Room.class, RoomCode::new)
            .records(Line.class)
            .login(who -> Long.parseLong(who.name()))
            .on(Speak.class, (uid, message) -> {
                Berth.agent(Room.class, message.room()).say(message.text());
                return null;
            });
    private final Entities app = game.entities();
    private Roadstead road;
    private Node owner;
    private SessionGate gate;
    private SessionGate other;

    @BeforeEach
    void start() throws Exception {
        road = new Roadstead(game, app, "");
        owner = road.owner("owner-1");
        gate = road.gate(road.first, Haven.ANY);
        other = road.gate(road.second, Haven.ANY);
    }

    @AfterEach
    void stop() {
        gate.close();
        other.close();
        road.close();
    }

    private Player player(long uid, SessionGate... at) throws Exception {
        return road.player(uid, at);
    }

    private Room room(String name) {
        return app.agent(road.second, Room.class, name);
    }

    private static void hears(Player player, Object... expected) throws Exception {
        for (Object each : expected) {
            Object told = Objects.requireNonNull(player.told.poll(60, TimeUnit.SECONDS), "nothing for a minute");
            assertThat(told).isEqualTo(each);
        }
    }

    private static Object[] lines(int from, int upTo) {
        return IntStream.rangeClosed(from, upTo)
                .mapToObj(i -> new Line(String.valueOf(i)))
                .toArray();
    }

    private void say(String room, int from, int upTo) {
        for (int i = from; i <= upTo; i++) {
            assertThat(room(room).say(String.valueOf(i))).isEqualTo(i);
        }
    }

    /** Of those whose bucket the node has. */
    private String roomAt(Node owner) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "r" + i)
                .filter(name -> road.isAt(owner, Room.class, name))
                .findFirst()
                .orElseThrow();
    }

    private long userNotAt(Node owner) {
        return IntStream.range(1, 10_000)
                .filter(uid -> !road.isAt(owner, UserSession.class, String.valueOf(uid)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("S3.17")
    @Tag("S4.9")
    void fourInARoom_hearEachLineOnce_inOrder_andOnlyAsLongAsTheyAreIn() throws Exception {
        List<Player> four = new ArrayList<>();
        for (long uid = 1; uid <= 4; uid++) {
            four.add(player(uid, uid % 2 == 0 ? gate : other));
            room("inn").enter(uid, 0);
        }
        Player away = player(5, gate);
        Player late = player(6, other);
        four.getFirst().ask(new Speak("inn", "1"));
        say("inn", 2, 20);
        for (Player each : four) {
            hears(each, lines(1, 20));
        }
        room("inn").leave(4);
        room("inn").enter(6, 5);
        room("inn").enter(1, SessionLimits.HISTORY_MAX); // who is in goes on
        say("inn", 21, 30);
        hears(late, lines(16, 30));
        for (Player each : four.subList(0, 3)) {
            hears(each, lines(21, 30));
            assertThat(each.told).isEmpty();
        }
        room("inn").enter(4, 0);
        say("inn", 31, 31);
        hears(four.getLast(), lines(31, 31));
        assertThat(away.told).isEmpty();
    }

    @Test
    void whatAMethodTellsThatThrows_isNotTold() throws Exception {
        Player ada = player(1, gate);
        room("inn").enter(1, 0);
        say("inn", 1, 1);
        assertThatThrownBy(() -> room("inn").stumble("never")).isInstanceOf(Denied.class);
        say("inn", 2, 2);

        hears(ada, lines(1, 2));
        Player stranger = player(99, gate);
        say("inn", 3, 3);
        hears(ada, lines(3, 3));
        assertThat(stranger.told).isEmpty();
    }

    // The last line is told by the new owner before anybody has asked him: who hears it does so because his gate
    // doubts, and by nothing else, since his session is elsewhere.

    @Test
    @Tag("S3.17")
    void ownerOfTheRoomEnds_inMidBroadcast_andNothingIsMissingOrTwice() throws Exception {
        Node away = road.owner("owner-2");
        road.awaitHalves(away, owner);
        String room = roomAt(away);
        List<Player> four = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long uid = userNotAt(away) + i * 10_000L;
            while (road.isAt(away, UserSession.class, String.valueOf(uid))) {
                uid++;
            }
            four.add(player(uid, i % 2 == 0 ? gate : other));
            room(room).enter(uid, 0);
        }
        CountDownLatch some = new CountDownLatch(1);
        Thread closing = Thread.startVirtualThread(() -> {
            try {
                some.await();
                away.close();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 1; i <= 100; i++) {
            if (i == 30) {
                some.countDown();
            }
            say(room, i, i);
        }
        closing.join();
        assertThat(room(room).say("101")).isEqualTo(101);

        for (Player each : four) {
            hears(each, lines(1, 101));
        }
        say(room, 102, 102);
        for (Player each : four) {
            hears(each, lines(102, 102));
            assertThat(each.told).isEmpty();
            assertThat(each.online).isEmpty();
        }
    }

    @Test
    @Tag("S3.17")
    void gateEnds_andItsClientsReadOnAtAnother() throws Exception {
        Player stays = player(1, other);
        Player goes = player(2, gate);
        room("inn").enter(1, 0);
        room("inn").enter(2, 0);
        say("inn", 1, 10);
        hears(goes, lines(1, 10));
        goes.turnsTo(other.addresses().getFirst());
        Thread closing = Thread.startVirtualThread(road.first::close);
        say("inn", 11, 60);
        closing.join();

        hears(stays, lines(1, 60));
        hears(goes, lines(11, 60));
        assertThat(goes.told).isEmpty();
    }

    // The tablet has heard nothing yet: what the game has told is read again from where the user joined.

    @Test
    @Tag("S3.16")
    @Tag("S3.17")
    @Tag("S3.27")
    @Tag("S3.29")
    void userWhoIsInARoom_logsInFromAnotherDevice_andHearsTheGameAgain() throws Exception {
        Player phone = player(7, gate);
        Player bob = player(8, gate);
        room("table").enter(7, 0);
        room("table").enter(8, 0);
        say("table", 1, 150);
        hears(phone, lines(1, 150));
        Player tablet = player(7, other);

        assertThat(phone.ended.get(60, TimeUnit.SECONDS).code()).isEqualTo("REPLACED");
        hears(tablet, lines(1, 150));
        say("table", 151, 160);
        hears(tablet, lines(151, 160));
        assertThat(tablet.told).isEmpty();
        assertThat(phone.told).isEmpty();
        hears(bob, lines(1, 160));
        assertThat(bob.told).isEmpty();
    }

    @Test
    @Tag("S3.17")
    void whoWasAwayForLongerThanTheHistory_isToldWhatIsLost() throws Exception {
        Player ada = player(8, gate);
        room("inn").enter(8, 0);
        say("inn", 1, 3);
        hears(ada, lines(1, 3));
        InetSocketAddress same = gate.addresses().getFirst();
        gate.close();
        say("inn", 4, 300);
        gate = road.gate(road.first, same);

        int firstKept = 300 - SessionLimits.HISTORY_MAX + 1;
        assertThat(ada.told.poll(60, TimeUnit.SECONDS))
                .isEqualTo(new ClientAction.Lost(1, "room inn", 4, firstKept - 1));
        hears(ada, lines(firstKept, 300));
        assertThat(ada.told).isEmpty();
    }

    // Clients are played here, since only what goes from the room's owner to the gates is counted.

    @Test
    @Tag("S4.9")
    void aThousandWhoHear_atTwoGates_areTwoMessagesForEachLine() throws Exception {
        LinkedBlockingQueue<Telling> told = new LinkedBlockingQueue<>();
        List<Node> gates = List.of(road.first, road.second);
        List<CompletableFuture<SocketEvent>> reads = new ArrayList<>();
        for (Node node : gates) {
            long hub = node.processes()
                    .spawn(_ -> (Behavior<Object>) (_, message) -> {
                        told.add(Telling.read(message instanceof Raw(Bytes bytes) ? bytes : (Bytes) message));
                        return null;
                    })
                    .address()
                    .value();
            Lobby lobby = game.lobby(node, app);
            for (int i = 0; i < 500; i++) {
                String uid = node.self() + "/" + i;
                CompletableFuture<SocketEvent> read = new CompletableFuture<>();
                lobby.read(
                        hub + i, hub, new SocketAction.ReadAt(1, "Room inn", "room inn", 1, uid, 1, 3), read::complete);
                reads.add(read);
            }
        }
        for (CompletableFuture<SocketEvent> read : reads) {
            assertThat(read.get(60, TimeUnit.SECONDS)).isInstanceOf(SocketEvent.Answered.class);
        }
        say("inn", 1, 10);

        List<Telling> heard = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            heard.add(Objects.requireNonNull(told.poll(60, TimeUnit.SECONDS)));
        }
        for (Telling telling : heard) {
            assertThat(telling.places()).hasSize(500).doesNotHaveDuplicates();
        }
        assertThat(heard.stream().map(Telling::position))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 20).mapToObj(i -> (i + 1L) / 2).toList());
        assertThat(room("inn").say("11")).isEqualTo(11);
        Haven.eventually("two more", () -> told.size() == 2);
    }

    // Its gates are not told when a room leaves the memory, nor when it is back.

    @Test
    void roomThatWasNotInMemory_tellsThoseWhoHeardItBefore() throws Exception {
        Player ada = player(1, gate);
        room("inn").enter(1, 0);
        say("inn", 1, 1);
        hears(ada, lines(1, 1));
        for (int i = 2; i <= 10; i++) {
            room("inn").rest();
            say("inn", i, i);
            hears(ada, lines(i, i));
        }
    }

    @Test
    void whoIsGone_isStruckOut_andAFeedThatIsNot_isNotRead() throws Exception {
        Player ada = player(1, gate);
        Player bob = player(2, gate);
        room("inn").enter(1, 0);
        room("inn").enter(2, 0);
        say("inn", 1, 1);
        hears(ada, lines(1, 1));
        hears(bob, lines(1, 1));
        road.left(bob);
        Haven.eventually("bob is struck out", () -> picture().contains("\"hearers\":1"));

        Lobby lobby = game.lobby(road.second, app);
        for (String origin : List.of("Room inn", "Castle 1", "Room", "")) {
            CompletableFuture<SocketEvent> read = new CompletableFuture<>();
            lobby.read(1, 2, new SocketAction.ReadAt(5, origin, "no such", 1, "1", 1, 3), read::complete);
            assertThat(read.get(60, TimeUnit.SECONDS)).isInstanceOf(SocketEvent.Failed.class);
        }
    }

    /** As {@code berth inspect} shows it. */
    private String picture() {
        Operator operator = road.cluster.operator();
        String at = Objects.requireNonNull(Objects.requireNonNull(road.second.view())
                        .member(owner.self().node()))
                .addresses()
                .getFirst();
        try {
            return Objects.requireNonNull(operator.entity(
                            HostPort.parse(at, 1).orElseThrow().address(),
                            new ToolMessage.AskEntity(MemberNode.nonce(), app.service(), "Room", "inn", "", List.of()),
                            Duration.ofSeconds(10)))
                    .text();
        } catch (InterruptedException | NoAnswerException over) {
            throw new IllegalStateException(over);
        }
    }
}
