package dev.berth.node.link;

import org.jspecify.annotations.Nullable;

/** What a connection is for: announced in the handshake, so that one port serves several kinds. Any thread. */
public enum Kind {
    /** From a member, or a launcher, to a master. */
    MASTER(1),
    /** Between two nodes. */
    PEER(2),
    /** From an owner to a store node. */
    STORE(3),
    /** From a command to a node. */
    TOOL(4);

    private static final Kind[] ALL = values();

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    /** The number in the handshake. */
    int code() {
        return code;
    }

    static @Nullable Kind of(int code) {
        for (Kind kind : ALL) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}
