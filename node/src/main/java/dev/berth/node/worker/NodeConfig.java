package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Timings;
import dev.berth.core.record.RecordBook;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.link.Secret;
import dev.berth.node.member.Touches;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a process joins a cluster. Immutable; each {@code with} gives another one. Any thread.
 *
 * @param name unique in the cluster; a process that comes back under its name is the next life of the one before
 * @param listen where other nodes connect; port 0 for any
 * @param masters all masters, in the same order everywhere
 * @param offers the services for which it wants slots; none for a node that only calls
 * @param launcher the name of the launcher that may certify its death, or ""
 * @param touches how it renews at the coordinator while no master answers
 * @param store where its slots are kept; null for slots that keep nothing
 * @param http where it shows /metrics, /live and /ready; null for nowhere
 * @param id the node id that it insists on (S4.4), 1..65,535; 0 for any that is free
 * @param messages what its processes say to those of other nodes (Processes.messages); null if that is only numbers, text and
 *     bytes
 */
@PublicApi
public record NodeConfig(
        String cluster,
        Secret secret,
        String name,
        InetSocketAddress listen,
        List<InetSocketAddress> masters,
        List<Offer> offers,
        Timings timings,
        String launcher,
        Touches touches,
        @Nullable InetSocketAddress store,
        @Nullable HostPort http,
        int id,
        @Nullable RecordBook messages) {
    public NodeConfig {
        masters = List.copyOf(masters);
        offers = List.copyOf(offers);
        new NodeId(id);
        if (masters.isEmpty()) {
            throw new IllegalArgumentException("node " + name + ": at least one master must be listed");
        }
    }

    /** A node that listens on any port of the loopback address and offers nothing yet. */
    public static NodeConfig of(String cluster, Secret secret, String name, List<InetSocketAddress> masters) {
        return new NodeConfig(
                cluster,
                secret,
                name,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                masters,
                List.of(),
                Timings.DEFAULT,
                "",
                Touches.NONE,
                null,
                null,
                0,
                null);
    }

    /**
     * A node as its launcher wants it (berth up): name, masters, offers, timings and store by the cluster file.
     *
     * @throws IOException when the secret cannot be read
     */
    public static NodeConfig of(NodeEnvironment environment) throws IOException {
        return new NodeConfig(
                environment.cluster(),
                Secret.ofFile(environment.secretFile()),
                environment.name(),
                environment.listen().address(),
                environment.masters().stream().map(HostPort::address).toList(),
                environment.offers(),
                environment.timings().timings(),
                environment.launcher(),
                CoordinatorTouches.open(environment.coordinator(), environment.cluster()),
                environment.stores().isEmpty()
                        ? null
                        : environment.stores().getFirst().address(),
                environment.http(),
                0,
                null);
    }

    public NodeConfig withListen(InetSocketAddress address) {
        return new NodeConfig(
                cluster, secret, name, address, masters, offers, timings, launcher, touches, store, http, id, messages);
    }

    /** Offers to own up to so many slots of the service; if there is no vacancy the node is refused and exits (S2.17). */
    public NodeConfig withSlots(String service, int slots) {
        return with(new Offer(service, slots, false));
    }

    /** The same, but without a vacancy it waits for one. */
    public NodeConfig withStandby(String service, int slots) {
        return with(new Offer(service, slots, true));
    }

    private NodeConfig with(Offer offer) {
        List<Offer> more = new ArrayList<>(offers);
        more.add(offer);
        return new NodeConfig(
                cluster, secret, name, listen, masters, more, timings, launcher, touches, store, http, id, messages);
    }

    /** All nodes of a cluster have the same. */
    public NodeConfig withTimings(Timings other) {
        return new NodeConfig(
                cluster, secret, name, listen, masters, offers, other, launcher, touches, store, http, id, messages);
    }

    public NodeConfig withLauncher(String other) {
        return new NodeConfig(
                cluster, secret, name, listen, masters, offers, timings, other, touches, store, http, id, messages);
    }

    /** It closes them when it ends. */
    public NodeConfig withTouches(Touches other) {
        return new NodeConfig(
                cluster, secret, name, listen, masters, offers, timings, launcher, other, store, http, id, messages);
    }

    /** Its slots are fenced and kept by the store that listens there. */
    public NodeConfig withStore(InetSocketAddress address) {
        return new NodeConfig(
                cluster, secret, name, listen, masters, offers, timings, launcher, touches, address, http, id,
                messages);
    }

    /** It shows /metrics, /live and /ready there, to whoever can reach the address; port 0 for any. */
    public NodeConfig withHttp(HostPort address) {
        return new NodeConfig(
                cluster, secret, name, listen, masters, offers, timings, launcher, touches, store, address, id,
                messages);
    }

    /** It insists on this node id, and is refused while another node has it. Needed only where ids are known elsewhere. */
    public NodeConfig withId(int wanted) {
        return new NodeConfig(
                cluster, secret, name, listen, masters, offers, timings, launcher, touches, store, http, wanted,
                messages);
    }

    /** Its processes may say these records to those of other nodes, which must know them as well. */
    public NodeConfig withMessages(RecordBook book) {
        return new NodeConfig(
                cluster, secret, name, listen, masters, offers, timings, launcher, touches, store, http, id, book);
    }
}
