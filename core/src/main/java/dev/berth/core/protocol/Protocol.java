package dev.berth.core.protocol;

import dev.berth.core.call.CallShortcut;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.ReplyShortcut;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.registry.RegistryMessage;
import dev.berth.core.store.StoreMessage;
import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.Codec;
import dev.berth.core.wire.DurableCodec;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Versions;
import dev.berth.core.wire.WireException;
import java.util.List;

/** Everything that travels or is kept, and the versions spoken. docs/protocol.md lists it byte by byte. Any thread. */
public final class Protocol {
    /** Version n talks to n - 1. */
    public static final Versions VERSIONS = new Versions(1, 1);

    /** All frame types; no two links use one number for different things. */
    public static final Catalog<Object> ALL = Catalog.of(
            List.of(ClusterMessage.class, PeerMessage.class, StoreMessage.class, ToolMessage.class),
            List.of(new CallShortcut(), new ReplyShortcut()));

    /** What a master hears. */
    public static final Catalog<ClusterMessage.ToMaster> TO_MASTER = ALL.only(ClusterMessage.ToMaster.class);

    /** What a member hears from masters. */
    public static final Catalog<ClusterMessage.ToMember> TO_MEMBER = ALL.only(ClusterMessage.ToMember.class);

    /** What nodes hear from each other. Hello and Goodbye are understood in any version. */
    public static final Catalog<PeerMessage> PEER =
            ALL.only(PeerMessage.class).opening(List.of(PeerMessage.Hello.class, PeerMessage.Goodbye.class));

    /** What a store hears from owners. */
    public static final Catalog<StoreMessage.ToStore> TO_STORE = ALL.only(StoreMessage.ToStore.class);

    /** What owners hear from a store. */
    public static final Catalog<StoreMessage.FromStore> FROM_STORE = ALL.only(StoreMessage.FromStore.class);

    /** What a node hears from commands. */
    public static final Catalog<ToolMessage.ToNode> TO_NODE = ALL.only(ToolMessage.ToNode.class);

    /** What commands hear from a node. */
    public static final Catalog<ToolMessage.FromNode> FROM_NODE = ALL.only(ToolMessage.FromNode.class);

    /** The bodies of calls to a registry slot, of their replies, and of its notices. */
    public static final Codec<RegistryMessage> REGISTRY = Codec.of(RegistryMessage.class);

    /** The coordinator's node {@code term}. */
    public static final DurableCodec<Durable.TermRecord> TERM =
            new DurableCodec<>(Durable.TermRecord.class, 1, new Limits(1_024, 64, 4));

    /** The coordinator's node {@code view}. */
    public static final DurableCodec<ViewImage> VIEW = new DurableCodec<>(ViewImage.class, 1, Limits.VIEW);

    /** A node of the coordinator's {@code journal}. */
    public static final DurableCodec<JournalEntry> JOURNAL_ENTRY =
            new DurableCodec<>(JournalEntry.class, 1, new Limits(1 << 20, 100_000, 8));

    private Protocol() {}

    /** The version that two sides use together; refused only when what they speak does not overlap. */
    public static int negotiate(int minA, int maxA, int minB, int maxB) throws WireException {
        return Versions.of(minA, maxA).common(Versions.of(minB, maxB));
    }
}
