package dev.berth.core.gateway;

/** What a gateway asks a server. Any thread. */
public sealed interface PlaceCall {
    /** Keep a place for somebody who is about to come this way. */
    record Reserve(Way way) implements PlaceCall {}
}
