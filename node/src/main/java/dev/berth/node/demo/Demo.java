package dev.berth.node.demo;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// The callers are here, all the rest are processes of their own.

/** The story of a night: a cluster is used while its processes are killed, stopped and drained. One thread. */
final class Demo implements AutoCloseable {
    private static final String CLUSTER = "demo";
    private static final int SLOTS = 3;
    private static final int CALLERS_PER_SLOT = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PACE_MILLIS = 4;

    private final Path dir;
    private final Consumer<String> say;
    private final List<InetSocketAddress> masters = new ArrayList<>();
    private final Callers callers = new Callers(PACE_MILLIS);
    private final Traders traders = new Traders();
    private @Nullable LaunchedCluster cluster;
    private @Nullable Node gate;

    Demo(Path dir, Consumer<String> say) {
        this.dir = dir;
        this.say = say;
    }

    Figures run() throws IOException, InterruptedException {
        start();
        quiet(3);
        killAWorker();
        stopAWorker();
        killTheLeadingMaster();
        killTheStore();
        drainAWorker();
        rollEverything();
        callers.stop();
        traders.stop();
        say.accept(
                "the callers have stopped; what they were told is compared with what is there, and with the journal");
        callers.compare();
        Traders.Count gold = traders.count();
        callers.witness.told(its().journal());
        int[] zombie = its().zombieWrites();
        return new Figures(
                callers.done.get(),
                callers.failed.get(),
                callers.refused.get(),
                callers.unknown.get(),
                callers.gaps(),
                zombie[0],
                zombie[1],
                callers.witness.lost(),
                callers.witness.doubleOwners(),
                callers.witness.findings(),
                gold);
    }

    /** What was seen, in a file of its own. */
    Path history() throws IOException {
        Path file = dir.resolve("history.txt");
        callers.witness.write(file);
        return file;
    }

    // ---- The cluster

    private void start() throws IOException, InterruptedException {
        Path file = write();
        say.accept("starts a coordinator, 2 masters, a store and 4 workers, each a process of its own");
        LaunchedCluster its = new LaunchedCluster(dir, file, CLUSTER, masters, callers.witness);
        cluster = its;
        gate = Node.start(NodeConfig.of(CLUSTER, its.secret(), "callers", masters));
        its.await("every slot runs", Demo::allRun);
        say.accept("every slot runs; " + SLOTS * CALLERS_PER_SLOT + " callers begin");
        callers.start(gate, SLOTS, CALLERS_PER_SLOT);
        traders.start(gate);
    }

