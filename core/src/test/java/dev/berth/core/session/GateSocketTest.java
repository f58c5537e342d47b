package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.machine.Machine;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One connection at its gate, frame by frame: what comes out of turn, too late, too fast or too much ends it, with a reason. */
class GateSocketTest {
    private static final long SECOND = 1_000_000_000L;
    private static final GateLimits LIMITS = new GateLimits(10 * SECOND, 20 * SECOND, 60 * SECOND, 100, 10);
    private static final Feeds FEEDS = new Feeds(0, List.of(new Feeds.Heard(0, "", 1, 0)));

    private final GateSocket gate = new GateSocket(LIMITS, 7, SessionWorld::hash, 0);
    private final List<SocketAction> done = new ArrayList<>();
    private long now;

    private void on(SocketEvent event) {
        done.clear();
        gate.on(now, event, done::add);
    }

    private void hears(ClientMessage.ToGate message) {
        on(new SocketEvent.Heard(message));
    }

    private static ClientMessage.Say say(long seq) {
        return new ClientMessage.Say(seq, 1, 0, "t", Bytes.EMPTY);
    }

    private void greet() {
        hears(new ClientMessage.Hello(1, 3, ClientMessage.Bodies.JSON));
        assertThat(done).containsExactly(new SocketAction.Send(new ClientMessage.Greeting(1, 60_000)));
        assertThat(gate.bodies()).isEqualTo(ClientMessage.Bodies.JSON);
    }

    private void open() {
        greet();
        hears(new ClientMessage.Resume("ada", Bytes.utf8("token"), 3));
        assertThat(done)
                .containsExactly(new SocketAction.Call(1, "ada", new SessionCall.Resume(7, Bytes.utf8("#token"), 3)));
        on(new SocketEvent.Answered(1, new SessionAnswer.Entered(5, FEEDS)));
        assertThat(done)
                .containsExactly(
                        new SocketAction.Send(new ClientMessage.Welcome("ada", Bytes.utf8("token"), 5, FEEDS)));
    }

    private void assertGone(End why, String text) {
        assertThat(done).hasSizeGreaterThanOrEqualTo(2);
        assertThat(done.getFirst()).isInstanceOfSatisfying(SocketAction.Send.class, send -> {
            Gone gone = (Gone) send.message();
            assertThat(gone.code()).isEqualTo(why.name());
            assertThat(gone.text()).contains(text);
            assertThat(gone.last()).isEqualTo(why.isFinal());
        });
        assertThat(done.get(1)).isEqualTo(new SocketAction.Close());
        assertThat(gate.nextWakeNanos()).isEqualTo(Machine.NEVER);
    }

    @Test
    void login_isProven_found_andEntered() {
        greet();
        hears(new ClientMessage.Login("Ada", Bytes.utf8("secret"), "phone"));
        assertThat(done).containsExactly(new SocketAction.Authenticate("Ada", Bytes.utf8("secret"), "phone"));
        on(new SocketEvent.Known("ada", 99, Bytes.utf8("token")));
        assertThat(done).containsExactly(new SocketAction.Call(1, "ada", new SessionCall.Find()));
        on(new SocketEvent.Answered(1, new SessionAnswer.At(4, Condition.ONLINE, true)));
        assertThat(done).containsExactly(new SocketAction.Send(new ClientMessage.Found(true)));
        hears(new ClientMessage.Enter());
        assertThat(done)
                .containsExactly(
                        new SocketAction.Call(2, "ada", new SessionCall.Login(4, 7, 99, Bytes.utf8("#token"))));
        on(new SocketEvent.Answered(2, new SessionAnswer.At(5, Condition.ONLINE, true)));
        assertGone(End.TROUBLE, "the user logs in elsewhere at this moment");
    }

    @Test
    void versionsWithoutACommonOne_end() {
        hears(new ClientMessage.Hello(2, 3, ClientMessage.Bodies.RECORDS));
        assertGone(End.VERSION, "we speak versions 1..1");
    }

