package dev.berth.node.member;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.node.link.Transport;
import dev.berth.node.plane.Plane;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * What a member is joined to. Any thread.
 *
 * @param loop on which its connections with masters and its plane live
 * @param masters in the order in which all nodes of the cluster know them
 * @param planes makes the node's plane when it has its first view
 */
public record MemberParts(
        Transport transport,
        EventLoop loop,
        List<InetSocketAddress> masters,
        Touches touches,
        Fencing fencing,
        SlotHost slots,
        PlaneMaker planes) {
    public MemberParts {
        masters = List.copyOf(masters);
    }

    /** Makes a plane; called once, on the member's thread. */
    @FunctionalInterface
    public interface PlaneMaker {
        Plane make(LongPredicate mayAct, View view, Incarnation self, Consumer<? super Throwable> broken);
    }
}
