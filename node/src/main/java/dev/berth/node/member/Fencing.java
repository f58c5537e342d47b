package dev.berth.node.member;

import dev.berth.core.cluster.Grant;

/** Where the slots of a node are durable: told that from now on only this grant writes. Any thread. */
public interface Fencing {
    /** Slots that keep nothing: every fence is taken at once. */
    Fencing NONE = (grant, answer) -> answer.taken();

    /** Asserts the fence, again and again until the store has answered; then says so once, on any thread. */
    void assertFence(Grant grant, Answer answer);

    /** What became of a fence. */
    interface Answer {
        void taken();

        void refused(long storedEpoch);
    }
}
