package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

// The two phases of a join as two calls (S2.16): between them the program loads what the slot needs, on its own thread
// and in its own words. Underneath they are one SlotService whose load() lasts until run() is called.

/** A process with one slot of one service: up, load, run. Any thread may call it. */
@PublicApi
public final class Worker implements AutoCloseable {
    /** Answers the calls of the slot, one at a time, on a virtual thread. */
    @FunctionalInterface
    public interface Handler {
        Bytes handle(ServiceCall call) throws Exception;
    }

    private final Node node;
    private final Phases phases;
    private final Slot slot;

    private Worker(Node node, Phases phases, Slot slot) {
        this.node = node;
        this.phases = phases;
        this.slot = slot;
    }

    /**
     * Joins the cluster and waits until this process owns a slot: every other member has closed its connections with the
     * slot's former owner, and the store takes no write of it any more. A standby waits here for its turn.
     *
     * @param config with an offer of one slot of the service
     * @param agents of the services that it calls, by name: when this returns they have joined everybody who runs; who runs
     *     later joins later (S2.27)
     * @throws JoinRefusedException when there is no vacancy, or the node ends for another reason first (S2.17)
     * @throws IOException when it cannot listen
     */
    public static Worker up(NodeConfig config, String service, Map<String, ServiceAgent> agents)
            throws IOException, InterruptedException {
        Phases phases = new Phases();
        Node node = Node.start(config, Map.of(service, phases));
        var _ = phases.spent.thenRun(() -> Thread.startVirtualThread(node::close));
        agents.forEach(node::join);
        node.onRun(phases.running::complete);
        var _ = node.ended().thenAccept(phases::end);
        try {
            Slot slot = phases.up.get();
            node.agentsTold();
            return new Worker(node, phases, slot);
        } catch (ExecutionException refused) {
            node.close();
            throw refused(config.name() + " is not up", refused);
        } catch (InterruptedException givenUp) {
            // Nobody would ever run what it may be granted later.
            node.close();
            throw givenUp;
        }
    }

    /** For a worker that calls nobody. */
    public static Worker up(NodeConfig config, String service) throws IOException, InterruptedException {
        return up(config, service, Map.of());
    }

    /** What this process owns: number, capacity, epoch. Load by these (S2.22). */
    public Slot slot() {
        return slot;
    }

    /** The node it runs in: its agents, its views. */
    public Node node() {
        return node;
    }

    /**
     * Begins to serve, and returns when every member acts by the view that says so (S2.23) and this node's agents have been
     * told.
     *
     * @throws JoinRefusedException when the slot was lost meanwhile
     */
    public void run(Handler handler) throws InterruptedException {
        phases.handler.complete(handler);
        try {
            phases.running.get();
            node.agentsTold();
        } catch (ExecutionException lost) {
            throw refused(slot + " does not run", lost);
        }
    }

    private static JoinRefusedException refused(String what, ExecutionException why) {
        Throwable cause = why.getCause();
        return new JoinRefusedException(what + ": " + (cause == null ? "" : cause.getMessage()));
    }

    /**
     * Completed with the cause when the process no longer owns its slot. A worker loads once: when its slot comes back under a
     * new epoch (a drain away from it failed), it leaves the cluster, and a new process or a standby takes the slot.
     */
    public CompletableFuture<String> lost() {
        return phases.lost.copy();
    }

    @Override
    public void close() {
        node.close();
    }

    private static final class Phases implements SlotService {
        final CompletableFuture<Slot> up = new CompletableFuture<>();
        final CompletableFuture<Handler> handler = new CompletableFuture<>();
        final CompletableFuture<Slot> running = new CompletableFuture<>();
        /** It has been offered a second slot, which it cannot load: it has to make place for one that can. */
        final CompletableFuture<Void> spent = new CompletableFuture<>();

        final CompletableFuture<String> lost = new CompletableFuture<>();

        @Override
        public void load(Slot slot, SlotStore store) throws Exception {
            if (!up.complete(slot)) {
                // A second slot, or the same under a new epoch: what was loaded for the first is not valid for it.
                spent.complete(null);
                throw new IllegalStateException("this worker had " + up.join() + " and loads only once: it ends");
            }
            handler.get();
        }

        @Override
        public Bytes handle(ServiceCall call) throws Exception {
            return handler.join().handle(call);
        }

        @Override
        public void dropped(Slot slot, String cause) {
            end(slot + " was lost: " + cause);
        }

        void end(String cause) {
            JoinRefusedException refused = new JoinRefusedException(cause);
            up.completeExceptionally(refused);
            handler.completeExceptionally(refused);
            running.completeExceptionally(refused);
            lost.complete(cause);
        }
    }
}
