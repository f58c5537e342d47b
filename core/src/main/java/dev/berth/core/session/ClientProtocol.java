package dev.berth.core.session;

import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Versions;
import java.util.List;

/**
 * The protocol between clients and gates: the frames of the cluster's own one, with frame types and versions of their own and
 * a cluster id of 0. docs/client-protocol.md lists it. Any thread.
 */
public final class ClientProtocol {
    public static final Versions VERSIONS = new Versions(1, 1);

    /** In the place where frames between nodes have their cluster's id. */
    public static final long ID = 0;

    /** What a gate takes from a client. */
    public static final Limits TO_GATE = new Limits(8_192, 64, 4);

    /** What a client takes from a gate. */
    public static final Limits TO_CLIENT = new Limits(64 << 10, 512, 6);

    public static final Catalog<ClientMessage> ALL = Catalog.of(List.copyOf(ClientMessage.sides()));

    /** What a gate hears. HELLO is understood in any version. */
    public static final Catalog<ClientMessage.ToGate> GATE =
            ALL.only(ClientMessage.ToGate.class).opening(List.of(ClientMessage.Hello.class));

    /** What a client hears. GREETING and GONE are understood in any version. */
    public static final Catalog<ClientMessage.ToClient> CLIENT = ALL.only(ClientMessage.ToClient.class)
            .opening(List.of(ClientMessage.Greeting.class, ClientMessage.Gone.class));

    private ClientProtocol() {}
}
