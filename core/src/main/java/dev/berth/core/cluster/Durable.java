package dev.berth.core.cluster;

import dev.berth.core.wire.Field;
import java.util.List;
import java.util.TreeSet;

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
     * Those whose touch nodes may be removed: the view was read after them and does not list them, so they are gone for good,
     * because an incarnation is listed before it touches and never comes back.
     */
    public static List<Incarnation> gone(ViewImage readAfterwards, List<Incarnation> touched) {
        TreeSet<Incarnation> listed = new TreeSet<>();
        readAfterwards.members().forEach(member -> listed.add(member.incarnation()));
        return touched.stream().filter(life -> !listed.contains(life)).toList();
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
