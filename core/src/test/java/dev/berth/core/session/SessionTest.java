package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.OperationId;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One session by hand: who is in, what runs, what is told to whom. Each call is made as an entity makes it. */
class SessionTest {
    private static final Bytes HASH = Bytes.utf8("hash");
    private static final Outcome OK = new Outcome.Done("ok", Bytes.EMPTY);

    private SessionState state = SessionState.NEW;
    private final List<Push> pushes = new ArrayList<>();
    private final List<OperationId> runs = new ArrayList<>();

    private SessionAnswer ask(SessionCall call) {
        Session session = new Session(state);
        SessionAnswer answer = session.on(
                call,
                (_, id, _, _) -> {
                    runs.add(id);
                    return OK;
                },
                pushes::add);
        if (!session.mustWrite()) {
            assertThat(session.state().epoch()).isEqualTo(state.epoch());
            assertThat(session.state().said()).isEqualTo(state.said());
        }
        state = session.state();
        return answer;
    }

    private SessionAnswer login(long gate, long id) {
        return ask(new SessionCall.Login(state.epoch(), gate, id, HASH));
    }

    private SessionAnswer say(long epoch, long seq, long first) {
        return ask(new SessionCall.Say(epoch, seq, first, 0, "t", Bytes.EMPTY));
    }

    @Test
    @Tag("D14")
    void closeOfAnOldConnection_erasesNothingOfTheNewOne() {
        login(10, 1);
        ask(new SessionCall.Resume(20, HASH, 0));

        ask(new SessionCall.Closed(1, true));
        assertThat(state.gate()).isEqualTo(20);

        ask(new SessionCall.Closed(2, true));
        assertThat(state.gate()).isZero();
    }

    @Test
    void secondLogin_endsTheFirst_andWhatItStillSaysHasNoEffect() {
        login(10, 1);
        login(20, 2);

        assertThat(pushes).containsExactly(new Push(10, new Push.Gone(End.REPLACED)));
        assertThat(say(1, 1, 1)).isEqualTo(new SessionAnswer.Stale(End.REPLACED));
        assertThat(runs).isEmpty();
        assertThat(say(2, 1, 1)).isEqualTo(new SessionAnswer.Answered(1, OK));
        assertThat(runs).containsExactly(new OperationId(2, 1));
    }

    @Test
    void loginThatWasOvertaken_doesNothing() {
        login(10, 1);
        SessionState before = state;

        assertThat(ask(new SessionCall.Login(0, 20, 2, HASH)))
                .isEqualTo(new SessionAnswer.At(1, Condition.ONLINE, true));
        assertThat(state).isEqualTo(before);
        assertThat(pushes).isEmpty();
    }

    @Test
    void resume_goesOn_withTheTokenOnly() {
        login(10, 1);
        say(1, 1, 1);

        assertThat(ask(new SessionCall.Resume(20, Bytes.utf8("hasH"), 0)))
                .isEqualTo(new SessionAnswer.Stale(End.REPLACED));
        assertThat(ask(new SessionCall.Resume(20, Bytes.EMPTY, 0))).isEqualTo(new SessionAnswer.Stale(End.REPLACED));
        assertThat(ask(new SessionCall.Resume(20, HASH, 0))).isInstanceOf(SessionAnswer.Entered.class);
        assertThat(pushes).containsExactly(new Push(10, new Push.Gone(End.RESUMED)));
        assertThat(say(1, 2, 1)).isEqualTo(new SessionAnswer.Stale(End.RESUMED));
        assertThat(say(2, 1, 1)).isEqualTo(new SessionAnswer.Answered(1, OK));
        assertThat(say(2, 2, 1)).isEqualTo(new SessionAnswer.Answered(2, OK));
        assertThat(runs).hasSize(2);
    }

