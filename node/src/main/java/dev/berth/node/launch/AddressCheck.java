package dev.berth.node.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

// Each part of a cluster file may be right and two of them wrong together. A process would find that out seconds later,
// or only when another machine dials a loopback address and reaches itself.

/** Whether everybody of a cluster file can listen where it is to, and be reached there. One thread. */
final class AddressCheck {
    private final ClusterFile file;
    private final Map<HostPort, String> taken = new TreeMap<>(Comparator.comparing(HostPort::toString));

    private AddressCheck(ClusterFile file) {
        this.file = file;
    }

    /** Refuses a file whose addresses contradict each other. */
    static void check(ClusterFile file) throws ClusterFileException, IOException {
        var check = new AddressCheck(file);
        check.ports();
        check.reach();
    }

    private void ports() throws ClusterFileException {
        if (file.coordinator() instanceof CoordinatorSpec.Embedded embedded) {
            for (int i = 1; i <= embedded.servers(); i++) {
                var client = embedded.client(i);
                var name = LaunchPlan.coordinatorName(embedded, i);
                take(name, client);
                if (embedded.servers() > 1) {
                    int port = embedded.listen().port();
                    take(name + " (for its peers)", new HostPort(client.host(), port + 100 + i));
                    take(name + " (for electing)", new HostPort(client.host(), port + 200 + i));
                }
            }
        }
        for (var node : file.nodes()) {
            take(node.name(), node.listen());
            take(node.name() + " (its key http)", node.http());
        }
    }

    private void take(String name, HostPort where) throws ClusterFileException {
        for (var each : taken.entrySet()) {
            if (where.port() != 0 && overlap(each.getKey(), where)) {
                throw new ClusterFileException("nodes " + each.getValue() + " and " + name + " would both listen on "
                        + where + ": give one of them another port");
            }
        }
        taken.put(where, name);
    }

    /** Names of other machines are not looked up: what cannot be told apart here passes. */
    private static boolean overlap(HostPort one, HostPort other) {
        return one.port() == other.port()
                && (one.host().equals(other.host())
                        || (isLoopback(one) && isLoopback(other))
                        || (isAny(one) && (isLoopback(other) || isAny(other)))
                        || (isAny(other) && isLoopback(one)));
    }

    private void reach() throws ClusterFileException, IOException {
        var loopbacks = loopbacks();
        for (var master : file.masters()) {
            if (!loopbacks.isEmpty() && !master.isHere()) {
                throw new ClusterFileException(loopbacks.getFirst()
                        + " is an address that no other machine reaches, and the master " + master
                        + " is on another one: say this machine's own address");
            }
        }
    }

    private List<String> loopbacks() {
        var found = new ArrayList<String>();
        if (file.coordinator() instanceof CoordinatorSpec.Embedded embedded && isLoopback(embedded.listen())) {
            found.add("coordinator.host " + embedded.listen().host());
        }
        file.masters().stream().filter(AddressCheck::isLoopback).forEach(each -> found.add("masters: " + each));
        file.stores().stream().filter(AddressCheck::isLoopback).forEach(each -> found.add("stores: " + each));
        for (var node : file.nodes()) {
            if ((node.kind() == NodeKind.WORKER || node.kind() == NodeKind.STORE) && isLoopback(node.listen())) {
                found.add("listen of " + node.name() + ", " + node.listen() + ",");
            }
        }
        return found;
    }

    private static boolean isLoopback(HostPort where) {
        return where.host().startsWith("127.")
                || where.host().equals("localhost")
                || where.host().equals("::1");
    }

    private static boolean isAny(HostPort where) {
        return where.host().equals("0.0.0.0") || where.host().equals("::");
    }
}
