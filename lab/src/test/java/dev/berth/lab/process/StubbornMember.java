package dev.berth.lab.process;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Timings;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.member.MemberNode;
import dev.berth.node.worker.NodeConfig;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Speaks the members' protocol, beats in time and hears every answer, but takes in no view after its first. Any thread. */
final class StubbornMember implements PipeEars<ClusterMessage.ToMember, ClusterMessage.ToMaster>, AutoCloseable {
    private final Loops loops = Loops.start(1);
    private final EventLoop loop = loops.next();
    private final Timings timings;
    private final CompletableFuture<Incarnation> admitted = new CompletableFuture<>();
    private final CompletableFuture<Void> leased = new CompletableFuture<>();
    private final AtomicLong beats = new AtomicLong();
    private long echoTerm;
    private long echoNanos;

    private StubbornMember(Timings timings) {
        this.timings = timings;
    }

    static StubbornMember join(DevCluster cluster, Timings timings) {
        StubbornMember member = new StubbornMember(timings);
        NodeConfig config = cluster.node("stubborn");
        Transport transport = new Transport(
                TransportConfig.of(config.cluster(), config.secret(), Protocol.VERSIONS),
                member.loops,
                member.admitted::completeExceptionally);
        var _ = transport.dial(config.masters().getFirst(), Dialect.MEMBERS_END, member, member.loop);
        return member;
    }

    @Override
    public void opened(Pipe<ClusterMessage.ToMaster> pipe) {
        var join = new ClusterMessage.Join(
                "stubborn", MemberNode.nonce(), 0, List.of(), List.of("127.0.0.1:1"), "", Incarnation.NONE);
        var _ = loop.scheduleAtFixedRate(() -> speak(pipe, join), 0, timings.beatNanos(), TimeUnit.NANOSECONDS);
    }

    /** Asks to be listed until it is; then beats. */
    private void speak(Pipe<ClusterMessage.ToMaster> pipe, ClusterMessage.Join join) {
        if (admitted.isDone()) {
            beat(pipe, admitted.join());
        } else {
            pipe.send(join);
        }
    }

    private void beat(Pipe<ClusterMessage.ToMaster> pipe, Incarnation self) {
        pipe.send(new ClusterMessage.Beat(
                self, beats.incrementAndGet(), self.number(), echoTerm, echoNanos, 0, System.nanoTime()));
    }

    @Override
    public void received(ClusterMessage.ToMember message) {
        if (message instanceof ClusterMessage.Admit admit) {
            echo(admit.term(), admit.clockNanos());
            admitted.complete(admit.incarnation());
        } else if (message instanceof ClusterMessage.Answer answer) {
            echo(answer.term(), answer.clockNanos());
            if (answer.leaseNanos() > 0) {
                leased.complete(null);
            }
        }
    }

    private void echo(long term, long clockNanos) {
        echoTerm = term;
        echoNanos = clockNanos;
    }

    @Override
    public void closed(String cause) {
        admitted.completeExceptionally(new IllegalStateException("closed: " + cause));
    }

    void awaitLease() throws InterruptedException, ExecutionException {
        leased.get();
    }

    Incarnation self() {
        return admitted.join();
    }

    long beats() {
        return beats.get();
    }

    @Override
    public void close() {
        loops.close();
    }
}
