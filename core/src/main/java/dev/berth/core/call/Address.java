package dev.berth.core.call;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.View;

// Whether a process is here or elsewhere is one comparison of the high bits. A node id may be used by a new life
// as soon as the old one is gone; its processes then count from another place, so that an old address hits nobody
// instead of a stranger.

/** Where a process is: 16 bits of node id and 48 bits of process number. Any thread. */
@PublicApi
public record Address(long value) {
    private static final int PROCESS_BITS = 48;
    private static final long PROCESS_MASK = (1L << PROCESS_BITS) - 1;
    private static final int LIFE_BITS = 24;

    public static Address of(NodeId node, long process) {
        if (node.isNone() || process < 0 || process > PROCESS_MASK) {
            throw new IllegalArgumentException("an address needs a node and a process number of " + PROCESS_BITS
                    + " bits, got " + node + " and " + process);
        }
        return new Address((long) node.value() << PROCESS_BITS | process);
    }

    /** The address of the first process of a life; the next 2^24 are its own, unless 2^24 later lives have passed. */
    public static Address first(Incarnation life) {
        long block = life.number() & (1L << LIFE_BITS) - 1;
        return of(life.node(), block << LIFE_BITS);
    }

    public NodeId node() {
        return new NodeId((int) (value >>> PROCESS_BITS));
    }

    public long process() {
        return value & PROCESS_MASK;
    }

    public boolean isAt(NodeId node) {
        return value >>> PROCESS_BITS == node.value();
    }

    /** Whether a process of that life has it. */
    public boolean isOf(Incarnation life) {
        return value >>> LIFE_BITS == first(life).value >>> LIFE_BITS;
    }

    /** Whether the life of a node that this process belongs to is listed. */
    public boolean isIn(View view) {
        Listing listing = view.member(node());
        return listing != null && isOf(listing.incarnation());
    }

    @Override
    public String toString() {
        return node() + ":" + process();
    }
}
