package dev.berth.node.link;

import org.jspecify.annotations.Nullable;

/** How a listening end answers in the handshake, and what the dialling end tells people about it. Any thread. */
enum Answer {
    GO_ON(0, "goes on"),
    OTHER_CLUSTER(1, "it belongs to another cluster; check the address and the cluster's name"),
    VERSIONS_APART(2, "the protocol versions do not overlap; upgrade the older one step by step"),
    KIND_UNKNOWN(3, "connections of this kind are not served there; check the address"),
    OTHER_SECRET(4, "the secrets differ; give both ends the same secret file"),
    BUSY(5, "too many connections were waiting to be authenticated; dial again later"),
    MALFORMED(6, "it did not understand our opening; are the releases too far apart?");

    private static final Answer[] ALL = values();

    private final int code;
    private final String meaning;

    Answer(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }

    static @Nullable Answer of(int code) {
        for (Answer answer : ALL) {
            if (answer.code == code) {
                return answer;
            }
        }
        return null;
    }
}
