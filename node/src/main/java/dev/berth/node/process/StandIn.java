package dev.berth.node.process;

import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.plane.Guest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stands for a process of a hidden node: what it is told goes there, and what is answered comes back. */
final class StandIn implements Behavior<Object> {
    /** How long a message may be on its way to the connection. */
    private static final long SEND_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** The connection has ended, and with it whatever it stands for. */
    record Gone(String cause) {}

    /** Read by the thread that runs this process, and not by the node's loop. */
    private record Answered(Letter question, Outcome<Bytes> outcome) {}

    private final Processes home;
    private final Guest guest;
    private int unanswered;
    private @Nullable String gone;

    StandIn(Processes home, Guest guest) {
        this.home = home;
        this.guest = guest;
    }

    // How the questions have ended that were on the connection may be heard after its end: a process that has
    // stopped by then would leave whoever asked waiting.

    @Override
    public @Nullable Object on(Self<Object> self, Object message) {
        switch (message) {
            case Gone(String cause) -> gone = cause;
            case Answered(Letter question, Outcome<Bytes> outcome) -> {
                unanswered--;
                end(question, outcome);
            }
            default -> passOn((LocalProcess) self, message);
        }
        if (gone != null && unanswered == 0) {
            self.stop("its node is not connected any more: " + gone);
        }
        return null;
    }

    private void passOn(LocalProcess self, Object message) {
        Bytes body = home.parcels().write(message);
        Runner runner = Runner.current();
        Letter letter = runner == null ? null : runner.reads;
        boolean asked = letter != null && letter.isAwaited();
        CallEnd end = CallEnd.NOBODY;
        if (letter != null && asked) {
            var _ = self.replyLater();
            unanswered++;
            end = (outcome, _) -> self.tell(new Answered(letter, outcome));
        }
        long address = self.address().value();
        guest.submit(new Request(
                address,
                null,
                address,
                null,
                letter != null && asked ? letter.deadlineNanos() : System.nanoTime() + SEND_NANOS,
                !asked,
                letter == null ? List.of() : letter.chain(),
                Bytes.EMPTY,
                null,
                body,
                end));
    }

    private void end(Letter question, Outcome<Bytes> outcome) {
        switch (outcome) {
            case Outcome.Done<Bytes>(Bytes body) -> {
                try {
                    question.answer(home.parcels().read(body));
                } catch (WireException unreadable) {
                    question.failed("UnreadableAnswer", String.valueOf(unreadable.getMessage()));
                }
            }
            case Outcome.Failed<Bytes>(String kind, String why) -> question.failed(kind, why);
            case Outcome.Refused<Bytes>(RefusedReason reason, long _) -> question.notRun(notRun(reason));
            case Outcome.Unknown<Bytes>(Outcome.Cause cause) -> question.unknown(cause);
        }
    }

    private static NotRun notRun(RefusedReason reason) {
        return switch (reason) {
            case BUSY, REBUILDING, STOPPED -> NotRun.BUSY;
            case TIMED_OUT -> NotRun.TIMED_OUT;
            case MOVED, NO_OWNER, NO_SUCH_PROCESS, CLOSED, TOO_OLD -> NotRun.NO_SUCH_PROCESS;
        };
    }
}
