package dev.berth.core.call;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Prose;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

// What befalls a call is noted only when it is not the usual (sent, answered), and put into words only when somebody
// asks: a call that ends as Done in time costs three numbers in its flight. Of one that is kept, what it carried is
// not: it is nobody's business, and may be large.

/** The latest calls that did not end as Done, or took long, each with what befell it. One owner: the loop's. */
public final class CallLog {
    /** The oldest is forgotten for a new one. */
    public static final int KEPT_MAX = 1_024;
    /** A call that ended as Done is kept if it took longer. */
    public static final long SLOW_NANOS = 1_000_000_000L;

    private static final int TEXT_MAX = 200;

    /** Something unusual that befell a call; put into words later. */
    record Turn(
            long atNanos,
            CallStep.Kind kind,
            long view,
            @Nullable Object why,
            @Nullable Object peer,
            long epoch,
            long connection) {
        CallStep inWords() {
            String whom = peer == null ? "" : peer.toString();
            String under = epoch > 0 ? " under epoch " + epoch : "";
            String in = " in view " + view;
            return new CallStep(
                    atNanos,
                    kind,
                    switch (kind) {
                        case HELD -> why + in;
                        case SENT -> "to " + whom + under + ", connection " + connection + "," + in;
                        case REFUSED -> "by " + whom + under + ": " + why + "," + in;
                        case NOT_WRITTEN -> "to " + whom + ", connection " + connection + " ended before," + in;
                        case LOST -> "at " + whom + under + ", connection " + connection + ": " + why + "," + in;
                    });
        }
    }

    private record Kept(
            long call,
            @Nullable SlotId to,
            long address,
            long beganNanos,
            long endedNanos,
            String end,
            List<Turn> turns,
            int leftOut) {
        CallStory inWords() {
            return new CallStory(
                    call,
                    to == null ? "process " + new Address(address) : to.toString(),
                    beganNanos,
                    endedNanos,
                    end,
                    turns.stream().map(Turn::inWords).toList(),
                    leftOut);
        }
    }

    private final ArrayDeque<Kept> kept = new ArrayDeque<>();

    void keep(Flight flight, long nowNanos, Outcome<Bytes> outcome) {
        List<Turn> turns = flight.turns == null ? List.of() : flight.turns;
        put(new Kept(
                flight.order,
                flight.request.to(),
                flight.request.address(),
                flight.beganNanos,
                nowNanos,
                inWords(outcome),
                turns,
                flight.turnsLeftOut));
    }

    /** One that was refused before it began. */
    void keep(long call, long nowNanos, Request request, RefusedReason reason) {
        put(new Kept(
                call,
                request.to(),
                request.address(),
                nowNanos,
                nowNanos,
                "Refused " + reason + " at once",
                List.of(),
                0));
    }

    private void put(Kept one) {
        if (kept.size() == KEPT_MAX) {
            kept.removeFirst();
        }
        kept.addLast(one);
    }

    private static String inWords(Outcome<Bytes> outcome) {
        return switch (outcome) {
            case Outcome.Done<Bytes> _ -> "Done, but slow";
            case Outcome.Failed<Bytes>(String kind, String message) ->
                Prose.upTo(TEXT_MAX, "Failed " + kind + ": " + message);
            case Outcome.Refused<Bytes>(RefusedReason reason, long _) ->
                "Refused " + reason + ": it surely did not run";
            case Outcome.Unknown<Bytes>(Outcome.Cause cause) -> "Unknown " + cause + ": it may have run";
        };
    }

    /** The call with this number, or nothing if it ended well or was forgotten. */
    public List<CallStory> find(long call) {
        for (Kept one : kept) {
            if (one.call() == call) {
                return List.of(one.inWords());
            }
        }
        return List.of();
    }

    /** The latest, newest first. */
    public List<CallStory> newest(int max) {
        List<CallStory> stories = new ArrayList<>();
        Iterator<Kept> each = kept.descendingIterator();
        while (each.hasNext() && stories.size() < max) {
            stories.add(each.next().inWords());
        }
        return stories;
    }
}
