package dev.berth.core.cluster;

import dev.berth.core.wire.Field;
import java.util.List;

// Three kinds of nodes in the coordinator, so that renewals, views and touches do not collide:
//   term   renewed by compare-and-set every Ll/3; a take-over raises the term
//   view   every view is a compare-and-set on this node's version; a take-over rewrites it in the same transaction,
//          so that a late write of the deposed master finds another version
//   touch  one per incarnation; a view that expels checks the versions its master has read

/** The durable record as a master reads it: contents and the versions that later writes compare with. Any thread. */
public record Durable(ViewImage view, int viewVersion, TermRecord term, int termVersion, List<Touch> touches) {
    public Durable {
        touches = List.copyOf(touches);
    }

    /**
     * @param election the one that the leader had won; who has lost to it never takes over again
     * @param resigned the leader wrote this after its last answer, so nobody holds a lease of its last Ll
     */
    public record TermRecord(
            @Field(1) long term,
            @Field(2) long renewal,
            @Field(value = 3, max = ServiceName.MAX) String leader,
            @Field(4) boolean resigned,
            @Field(5) long election) {}

    /** How often a life of a node has renewed at the coordinator; absent means never. */
    public record Touch(
            @Field(1) Incarnation incarnation, @Field(2) int version) {}
}
