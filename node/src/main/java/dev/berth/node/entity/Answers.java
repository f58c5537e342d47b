package dev.berth.node.entity;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.wire.Bytes;

/** What an entity's method has answered or thrown, as its caller is told it. */
final class Answers {
    private Answers() {}

    /** What does not fit a frame would end the connection's loop, and with it the node. */
    static Bytes sendable(Bytes answer) {
        if (answer.length() > PeerMessage.BODY_MAX) {
            throw new IllegalStateException(
                    "an answer has at most " + PeerMessage.BODY_MAX + " bytes, this one " + answer.length());
        }
        return answer;
    }

    /** What another entity threw and its caller did not catch stays what it was, however many pass it on. */
    static Result error(Throwable thrown) {
        if (thrown instanceof CallException call
                && call.outcome() instanceof Outcome.Failed<?>(String kind, String message)) {
            return new Result.Error(kind, message);
        }
        return new Result.Error(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
    }
}
