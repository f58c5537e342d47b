package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session by hand, at owners that come and go: what each knows of the SAY that comes next. */
class TriesTest {
    private static final Bytes HASH = Bytes.utf8("hash");

    private SessionState state = SessionState.NEW;
    private long kept;
    private Tries tries = new Tries(state, kept);
    private boolean tried;

    private void anotherOwner() {
        tries = new Tries(state, kept);
    }

    private void asked(SessionCall call) {
        Session session = new Session(state);
        SessionAnswer answer = session.on(
                call,
                (_, operation, _, _) -> {
                    tried = tries.begins(state, kept, operation.counter(), false);
                    return new ClientMessage.Outcome.Done("ok", Bytes.EMPTY);
                },
                _ -> {});
        kept = tries.ended(call, answer, state, kept, session.state());
        state = session.state();
    }

    private void login() {
        asked(new SessionCall.Login(state.epoch(), 1, 7, HASH));
    }

    private void resume() {
        asked(new SessionCall.Resume(2, HASH, 0));
    }

    private boolean isTried(long seq) {
        asked(new SessionCall.Say(state.epoch(), seq, seq, 0, "t", Bytes.EMPTY));
        return tried;
    }

    /** It calls somebody, and its owner dies before the answer. */
    private void dies(long seq) {
        tries.begins(state, kept, seq, false);
        anotherOwner();
    }

    @Test
    void whoHasSeenTheLastOneEnd_knowsTheNext_alsoForLaterOwners() {
        login();
        assertThat(isTried(1)).isFalse();
        resume();
        assertThat(isTried(2)).isFalse();
        resume();
        anotherOwner();
        assertThat(isTried(3)).isFalse();
        resume();
        resume();
        assertThat(isTried(4)).isFalse();
    }

    @Test
    void whatAnOwnerDidLast_isNotKnownToTheNext_untilTheGateSaysThatAllWasAnswered() {
        login();
        isTried(1);
        anotherOwner();
        resume();
        assertThat(isTried(2)).isTrue();

        anotherOwner();
        asked(new SessionCall.Closed(state.epoch(), true));
        anotherOwner();
        resume();
        assertThat(isTried(3)).isFalse();

        anotherOwner();
        asked(new SessionCall.Closed(state.epoch(), false));
        resume();
        assertThat(isTried(4)).isTrue();
    }

    @Test
    void whatWasTried_staysSo_howeverManyComeAndGo() {
        for (boolean answered : List.of(true, false)) {
            login();
            isTried(1);
            resume();
            dies(2);
            asked(new SessionCall.Closed(state.epoch() - 1, true)); // of an earlier connection, late
            asked(new SessionCall.Closed(state.epoch(), false));
            resume();
            anotherOwner();
            asked(new SessionCall.Closed(state.epoch(), answered)); // nothing was asked in this one
            resume();
            assertThat(isTried(2)).as("answered=%s", answered).isTrue();
            assertThat(isTried(3)).isFalse();
        }
    }

    @Test
    void repeatedCall_saysSoItself() {
        login();
        isTried(1);
        anotherOwner();
        assertThat(tries.begins(state, kept, 2, true)).isTrue();
        assertThat(tries.begins(state, kept, 2, false)).isFalse();
    }
}
