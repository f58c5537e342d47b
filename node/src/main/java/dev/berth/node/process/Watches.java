package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.CallEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

// To watch a process of another node is to ask it something that it answers by ending: a call without a body. All that
// a monitor needs follows from what becomes of calls. The process is not there: refused at once. The connection breaks:
// asked again, which waits for the next one. The node leaves the view, and with it everything that was on it:
// refused, or Unknown because of that.

/** The processes of other nodes on which somebody here has an eye. Any thread. */
final class Watches {
    /** Processes watched at once; whoever wants to watch one more is told at once, as if it had ended. */
    static final int MAX = 16_384;
    /** A call that never times out. */
    private static final long FOR_EVER = Long.MAX_VALUE / 4;

    private final Processes home;
    private final Map<Address, Watch> watches = new HashMap<>();

    Watches(Processes home) {
        this.home = home;
    }

    void add(Address address, Monitor monitor) {
        Watch begun = null;
        synchronized (watches) {
            Watch there = watches.get(address);
            if (there == null && watches.size() < MAX) {
                there = new Watch(address);
                watches.put(address, there);
                begun = there;
            }
            if (there != null) {
                there.add(monitor);
                monitor = null;
            }
        }
        if (begun != null) {
            begun.ask();
        }
        if (monitor != null) {
            monitor.tell(
                    "process " + address + " is not watched: this node watches " + MAX + " of other nodes already");
        }
    }

    private final class Watch implements CallEnd {
        private final Address address;
        private final List<Monitor> monitors = new ArrayList<>();
        private int tidyAt = 16;

        Watch(Address address) {
            this.address = address;
        }

        void add(Monitor monitor) {
            if (monitors.size() >= tidyAt) {
                monitors.removeIf(Monitor::isVoid);
                tidyAt = Math.max(16, 2 * monitors.size());
            }
            monitors.add(monitor);
        }

        void ask() {
            home.outside()
                    .submit()
                    .accept(new Request(
                            0,
                            null,
                            address.value(),
                            null,
                            System.nanoTime() + FOR_EVER,
                            false,
                            List.of(),
                            Bytes.EMPTY,
                            null,
                            Bytes.EMPTY,
                            this));
        }

        @Override
        public void ended(Outcome<Bytes> outcome, String id) {
            switch (outcome) {
                case Outcome.Done<Bytes>(Bytes cause) -> tell(cause.utf8());
                case Outcome.Failed<Bytes>(String _, String message) -> tell(message);
                case Outcome.Refused<Bytes>(RefusedReason reason, long _) ->
                    tell(
                            reason == RefusedReason.NO_SUCH_PROCESS
                                    ? "there is no process " + address
                                    : "process " + address + " cannot be watched: " + reason);
                case Outcome.Unknown<Bytes>(Outcome.Cause cause) -> {
                    switch (cause) {
                        case CONNECTION_CLOSED, DEADLINE -> ask();
                        case PEER_EXPELLED -> tell("its node has left the cluster");
                        case OWNER_REPLACED, CALLER_REPLACED, STOPPED -> tell(cause.toString());
                    }
                }
            }
        }

        /** Not here: this is the node's loop, and what a monitor says is the application's code. */
        private void tell(String cause) {
            synchronized (watches) {
                watches.remove(address);
            }
            Thread.startVirtualThread(() -> monitors.forEach(monitor -> monitor.tell(cause)));
        }
    }
}
