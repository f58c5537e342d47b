package dev.berth.core.gateway;

/** What a server answers a gateway. Any thread. */
public sealed interface PlaceAnswer {
    /**
     * A place is kept, for a while.
     *
     * @param address HOST:PORT, as clients reach it
     */
    record Reserved(String address) implements PlaceAnswer {}

    /** All places are taken or kept. */
    record Full() implements PlaceAnswer {}

    /** Nobody can come this way. */
    record NoWay() implements PlaceAnswer {}
}