    private Path write() throws IOException {
        List<Integer> free = LaunchedCluster.freePorts(4);
        for (int port : free.subList(2, 4)) {
            masters.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        Path file = dir.resolve("demo.conf");
        Files.writeString(file, """
            cluster = %s
            secret-file = "%s"
            state = "%s"
            coordinator { port = %d, dir = "%s" }
            masters = ["127.0.0.1:%d", "127.0.0.1:%d"]
            services { kv = %d, purses = { capacity = 3, buckets = 8, rebalance = false } }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", jvm = [-Xmx256m, "-XX:+UseSerialGC"] }
              worker {
                kind = worker
                count = 4
                class = %s
                services { kv = standby, purses = { slots = 2, standby = true } }
                jvm = [-Xmx128m, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
              }
            }
            """.formatted(
                        CLUSTER,
                        dir.resolve("secret"),
                        dir.resolve("state"),
                        free.get(0),
                        dir.resolve("coordinator"),
                        masters.get(0).getPort(),
                        masters.get(1).getPort(),
                        SLOTS,
                        free.get(1),
                        DemoWorker.class.getName()));
        return file;
    }

    // ---- What happens to it

    private void killAWorker() throws IOException, InterruptedException {
        String victim = owner(1);
        callers.during("a worker is killed");
        say.accept("kill -9 " + victim + ", which owns kv/1");
        its().signal("KILL", victim);
        its().await("kv/1 runs elsewhere", view -> allRun(view) && !victim.equals(name(view, 1)));
        settled("kv/1 runs at " + owner(1));
    }

    private void stopAWorker() throws IOException, InterruptedException {
        String victim = owner(2);
        callers.during("a worker is stopped past its lease");
        say.accept("kill -STOP " + victim + ", which owns kv/2, until somebody else owns that");
        its().signal("STOP", victim);
        its().await("kv/2 runs elsewhere", view -> allRun(view) && !victim.equals(name(view, 2)));
        say.accept("kv/2 runs at " + owner(2) + "; kill -CONT " + victim + ", which then writes under its old epoch");
        its().signal("CONT", victim);
        its().until("it has tried", () -> its().zombieWrites()[0] > 0);
        settled("the store has refused " + (its().zombieWrites()[0] - its().zombieWrites()[1]) + " of "
                + its().zombieWrites()[0] + " writes");
    }

    private void killTheLeadingMaster() throws IOException, InterruptedException {
        callers.during("the leading master is killed");
        its().killTheLeadingMaster(say);
        ClusterMessage.Status now = its().status();
        settled("term " + now.term() + " is led by " + now.leader());
    }

    private void killTheStore() throws IOException, InterruptedException {
        callers.during("the store is killed");
        say.accept("kill -9 store");
        long before = callers.done.get();
        its().signal("KILL", "store");
        its().until("calls are answered again", () -> callers.done.get() > before + 100);
        settled("the store is back, and has all that was acknowledged");
    }

    private void drainAWorker() throws IOException, InterruptedException {
        String node = owner(1);
        callers.during("a worker is drained");
        say.accept("drains " + node);
        drain(node, true);
        its().await("it owns nothing", now -> allRun(now) && names(now).stream().noneMatch(node::equals));
        settled(node + " owns nothing any more");
        drain(node, false);
    }

    private void drain(String node, boolean on) throws IOException, InterruptedException {
        View view = its().status().view().toView();
        try {
            ClusterMessage.Decided decided = its().operator()
                    .propose(new Proposal.DrainNode(member(view, node).id(), on), PATIENCE);
            if (!decided.accepted()) {
                throw new IOException("the drain was refused: " + decided.reason());
            }
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    private void rollEverything() throws IOException, InterruptedException {
        callers.during("every node is rolled");
        say.accept("berth roll: each worker, the store, both masters, one at a time");
        its().roll(say);
        settled("every node but the coordinator has been replaced");
    }

    private void settled(String what) throws InterruptedException {
        say.accept(what);
        quiet(2);
        say.accept("  " + traders.picture());
        callers.during("none");
    }

    private static void quiet(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
    }

    // ---- What is seen of it

    private LaunchedCluster its() {
        LaunchedCluster there = cluster;
        if (there == null) {
            throw new IllegalStateException("not started");
        }
        return there;
    }

    private String owner(int slot) throws IOException, InterruptedException {
        return name(its().status().view().toView(), slot);
    }

    private static boolean allRun(View view) {
        boolean[] all = {view.service(DemoWorker.SERVICE) != null};
        view.forEachUnit((_, state) -> all[0] &= state instanceof SlotState.Running);
        return all[0];
    }

    private static String name(View view, int slot) {
        return LaunchedCluster.owner(view, new SlotId(DemoWorker.SERVICE, slot));
    }

    private static Set<String> names(View view) {
        Set<String> all = new TreeSet<>();
        for (int slot = 1; slot <= SLOTS; slot++) {
            all.add(name(view, slot));
        }
        return all;
    }

    private static Listing member(View view, String name) throws IOException {
        List<Listing> found = new ArrayList<>();
        view.forEachMember(listing -> {
            if (listing.name().equals(name)) {
                found.add(listing);
            }
        });
        if (found.isEmpty()) {
            throw new IOException("view " + view.number() + " lists no " + name);
        }
        return found.getFirst();
    }

    @Override
    public void close() {
        if (gate != null) {
            gate.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }
}
