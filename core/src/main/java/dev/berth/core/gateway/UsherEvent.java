package dev.berth.core.gateway;

import java.util.List;

/** What happens to a gateway. Any thread. */
public sealed interface UsherEvent {
    /** These are the servers now, by their addresses in the cluster. */
    record Servers(List<Long> all) implements UsherEvent {}

    /**
     * A client looks for a place.
     *
     * @param patienceNanos after which it wants an answer, whatever it is
     */
    record Seeks(long client, Way way, long patienceNanos) implements UsherEvent {}

    /** It is gone. */
    record Left(long client) implements UsherEvent {}

    record Answered(long question, PlaceAnswer answer) implements UsherEvent {}

    /** There was no answer, and will be none. */
    record Failed(long question) implements UsherEvent {}
}