    @Test
    void answers_areKeptUntilTheClientHasThem() {
        login(10, 1);
        for (int seq = 1; seq <= SessionLimits.SAYS_MAX; seq++) {
            say(1, seq, 1);
        }
        assertThat(state.answers()).hasSize(SessionLimits.SAYS_MAX);
        assertThat(say(1, 5, 1)).isEqualTo(new SessionAnswer.Answered(5, OK));

        say(1, SessionLimits.SAYS_MAX + 1, 30);
        assertThat(state.answers()).hasSize(4);
        assertThat(say(1, 5, 5)).isInstanceOf(SessionAnswer.Wrong.class);
    }

    @Test
    void numbersThatNoClientOfOursUses_areWrong() {
        login(10, 1);

        assertThat(say(1, 2, 1)).isInstanceOf(SessionAnswer.Wrong.class);
        assertThat(say(1, 2, 2)).isInstanceOf(SessionAnswer.Wrong.class);
        assertThat(say(1, 0, 0)).isInstanceOf(SessionAnswer.Wrong.class);
        assertThat(say(1, Long.MIN_VALUE, Long.MAX_VALUE)).isInstanceOf(SessionAnswer.Wrong.class);
        assertThat(ask(new SessionCall.Read(1, 0, 0))).isInstanceOf(SessionAnswer.Wrong.class);
        assertThat(ask(new SessionCall.Read(1, 3, 1))).isEqualTo(new SessionAnswer.NotHeard(3));
        assertThat(runs).isEmpty();
    }

    @Test
    @Tag("S3.19")
    void withoutAConnection_theUserIsToldLater() {
        login(10, 1);
        ask(new SessionCall.Closed(1, true));
        Session session = new Session(state);
        session.tell(new FeedItem("t", Bytes.utf8("you won")), pushes::add);
        state = session.state();

        assertThat(pushes).isEmpty();
        ask(new SessionCall.Resume(20, HASH, 0));
        assertThat(ask(new SessionCall.Read(2, 0, 1)))
                .isEqualTo(new SessionAnswer.Page(
                        0, new FeedPage(1, List.of(new FeedItem("t", Bytes.utf8("you won"))), 1)));
        ask(new SessionCall.Ack(2, 1));
        assertThat(state.personal().items()).isEmpty();
        assertThat(state.personal().last()).isEqualTo(1);
    }

    @Test
    void gateThatWasTakenForDead_isThereAgain() {
        login(10, 1);
        ask(new SessionCall.Closed(1, true));

        assertThat(ask(new SessionCall.Check(1, 10))).isInstanceOf(SessionAnswer.Checked.class);
        assertThat(state.gate()).isEqualTo(10);
    }

    @Test
    void sessionThatIsEnded_isNotResumed() {
        login(10, 1);
        Session session = new Session(state);
        session.end(End.LOGGED_OUT, pushes::add);
        state = session.state();

        assertThat(pushes).containsExactly(new Push(10, new Push.Gone(End.LOGGED_OUT)));
        assertThat(ask(new SessionCall.Resume(20, HASH, 0))).isEqualTo(new SessionAnswer.Stale(End.LOGGED_OUT));
        assertThat(ask(new SessionCall.Resume(20, Bytes.EMPTY, 0))).isEqualTo(new SessionAnswer.Stale(End.LOGGED_OUT));
        assertThat(say(2, 1, 1)).isEqualTo(new SessionAnswer.Stale(End.LOGGED_OUT));
    }

    @Test
    void feeds_haveNumbersThatAreNeverUsedAgain() {
        login(10, 1);
        Session session = new Session(state);

        assertThat(session.hear("room", "room-7", 5, pushes::add)).isEqualTo(1);
        assertThat(session.hear("room", "room-7", 8, pushes::add)).isEqualTo(1);
        session.leave("room", "room-7", pushes::add);
        assertThat(session.hear("room", "room-7", 9, pushes::add)).isEqualTo(2);
        state = session.state();

        assertThat(pushes).hasSize(3);
        assertThat(ask(new SessionCall.Read(1, 2, 9))).isEqualTo(new SessionAnswer.ReadAt(2, "room-7", "room"));
        for (int i = 1; i < SessionLimits.FEEDS_MAX; i++) {
            session.hear("room", "r" + i, 1, pushes::add);
        }
        assertThatThrownBy(() -> session.hear("room", "r", 1, pushes::add)).hasMessageContaining("at most 32 feeds");
    }