    @Test
    void versionsThatAreNone_end() {
        hears(new ClientMessage.Hello(0, -1, ClientMessage.Bodies.RECORDS));
        assertGone(End.VERSION, "versions are a range within 1..255");
    }

    @Test
    void whatComesOutOfTurn_ends() {
        greet();
        hears(new ClientMessage.Read(0, 1));
        assertGone(End.PROTOCOL, "Read while GREETED; the order is HELLO");
    }

    @Test
    void bytesThatAreNoFrame_end() {
        open();
        on(new SocketEvent.Unreadable("a frame has 0xBE as its fifth byte"));
        assertGone(End.PROTOCOL, "0xBE");
        assertThat(done).contains(new SocketAction.Call(2, "ada", new SessionCall.Closed(5, true)));
    }

    @Test
    void deniedClient_isTold() {
        greet();
        hears(new ClientMessage.Login("Ada", Bytes.utf8("guess"), ""));
        on(new SocketEvent.Denied(End.DENIED, "name or secret are wrong", 0));
        assertGone(End.DENIED, "wrong");
    }

    @Test
    void whoDoesNotLogIn_isGone() {
        greet();
        hears(new ClientMessage.Ping());
        assertThat(gate.nextWakeNanos()).isEqualTo(10 * SECOND);
        done.clear();
        gate.advance(10 * SECOND, done::add);
        assertGone(End.LOGIN_TIMEOUT, "in 10000 ms");
    }

    @Test
    void whoIsSilent_isGone_andWhoPingsIsNot() {
        open();
        now = 50 * SECOND;
        hears(new ClientMessage.Ping());
        assertThat(done).containsExactly(new SocketAction.Send(new ClientMessage.Pong()));
        done.clear();
        gate.advance(109 * SECOND, done::add);
        assertThat(done).isEmpty();
        gate.advance(110 * SECOND, done::add);
        assertGone(End.IDLE, "60000 ms");
    }

    @Test
    void whoIsTooFast_isGone() {
        open();
        for (int i = 0; i < 98; i++) {
            hears(new ClientMessage.Ping());
        }
        now = SECOND / 10;
        hears(new ClientMessage.Ping());
        assertThat(done).hasSize(1);
        hears(new ClientMessage.Ping());
        assertGone(End.TOO_FAST, "100 frames at once and 10 a second");
    }

    @Test
    void oneSay_isUnderWay_andTheOthersWait() {
        open();
        hears(say(1));
        assertThat(done).hasSize(1);
        for (int seq = 2; seq <= SessionLimits.SAYS_MAX; seq++) {
            hears(say(seq));
            assertThat(done).isEmpty();
        }
        on(new SocketEvent.Answered(2, new SessionAnswer.Answered(1, new Outcome.Done("ok", Bytes.EMPTY))));
        assertThat(done)
                .containsExactly(
                        new SocketAction.Send(new ClientMessage.Answer(1, new Outcome.Done("ok", Bytes.EMPTY))),
                        new SocketAction.Call(3, "ada", new SessionCall.Say(5, 2, 1, 0, "t", Bytes.EMPTY)));
        hears(say(33));
        hears(say(34));
        assertGone(End.PROTOCOL, "more than 32 SAYs");
    }

    @Test
    void sayWhoseEndNobodyKnows_endsTheConnection_notTheSession() {
        open();
        hears(say(1));
        on(new SocketEvent.Failed(2, "no owner for 30 s"));
        assertGone(End.TROUBLE, "no owner");
        assertThat(gate.isOver()).isFalse();
        on(new SocketEvent.Answered(3, new SessionAnswer.Noted()));
        assertThat(gate.isOver()).isTrue();
    }

    @Test
    void feedOfSomebodyElse_isReadAtItsOrigin_orLater() {
        open();
        hears(new ClientMessage.Read(4, 17));
        on(new SocketEvent.Answered(2, new SessionAnswer.ReadAt(4, "room-7", "chat")));
        assertThat(done).containsExactly(new SocketAction.ReadAt(3, "room-7", "chat", 17, "ada", 5, 4));
        on(new SocketEvent.Failed(3, "no owner"));
        assertThat(done).containsExactly(new SocketAction.Send(new ClientMessage.Unread(4, 1_000)));
    }

