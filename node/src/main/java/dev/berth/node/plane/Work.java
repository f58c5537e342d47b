package dev.berth.node.plane;

import dev.berth.core.call.Dispatch;
import dev.berth.core.call.Judge.Verdict;
import dev.berth.core.call.PeerMessage.Result;
import org.jspecify.annotations.Nullable;

/**
 * An admitted call or message on its way through a mailbox. Whoever takes it from there judges it once more, and then says
 * either {@link #taken} and later {@link #answer}, or {@link #returned}. Any thread.
 */
public final class Work {
    private final Plane plane;
    private final End end;
    private final Dispatch dispatch;

    Work(Plane plane, End end, Dispatch dispatch) {
        this.plane = plane;
        this.end = end;
        this.dispatch = dispatch;
    }

    public Dispatch dispatch() {
        return dispatch;
    }

    /** The hidden node that it comes from; null if a listed one has sent it. */
    public @Nullable Guest guest() {
        return end.guest();
    }

    /** The last judgement, at the moment in which it would run (rule 17). */
    public Verdict judge() {
        return plane.judge(end, dispatch);
    }

    /** It runs, or was thrown away with its process. To be said as soon as it is so: a hand-over may wait for it. */
    public void taken() {
        plane.run(() -> end.taken(dispatch));
    }

    /** The judgement was neither RUN nor NOT_NOW. */
    public void returned() {
        plane.run(() -> end.returned(dispatch));
    }

    /** The handler has ended; of a one-way message too. It need not have been {@link #taken} before. */
    public void answer(Result result) {
        plane.answer(end, dispatch, result);
    }
}
