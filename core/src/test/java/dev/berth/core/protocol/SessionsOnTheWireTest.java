package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// The session is the first field of calls and replies. Its sign says which of the two it is, so a sign that does not
// fit is refused where the bytes are read.

/** A request carries a negative session, its reply the positive one; 0 wants no reply. */
class SessionsOnTheWireTest {
    private static PeerMessage.Call call(int session) {
        return new PeerMessage.Call(session, null, null, 1, 1, List.of(), Bytes.EMPTY, null, Bytes.EMPTY);
    }

    private static PeerMessage.Reply reply(int session) {
        return new PeerMessage.Reply(session, null, new PeerMessage.Result.Value(Bytes.EMPTY));
    }

    @Test
    @Tag("S4.11")
    @Tag("S4.12")
    void sessionsOf31Bits_travelWithTheirSign() throws WireException {
        for (int session : new int[] {1, 63, 64, 65_536, Integer.MAX_VALUE}) {
            assertThat(Travellers.read(Travellers.frame(call(-session)))).containsExactly(call(-session));
            assertThat(Travellers.read(Travellers.frame(reply(session)))).containsExactly(reply(session));
        }
        assertThat(Travellers.read(Travellers.frame(call(0)))).containsExactly(call(0));
    }

    @Test
    @Tag("S4.12")
    void smallSessions_takeOneByteWhateverTheirSign() {
        assertThat(Travellers.frame(call(-1))).hasSameSizeAs(Travellers.frame(call(-63)));
        assertThat(Travellers.frame(reply(1))).hasSameSizeAs(Travellers.frame(reply(63)));
        assertThat(Travellers.frame(call(0)).length).isEqualTo(Travellers.frame(call(-1)).length - 2);
    }

    @Test
    @Tag("S4.12")
    void sessionWithTheWrongSign_isRefused() {
        byte[] request = Travellers.frame(call(-1));
        byte[] answer = Travellers.frame(reply(1));
        // Zigzag: 1 is -1, 2 is 1.
        request[17] = 2;
        answer[17] = 1;

        assertThat(catchThrowableOfType(WireException.class, () -> Travellers.read(request)))
                .hasMessage("Call: Call refuses it: a request has a negative session or 0, got 1");
        assertThat(catchThrowableOfType(WireException.class, () -> Travellers.read(answer)))
                .hasMessage("Reply: Reply refuses it: a reply has a positive session, got -1");
    }

    @Test
    @Tag("S4.11")
    void sessionWithoutAPositiveNumber_isRefused() {
        assertThatThrownBy(() -> call(Integer.MIN_VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2147483648");
    }
}