    @Test
    void whatTheSessionDoesNotHear_isNotTold_whoeverTellsIt() {
        open();
        Feeds two = new Feeds(3, List.of(FEEDS.all().getFirst(), heard(4), heard(9)));
        on(new SocketEvent.Pushed(new Push.FeedsAre(two)));
        readAt(4, "room-7");
        assertThat(gate.hears(4)).isTrue();
        assertThat(gate.origins()).containsExactly("room-7");

        Feeds one = new Feeds(5, List.of(FEEDS.all().getFirst(), heard(9)));
        on(new SocketEvent.Pushed(new Push.FeedsAre(one)));
        assertThat(gate.origins()).isEmpty();
        on(new SocketEvent.Pushed(new Push.FeedsAre(two))); // was overtaken
        FeedItem item = new FeedItem("t", Bytes.EMPTY);
        on(new SocketEvent.Pushed(new Push.Told(4, 1, item)));
        assertThat(done).isEmpty();
        assertThat(gate.hears(4)).isFalse();
        on(new SocketEvent.Pushed(new Push.Told(9, 1, item)));
        assertThat(done).containsExactly(new SocketAction.Send(new ClientMessage.Told(9, 1, item)));
        on(new SocketEvent.Broken());
        assertThat(gate.hears(9)).isFalse();
    }

    private static Feeds.Heard heard(int feed) {
        return new Feeds.Heard(feed, "chat", 1, Feeds.UNKNOWN);
    }

    private void readAt(int feed, String origin) {
        hears(new ClientMessage.Read(feed, 1));
        on(new SocketEvent.Answered(2, new SessionAnswer.ReadAt(feed, origin, "chat")));
        on(new SocketEvent.Answered(3, new SessionAnswer.Page(feed, new FeedPage(1, List.of(), 0))));
    }

    @Test
    @Tag("D14")
    void sessionThatWasEnteredForNobody_isLeft() {
        greet();
        hears(new ClientMessage.Resume("ada", Bytes.utf8("token"), 0));
        on(new SocketEvent.Broken());
        assertThat(gate.isOver()).isFalse();
        on(new SocketEvent.Answered(1, new SessionAnswer.Entered(5, FEEDS)));
        assertThat(done).containsExactly(new SocketAction.Call(2, "ada", new SessionCall.Closed(5, true)));
    }

    @Test
    void whatIsPushedBeforeWelcome_isAskedForAfterIt() {
        greet();
        hears(new ClientMessage.Resume("ada", Bytes.utf8("token"), 0));
        on(new SocketEvent.Pushed(new Push.Told(0, 1, new FeedItem("t", Bytes.EMPTY))));
        assertThat(done).isEmpty();
        on(new SocketEvent.Answered(1, new SessionAnswer.Entered(5, FEEDS)));
        assertThat(done).contains(new SocketAction.Call(2, "ada", new SessionCall.Check(5, 7)));
    }

    @Test
    void whatCouldNotBePushed_isAskedFor() {
        open();
        on(new SocketEvent.Pushed(new Push.Missed()));
        assertThat(done).containsExactly(new SocketAction.Call(2, "ada", new SessionCall.Check(5, 7)));
        on(new SocketEvent.Pushed(new Push.Missed()));
        assertThat(done).as("one is asked at a time").isEmpty();
        on(new SocketEvent.Answered(2, new SessionAnswer.Checked(FEEDS)));
        assertThat(done)
                .containsExactly(
                        new SocketAction.Send(new ClientMessage.FeedsAre(FEEDS)),
                        new SocketAction.Call(3, "ada", new SessionCall.Check(5, 7)));
    }

