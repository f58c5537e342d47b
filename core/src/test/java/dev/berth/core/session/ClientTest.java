package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One client by hand, over connections that the test plays. */
class ClientTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Bytes TOKEN = Bytes.utf8("token");

    private final Client client = new Client(
            ClientConfig.of(List.of("gate-a", "gate-b"), "Ada", Bytes.utf8("secret")), new SplittableRandom(1));
    private final List<ClientAction> done = new ArrayList<>();
    private long now;
    private long connection;

    private void on(ClientEvent event) {
        done.clear();
        client.on(now, event, this::act);
    }

    private void act(ClientAction action) {
        if (action instanceof ClientAction.Connect(long number, String _)) {
            connection = number;
        }
        done.add(action);
    }

    private void hears(ClientMessage.ToClient message) {
        on(new ClientEvent.Heard(connection, message));
    }

    private void wake() {
        done.clear();
        now = client.nextWakeNanos();
        client.advance(now, this::act);
    }

    private void says(String text) {
        on(new ClientEvent.Say("t", Bytes.utf8(text)));
    }

    private ClientAction sent(ClientMessage.ToGate message) {
        return new ClientAction.Send(connection, message);
    }

    private static Feeds feeds(long version, Feeds.Heard... more) {
        List<Feeds.Heard> all = new ArrayList<>(List.of(new Feeds.Heard(0, "", 1, 0)));
        all.addAll(List.of(more));
        return new Feeds(version, all);
    }

    private void greet() {
        on(new ClientEvent.Connected(connection));
        assertThat(done).containsExactly(sent(new ClientMessage.Hello(1, 1, ClientMessage.Bodies.RECORDS)));
        hears(new ClientMessage.Greeting(1, 60_000));
    }

    private void open() {
        on(new ClientEvent.Start());
        greet();
        assertThat(done).containsExactly(sent(new ClientMessage.Login("Ada", Bytes.utf8("secret"), "")));
        hears(new ClientMessage.Found(false));
        assertThat(done).containsExactly(sent(new ClientMessage.Enter()));
        hears(new ClientMessage.Welcome("ada", TOKEN, 1, feeds(0)));
        assertThat(done).containsExactly(new ClientAction.Online("ada", 1));
    }

    private static ClientMessage.Say say(long seq, long first, String text) {
        return new ClientMessage.Say(seq, first, 0, "t", Bytes.utf8(text));
    }

    private static FeedItem item(String text) {
        return new FeedItem("t", Bytes.utf8(text));
    }

    @Test
    void gates_areTriedInTurn_withABackOff() {
        on(new ClientEvent.Start());
        List<String> gates = new ArrayList<>();
        long before = 0;
        for (int attempt = 1; attempt <= 12; attempt++) {
            ClientAction.Connect connect = (ClientAction.Connect) done.getLast();
            gates.add(connect.gate());
            on(new ClientEvent.Broken(connection, "refused"));
            long delay = client.nextWakeNanos() - now;
            assertThat(delay).isBetween(Math.min(50_000_000L << (attempt - 1), 5 * SECOND), 10 * SECOND);
            assertThat(delay).isGreaterThan(before / 4);
            before = delay;
            wake();
        }
        assertThat(gates.subList(0, 4)).containsSubsequence("gate-a", "gate-b", "gate-a");
    }

    @Test
    void whatHasNoAnswer_isSaidAgain_afterResume() {
        open();
        says("one");
        says("two");
        says("three");
        hears(new ClientMessage.Answer(1, new Outcome.Done("ok", Bytes.EMPTY)));
        assertThat(done).containsExactly(new ClientAction.Answered(1, new Outcome.Done("ok", Bytes.EMPTY)));

        on(new ClientEvent.Broken(connection, "reset"));
        wake();
        says("four");
        assertThat(done).containsExactly(new ClientAction.Taken(4));
        greet();
        assertThat(done).containsExactly(sent(new ClientMessage.Resume("ada", TOKEN, 0)));
        hears(new ClientMessage.Welcome("ada", TOKEN, 2, feeds(0)));

        assertThat(done)
                .containsExactly(
                        new ClientAction.Online("ada", 2),
                        sent(say(2, 2, "two")),
                        sent(say(3, 2, "three")),
                        sent(say(4, 2, "four")));
        hears(new ClientMessage.Answer(1, new Outcome.Done("ok", Bytes.EMPTY)));
        assertThat(done).isEmpty();
    }

    @Test
    void tooMuchWithoutAnAnswer_isNotTaken() {
        open();
        for (int i = 0; i < SessionLimits.SAYS_MAX; i++) {
            says("x");
        }
        says("one more");
        assertThat(done).singleElement().isInstanceOf(ClientAction.NotTaken.class);
    }

    @Test
    void gap_isRead_andRepetitionsAreNotTold() {
        open();
        hears(new ClientMessage.Told(0, 1, item("a")));
        assertThat(done).containsExactly(new ClientAction.Told(0, "", 1, item("a")));
        hears(new ClientMessage.Told(0, 4, item("d")));
        assertThat(done).containsExactly(sent(new ClientMessage.Read(0, 2)));
        hears(new ClientMessage.Told(0, 5, item("e")));
        assertThat(done).isEmpty();
        hears(new ClientMessage.Page(0, new FeedPage(2, List.of(item("b"), item("c"), item("d")), 5)));
        assertThat(done)
                .containsExactly(
                        new ClientAction.Told(0, "", 2, item("b")),
                        new ClientAction.Told(0, "", 3, item("c")),
                        new ClientAction.Told(0, "", 4, item("d")),
                        sent(new ClientMessage.Read(0, 5)));
        hears(new ClientMessage.Told(0, 3, item("c")));
        assertThat(done).isEmpty();
    }

    @Test
    void whatIsGone_isSaidToBeLost() {
        open();
        hears(new ClientMessage.FeedsAre(feeds(1, new Feeds.Heard(3, "chat", 10, Feeds.UNKNOWN))));
        assertThat(done).containsExactly(sent(new ClientMessage.Read(3, 10)));
        hears(new ClientMessage.Page(3, new FeedPage(15, List.of(item("x")), 15)));
        assertThat(done)
                .containsExactly(
                        new ClientAction.Lost(3, "chat", 10, 14), new ClientAction.Told(3, "chat", 15, item("x")));
    }

    @Test
    void feedThatCannotBeRead_isReadLater() {
        open();
        hears(new ClientMessage.FeedsAre(feeds(1, new Feeds.Heard(3, "chat", 10, Feeds.UNKNOWN))));
        hears(new ClientMessage.Unread(3, 500));
        assertThat(done).isEmpty();
        wake();
        assertThat(now).isEqualTo(SECOND / 2);
        assertThat(done).containsExactly(sent(new ClientMessage.Read(3, 10)));
    }

    @Test
    void doubtWhileItReads_makesItReadAgain() {
        open();
        Feeds doubt = feeds(1, new Feeds.Heard(3, "chat", 10, Feeds.UNKNOWN));
        hears(new ClientMessage.FeedsAre(doubt));
        hears(new ClientMessage.FeedsAre(doubt));
        assertThat(done).isEmpty();
        hears(new ClientMessage.Page(3, new FeedPage(10, List.of(), 9)));
        assertThat(done).containsExactly(sent(new ClientMessage.Read(3, 10)));
        hears(new ClientMessage.Page(3, new FeedPage(10, List.of(item("x")), 10)));
        assertThat(done).containsExactly(new ClientAction.Told(3, "chat", 10, item("x")));
    }

    /** A time to wake that has passed, and wakes nobody, would turn its driver in a circle. */
    @Test
    void historyThatHadLess_andWasToldTheRest_needsNoWaking() {
        open();
        hears(new ClientMessage.Told(0, 2, item("b")));
        assertThat(done).containsExactly(sent(new ClientMessage.Read(0, 1)));
        hears(new ClientMessage.Page(0, new FeedPage(1, List.of(), 0)));
        assertThat(client.nextWakeNanos()).isEqualTo(now + SECOND);
        hears(new ClientMessage.Told(0, 1, item("a")));
        hears(new ClientMessage.Told(0, 2, item("b")));

        assertThat(client.nextWakeNanos()).isGreaterThan(now + 2 * SECOND);
    }

    @Test
    void lateListOfFeeds_isIgnored() {
        open();
        hears(new ClientMessage.FeedsAre(feeds(2, new Feeds.Heard(3, "chat", 10, 9))));
        hears(new ClientMessage.FeedsAre(feeds(1)));
        hears(new ClientMessage.Told(3, 10, item("x")));
        assertThat(done).containsExactly(new ClientAction.Told(3, "chat", 10, item("x")));
    }

    @Test
    void finalEnd_isTheEnd_andOthersAreNot() {
        open();
        says("one");
        hears(new Gone("RESUMED", "", 2_000, false));
        assertThat(client.nextWakeNanos() - now).isEqualTo(2 * SECOND);
        wake();
        greet();
        hears(new Gone("SOMETHING_NEWER", "", 0, true));
        assertThat(done)
                .containsExactly(
                        new ClientAction.Close(connection), new ClientAction.Ended("SOMETHING_NEWER", "", List.of(1L)));
        assertThat(client.nextWakeNanos()).isEqualTo(Long.MAX_VALUE);
        says("two");
        assertThat(done).containsExactly(new ClientAction.NotTaken("the session is over"));
    }

    private void isSentTo(String address) {
        on(new ClientEvent.Connected(connection));
        hears(new Gone("HANDOFF", "", 0, false, address));
    }

    @Test
    @Tag("S3.31")
    void gateway_sendsTheClientToAServer_atOnce() {
        on(new ClientEvent.Start());
        long gateway = connection;
        isSentTo("10.0.0.7:7400");
        assertThat(done)
                .containsExactly(
                        new ClientAction.Close(gateway), new ClientAction.Connect(gateway + 1, "10.0.0.7:7400"));
        greet();
        assertThat(done).containsExactly(sent(new ClientMessage.Login("Ada", Bytes.utf8("secret"), "")));
    }

    @Test
    @Tag("S3.12")
    void serverFails_andTheClientGoesToAGateway_waitsLonger_andIsSentNowhereByServers() {
        on(new ClientEvent.Start());
        for (int attempt = 1; attempt <= 8; attempt++) {
            ClientAction.Connect connect = (ClientAction.Connect) done.getLast();
            assertThat(connect.gate()).startsWith("gate-");
            isSentTo("server:1");
            if (attempt % 2 == 0) {
                on(new ClientEvent.Broken(connection, "refused"));
            } else {
                isSentTo("server:2");
            }
            long wait = client.nextWakeNanos() - now;
            assertThat(wait).isBetween(Math.min(50_000_000L << (attempt - 1), 5 * SECOND), 10 * SECOND);
            wake();
        }
    }

    @Test
    @Tag("D5")
    void whatIsNoAddress_isNotFollowed() {
        on(new ClientEvent.Start());
        for (String no : List.of(
                "",
                "server",
                "server:",
                "server:0",
                "server:65536",
                "a@b:1",
                "tcp://server:1",
                "a:1/x",
                "a b:1",
                "[::1:7",
                "::1:7")) {
            isSentTo(no);
            assertThat(done.getLast()).as(no).isInstanceOf(ClientAction.Offline.class);
            wake();
        }
    }

    @Test
    void schemeAndPath_areThoseOfTheGate() {
        assertThat(Referral.from("tls://gw.example:7443", "s1.example:7400")).contains("tls://s1.example:7400");
        assertThat(Referral.from("wss://gw.example/berth?a=b", "[2001:db8::1]:443"))
                .contains("wss://[2001:db8::1]:443/berth?a=b");
        assertThat(Referral.from("gw:1", "s1:2")).contains("s1:2");
    }

    @Test
    void openClient_thatIsSentOn_isOfflineMeanwhile() {
        open();
        hears(new Gone("HANDOFF", "", 0, false, "server:1"));
        assertThat(done)
                .containsExactly(
                        new ClientAction.Close(connection - 1),
                        new ClientAction.Offline("HANDOFF", 0),
                        new ClientAction.Connect(connection, "server:1"));
        greet();
        assertThat(done).containsExactly(sent(new ClientMessage.Resume("ada", TOKEN, 0)));
    }

    @Test
    void silentGate_isPinged_andThenLeft() {
        open();
        wake();
        assertThat(now).isEqualTo(5 * SECOND);
        assertThat(done).containsExactly(sent(new ClientMessage.Ping()));
        wake();
        assertThat(now).isEqualTo(10 * SECOND);
        assertThat(done.getFirst()).isEqualTo(new ClientAction.Close(connection));
    }

    /** 100,000 who are there and do nothing are 6,667 a second for all gates, not 20,000. */
    @Test
    void whoIsIdle_pingsRarely_untilThereIsSomethingToSay() {
        open();
        List<Long> pings = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            wake();
            assertThat(done).containsExactly(sent(new ClientMessage.Ping()));
            pings.add(now / SECOND);
            hears(new ClientMessage.Pong());
        }
        assertThat(pings).containsExactly(5L, 10L, 15L, 20L, 25L, 30L, 35L, 40L, 45L, 50L, 55L, 70L, 85L, 100L);

        says("one");
        wake();
        assertThat(now).isEqualTo(105 * SECOND);
        assertThat(done).containsExactly(sent(new ClientMessage.Ping()));
        for (int i = 0; i < 20; i++) {
            hears(new ClientMessage.Pong());
            long before = now;
            wake();
            assertThat(now - before).as("while an answer is missing").isEqualTo(5 * SECOND);
        }
    }

    @Test
    void whoIsToldMuch_andSaysNothing_pingsBeforeTheGateThinksThatHeIsGone() {
        open();
        for (int i = 1; i < 15; i++) {
            now = i * SECOND;
            hears(new ClientMessage.Told(0, i, item("x")));
        }
        wake();
        assertThat(now).isEqualTo(15 * SECOND);
        assertThat(done).containsExactly(sent(new ClientMessage.Ping()));
    }

    /** A browser's page in the background, a laptop that was closed: that nothing was heard says nothing of the gate. */
    @Test
    void whoWasAsleepHimself_asksFirst() {
        open();
        done.clear();
        now = 300 * SECOND;
        client.advance(now, this::act);
        assertThat(done).containsExactly(sent(new ClientMessage.Ping()));
        now += SECOND;
        hears(new ClientMessage.Pong());
        assertThat(client.nextWakeNanos()).isGreaterThan(now);
        assertThat(done).isEmpty();
    }

    /** Owners may take long to be asked; a gate does not. */
    @Test
    void gateThatAsksLong_isWaitedFor_whileItAnswersPings_andLeftWhenNot() {
        on(new ClientEvent.Start());
        greet();
        for (int i = 1; i <= 4; i++) {
            wake();
            assertThat(now).isEqualTo(5 * SECOND * i);
            assertThat(done).containsExactly(sent(new ClientMessage.Ping()));
            hears(new ClientMessage.Pong());
        }
        wake();
        assertThat(now).isEqualTo(25 * SECOND);
        assertThat(done.getFirst()).isEqualTo(new ClientAction.Close(connection));

        wake();
        greet();
        long greeted = now;
        wake();
        wake();
        assertThat(now - greeted).isEqualTo(10 * SECOND);
        assertThat(done.getFirst()).isEqualTo(new ClientAction.Close(connection));
    }

    @Test
    void gateThatAcceptsAndSaysNothing_isLeftSoon_andLaterInEachRound() {
        on(new ClientEvent.Start());
        List<Long> limits = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            long before = now;
            if (i % 2 == 0) {
                on(new ClientEvent.Connected(connection));
            }
            wake();
            limits.add((now - before) / SECOND);
            assertThat(done.getFirst()).isEqualTo(new ClientAction.Close(connection));
            wake();
        }
        assertThat(limits).containsExactly(3L, 3L, 3L, 6L, 6L, 12L, 12L, 24L, 24L, 25L, 25L, 25L);
    }

    @Test
    void earlierConnections_areNotHeard() {
        open();
        long earlier = connection;
        on(new ClientEvent.Broken(connection, "reset"));
        wake();
        on(new ClientEvent.Heard(earlier, new Gone("REPLACED", "", 0, true)));
        on(new ClientEvent.Broken(earlier, "reset"));
        assertThat(done).isEmpty();
        greet();
    }

    @Test
    void manyItemsWithoutASay_areAcknowledged() {
        open();
        for (int i = 1; i < SessionLimits.ACK_EVERY; i++) {
            hears(new ClientMessage.Told(0, i, item("x")));
            assertThat(done).hasSize(1);
        }
        hears(new ClientMessage.Told(0, SessionLimits.ACK_EVERY, item("x")));
        assertThat(done).contains(sent(new ClientMessage.Ack(SessionLimits.ACK_EVERY)));
    }

    @Test
    void stop_endsTheSession() {
        open();
        on(new ClientEvent.Stop());
        assertThat(done).startsWith(sent(new ClientMessage.Bye()), new ClientAction.Close(connection));
        assertThat(client.nextWakeNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
