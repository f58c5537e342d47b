package dev.berth.core.call;

import org.jspecify.annotations.Nullable;

// Numbers are counted up, so at any time those in use lie close together, and the low bits of a number are its place
// in an array: no hashing, no boxes. A number whose place is taken by a call that has been waiting for long is
// skipped; that covers the wrap-around after 2^31 calls too (S4.11).

/** The sessions of the calls under way: numbers 1 to 2^31-1, each loop of a node using every n-th. One owner. */
final class Sessions {
    private final int stride;
    private final int first;
    private @Nullable Flight[] places = new Flight[16];
    private int next;
    private int size;

    /**
     * @param lane which of the {@code lanes} numbers in a row is this loop's: session mod lanes
     * @param start the number to begin at or above
     */
    Sessions(int lane, int lanes, int start) {
        if (lanes < 1 || lane < 0 || lane >= lanes || start < 1) {
            throw new IllegalArgumentException("lane " + lane + " of " + lanes + ", starting at " + start);
        }
        this.stride = lanes;
        this.first = lane == 0 ? lanes : lane;
        this.next = (int) Math.min(Integer.MAX_VALUE, start + (long) Math.floorMod(lane - start, lanes));
    }

    int size() {
        return size;
    }

    /** Gives the flight the next number that is free. */
    void open(Flight flight) {
        if (2 * size >= places.length) {
            grow();
        }
        while (places[place(next)] != null) {
            step();
        }
        flight.session = next;
        places[place(next)] = flight;
        size++;
        step();
    }

    @Nullable
    Flight get(int session) {
        Flight flight = places[place(session)];
        return flight != null && flight.session == session ? flight : null;
    }

    void close(Flight flight) {
        places[place(flight.session)] = null;
        flight.session = 0;
        size--;
    }

    private void step() {
        next = next > Integer.MAX_VALUE - stride ? first : next + stride;
    }

    private int place(int session) {
        return session / stride & places.length - 1;
    }

    private void grow() {
        @Nullable Flight[] old = places;
        places = new Flight[2 * old.length];
        for (Flight flight : old) {
            if (flight != null) {
                places[place(flight.session)] = flight;
            }
        }
    }
}
