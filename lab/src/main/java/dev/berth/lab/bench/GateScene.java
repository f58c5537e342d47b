package dev.berth.lab.bench;

import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Entities;
import dev.berth.node.process.Raw;
import dev.berth.node.worker.Node;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all of {@link GateBench} is played on: the town's process, gates, and one event loop for clients. One thread. */
final class GateScene implements AutoCloseable {
    /** A virtual machine whose heap is resident from its start: what its process grows by is native. */
    static final List<String> FLAT = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

    private final Consumer<String> listener;
    private final Map<String, @Nullable Object> pids = new LinkedHashMap<>();
    private final Entities app = GateTown.app().entities();
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final OtherProcess town;
    private final List<String> words;
    private @Nullable Node node;

    /** @param listener a person, who is told what is measured now */
    GateScene(Consumer<String> listener) throws IOException, InterruptedException {
        this.listener = listener;
        this.town = OtherProcess.ofClass(GateTown.class);
        this.words = town.words();
        pids.put("clients", ProcessHandle.current().pid());
        pids.put("town", town.pid());
    }

    void say(String line) {
        listener.accept(line);
    }

    Map<String, @Nullable Object> pids() {
        return pids;
    }

    Entities app() {
        return app;
    }

    /** The port of the plain echo in the town's process. */
    int echo() {
        return Integer.parseInt(words.get(0));
    }

    /** The port of the gate in the town's process. */
    int gateInTown() {
        return Integer.parseInt(words.get(1));
    }

    EventLoop loop() {
        return (EventLoop) loops.next();
    }

    /** Of this process; owns nothing. */
    Node node() throws IOException {
        Node there = node;
        if (there == null) {
            there = Node.start(GateHost.node("clients", words).withMessages(app.messages()));
            node = there;
        }
        return there;
    }

    /** Starts one; it is ready when its {@link OtherProcess#words} are there. */
    OtherProcess gate(String name, List<String> jvm) throws IOException {
        return process(GateHost.class, name, jvm, List.of(name));
    }

    /** The same for a class whose first words are these. */
    OtherProcess process(Class<?> main, String name, List<String> jvm, List<String> first) throws IOException {
        List<String> arguments = new ArrayList<>(first);
        arguments.addAll(words);
        OtherProcess its =
                OtherProcess.start(OtherProcess.READY, jvm, "class", main.getName(), arguments.toArray(new String[0]));
        pids.put(name, its.pid());
        return its;
    }

    /** @param which of its gates, as {@link GateHost} counts them */
    static int port(OtherProcess gate, int which) throws IOException, InterruptedException {
        return Integer.parseInt(gate.words().get(which));
    }

    Crowd crowd(long firstUser, int count, int... gatePorts) {
        return new Crowd(app.messages(), loop(), firstUser, count, gatePorts);
    }

    /** Processor seconds so far. */
    double cpu(long pid) throws IOException {
        return new Proc(pid).cpuSeconds();
    }

    long townPid() {
        return town.pid();
    }

    /**
     * What a gate's process keeps, in bytes.
     *
     * @param heap after a collection
     * @param resident all of it, where the heap is resident as a whole
     */
    record Memory(long heap, long resident) {}

    Memory memory(String gate, long pid) throws IOException, InterruptedException {
        Bytes heap = GateHost.find(node().processes(), gate).call(new Raw(Bytes.EMPTY), Duration.ofSeconds(60));
        return new Memory(Long.parseLong(heap.utf8()), new Proc(pid).residentKiB() * 1024);
    }

    /** Bytes of the kernel for all TCP sockets of the machine. */
    static long kernel() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/net/sockstat"))) {
            if (line.startsWith("TCP:")) {
                return Long.parseLong(line.replaceAll(".* mem ", "")) * 4_096;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        town.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
}
