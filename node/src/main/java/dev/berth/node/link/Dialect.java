package dev.berth.node.link;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.Limits;

/**
 * What one end of a connection of a kind hears and says. Any thread.
 *
 * @param heard the messages that this end understands; any other ends the connection
 * @param said the messages that it sends
 * @param limits how much one message may take, in either direction
 */
public record Dialect<I, O>(Kind kind, Catalog<I> heard, Catalog<O> said, Limits limits) {
    /** The end of the connection at which the master is. */
    public static final Dialect<ClusterMessage.ToMaster, ClusterMessage.ToMember> MASTERS_END =
            new Dialect<>(Kind.MASTER, Protocol.TO_MASTER, Protocol.TO_MEMBER, Limits.VIEW);

    /** The end at which the member is. */
    public static final Dialect<ClusterMessage.ToMember, ClusterMessage.ToMaster> MEMBERS_END = MASTERS_END.otherEnd();

    /** Between nodes, both ends. */
    public static final Dialect<PeerMessage, PeerMessage> PEERS =
            new Dialect<>(Kind.PEER, Protocol.PEER, Protocol.PEER, Limits.PEER);

    /** The end of a command's connection at which the node is. */
    public static final Dialect<ToolMessage.ToNode, ToolMessage.FromNode> NODES_END =
            new Dialect<>(Kind.TOOL, Protocol.TO_NODE, Protocol.FROM_NODE, Limits.PEER);

    /** The end at which the command is. */
    public static final Dialect<ToolMessage.FromNode, ToolMessage.ToNode> TOOLS_END = NODES_END.otherEnd();

    /** The same connection as the other side sees it. */
    public Dialect<O, I> otherEnd() {
        return new Dialect<>(kind, /* heard= */ said, /* said= */ heard, limits);
    }
}
