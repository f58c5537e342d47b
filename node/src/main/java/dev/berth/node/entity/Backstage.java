package dev.berth.node.entity;

import dev.berth.core.call.Address;
import dev.berth.core.call.OperationId;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;

/**
 * What Berth's own entities have to work with beyond {@link Context}, which is one. Only an entity's own code, in its methods.
 */
public interface Backstage {
    static Backstage of(Context<?> me) {
        return (Backstage) me;
    }

    /**
     * To a process, at most once: leaves when all that the method has seen and changed is durable.
     *
     * @param untaken is told instead, as soon as that can be, if the message could not leave
     */
    void push(Address to, Bytes message, Bytes untaken);

    /** Whether the node that this address is of is still what it was when it gave it. */
    boolean isListed(Address address);

    /** Whether an earlier attempt of the call at hand may have run. */
    boolean isSecond();

    /**
     * From here on the calls that this method makes follow from that operation and not from the call at hand: whoever tries the operation anew
     * by another call makes the same calls again.
     *
     * @param tried whether that may be so now
     */
    void causedBy(OperationId operation, boolean tried);

    /** The application's records. */
    RecordBook book();

    /** What a record is called there. */
    String wireName(Class<?> type);
}
