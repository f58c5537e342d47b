package dev.berth.node.process;

import dev.berth.core.PublicApi;

/**
 * A name under which something is told to whoever wants to hear it, anywhere in the cluster ({@link Self#subscribe}). Nobody has
 * to make it first. Immutable; any thread, and in an entity its own code.
 */
@PublicApi
public interface Topic {
    /** Its letters at most. */
    int NAME_MAX = 200;

    String name();

    /**
     * Tells it to all subscribers of all nodes, and waits for nobody. Each hears it at most once, and what one publisher tells
     * from one node in its order; what a full mailbox, a full connection or an ending node does not take is lost, and counted
     * ({@code berth_topic_dropped_total}). An entity's leaves when all that its method has seen and changed is durable, and
     * never if the method throws.
     *
     * @param message a record of the book of messages, text, a number, a boolean or Bytes; within the node it goes as it is
     * @throws IllegalArgumentException when another node could not read it: not registered, or larger than 1 MiB
     */
    void publish(Object message);
}