    @Test
    void whatCouldNotBePushedBeforeWelcome_isAskedForAfterIt() {
        greet();
        hears(new ClientMessage.Resume("ada", Bytes.utf8("token"), 0));
        on(new SocketEvent.Pushed(new Push.Missed()));
        assertThat(done).isEmpty();
        on(new SocketEvent.Answered(1, new SessionAnswer.Entered(5, FEEDS)));
        assertThat(done).contains(new SocketAction.Call(2, "ada", new SessionCall.Check(5, 7)));
    }

    @Test
    void staleAnswer_tellsTheClientWhetherToComeAgain() {
        open();
        hears(say(1));
        on(new SocketEvent.Answered(2, new SessionAnswer.Stale(End.RESUMED)));
        assertGone(End.RESUMED, "");
    }

    @Test
    void bye_endsTheSession() {
        open();
        hears(new ClientMessage.Bye());
        assertThat(done.getFirst()).isEqualTo(new SocketAction.Call(2, "ada", new SessionCall.Bye(5)));
        assertThat(done).hasSize(3);
    }

    @Test
    @Tag("S3.1")
    @Tag("S3.18")
    void visitor_saysOneAfterTheOther_andIsAnswered_untilHeLogsIn() {
        greet();
        hears(say(1));
        assertThat(done).containsExactly(new SocketAction.Visit(1, 1, "t", Bytes.EMPTY));
        hears(say(2));
        assertThat(done).isEmpty();
        on(new SocketEvent.Answered(1, new SessionAnswer.Answered(1, new Outcome.Done("ok", Bytes.EMPTY))));
        assertThat(done)
                .containsExactly(
                        new SocketAction.Send(new ClientMessage.Answer(1, new Outcome.Done("ok", Bytes.EMPTY))),
                        new SocketAction.Visit(2, 2, "t", Bytes.EMPTY));
        on(new SocketEvent.Failed(2, "nobody is there"));
        assertThat(done)
                .containsExactly(new SocketAction.Send(
                        new ClientMessage.Answer(2, new Outcome.Failed("TROUBLE", "nobody is there"))));

        hears(say(3));
        hears(new ClientMessage.Login("Ada", Bytes.utf8("secret"), ""));
        on(new SocketEvent.Answered(3, new SessionAnswer.Answered(3, new Outcome.Done("late", Bytes.EMPTY))));
        assertThat(done).isEmpty();
        hears(say(1));
        assertGone(End.PROTOCOL, "Say while PROVING");
    }

    @Test
    @Tag("S3.1")
    void visitor_hasNoOtherWords_andNotMoreThanAUser() {
        greet();
        for (int i = 1; i <= SessionLimits.SAYS_MAX + 1; i++) {
            hears(say(i));
        }
        assertGone(End.PROTOCOL, "more than 32 SAYs");
        on(new SocketEvent.Failed(1, ""));
        assertThat(gate.isOver()).isTrue();
        for (ClientMessage.ToGate other : List.of(
                new ClientMessage.Enter(),
                new ClientMessage.Ack(1),
                new ClientMessage.Read(0, 1),
                new ClientMessage.Bye(),
                new ClientMessage.Hello(1, 1, ClientMessage.Bodies.RECORDS))) {
            GateSocket socket = new GateSocket(LIMITS, 7, SessionWorld::hash, 0);
            List<SocketAction> its = new ArrayList<>();
            socket.on(0, new SocketEvent.Heard(new ClientMessage.Hello(1, 1, ClientMessage.Bodies.RECORDS)), its::add);
            socket.on(0, new SocketEvent.Heard(other), its::add);
            assertThat(its.get(1))
                    .isInstanceOfSatisfying(
                            SocketAction.Send.class,
                            send -> assertThat(((Gone) send.message()).code()).isEqualTo("PROTOCOL"));
        }
    }

    @Test
    void visitorWhoIsSilent_isGone() {
        greet();
        now = 5 * SECOND;
        hears(say(1));
        assertThat(gate.nextWakeNanos()).isEqualTo(65 * SECOND);
        done.clear();
        gate.advance(65 * SECOND, done::add);
        assertGone(End.LOGIN_TIMEOUT, "of a visitor no SAY in 60000 ms");
    }
}
