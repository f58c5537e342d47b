package dev.berth.core.gateway;

/** What a gateway does. Any thread. */
public sealed interface UsherAction {
    /** Asks a server to keep a place; ended by Answered or Failed, or by nothing. */
    record Ask(long question, long server, Way way) implements UsherAction {}

    /** Sends a client there: the first of two ends of what it seeks. */
    record HandOff(long client, String address) implements UsherAction {}

    /** There is no place: the other end. */
    record NoPlace(long client, String why, int retryMillis) implements UsherAction {}
}