    @Test
    void applicationThatThrows_changesNothing() {
        login(10, 1);
        Session session = new Session(state);

        assertThatThrownBy(() -> session.on(
                        new SessionCall.Say(1, 1, 1, 0, "t", Bytes.EMPTY),
                        (_, _, _, _) -> {
                            throw new IllegalStateException("a bug");
                        },
                        pushes::add))
                .hasMessage("a bug");
        assertThat(session.state()).isEqualTo(state);
    }

    @Test
    void stateCallsAndAnswers_areRecordsThatAnEntityCanKeepAndSend() throws Exception {
        RecordBook book = RecordBook.named("chat")
                .with(SessionState.class, SessionCall.class, SessionAnswer.class, Push.class)
                .build();
        login(10, 1);
        say(1, 1, 1);
        Session session = new Session(state);
        session.tell(new FeedItem("t", Bytes.utf8("x")), pushes::add);
        session.hear("room", "room-7", 5, pushes::add);

        assertThat(book.read(book.write(session.state()))).isEqualTo(session.state());
    }

    @Test
    @Tag("S3.23")
    void whoIsBarred_isOut_andGetsInOnlyWhenHeIsAdmitted() {
        login(10, 1);
        pushes.clear();
        change(session -> session.end(End.DISABLED, pushes::add));

        assertThat(pushes).containsExactly(new Push(10, new Push.Gone(End.DISABLED)));
        SessionAnswer no = new SessionAnswer.Stale(End.DISABLED);
        assertThat(ask(new SessionCall.Find())).isEqualTo(no);
        assertThat(login(20, 2)).isEqualTo(no);
        assertThat(ask(new SessionCall.Resume(20, HASH, 0))).isEqualTo(no);
        assertThat(say(1, 1, 1)).isEqualTo(no);

        change(session -> session.end(End.LOGGED_OUT, pushes::add));
        assertThat(login(20, 2)).isEqualTo(no);
        change(Session::admit);
        assertThat(ask(new SessionCall.Resume(20, HASH, 0))).isEqualTo(new SessionAnswer.Stale(End.LOGGED_OUT));
        assertThat(login(20, 2)).isInstanceOf(SessionAnswer.Entered.class);
    }

    private void change(Consumer<Session> how) {
        Session session = new Session(state);
        how.accept(session);
        assertThat(session.mustWrite()).isTrue();
        state = session.state();
    }

    private Condition condition(long... gatesThatAreThere) {
        return new Session(state, gate -> LongStream.of(gatesThatAreThere).anyMatch(there -> there == gate))
                .condition();
    }

    @Test
    @Tag("S3.21")
    @Tag("S3.22")
    @Tag("D1")
    void condition_isTheFirstThatHolds_andAGateThatIsGoneHoldsNobody() {
        assertThat(condition()).isEqualTo(Condition.OFFLINE);
        login(10, 1);
        assertThat(condition(10)).isEqualTo(Condition.ONLINE);
        assertThat(condition(11)).isEqualTo(Condition.CLIENT_DOWN);
        assertThat(new Session(state, _ -> false).on(new SessionCall.Find(), (_, _, _, _) -> OK, pushes::add))
                .isEqualTo(new SessionAnswer.At(1, Condition.CLIENT_DOWN, false));
        change(session -> session.hear("table", "table-1", 1, pushes::add));
        assertThat(condition(10)).isEqualTo(Condition.BUSY);
        assertThat(condition()).isEqualTo(Condition.BUSY);
        ask(new SessionCall.Closed(1, true));
        assertThat(condition(10)).isEqualTo(Condition.BUSY);
    }
}
