package dev.berth.node.master;

import dev.berth.core.cluster.ClusterMessage.ToMaster;
import dev.berth.core.cluster.ClusterMessage.ToMember;
import dev.berth.node.coordinator.MemberLinks;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Door;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master's connections over the cluster's transport. Any thread. */
final class TransportLinks implements MemberLinks {
    private static final Logger LOG = LoggerFactory.getLogger(TransportLinks.class);

    private final Transport transport;
    private final InetSocketAddress listen;
    private final Map<Long, Pipe<ToMember>> pipes = new ConcurrentHashMap<>();
    private final AtomicLong links = new AtomicLong();
    private volatile @Nullable InetSocketAddress bound;

    TransportLinks(Transport transport, InetSocketAddress listen) {
        this.transport = transport;
        this.listen = listen;
    }

    /** Where members connect, once it is open. */
    @Nullable
    InetSocketAddress bound() {
        return bound;
    }

    @Override
    public void open(Ear ear) {
        try {
            bound = transport.listen(listen, List.of(new Door<>(Dialect.MASTERS_END, () -> new Line(ear))));
        } catch (IOException taken) {
            throw new UncheckedIOException("a master cannot listen on " + listen + ": " + taken.getMessage(), taken);
        }
    }

    @Override
    public void send(long link, ToMember message) {
        Pipe<ToMember> pipe = pipes.get(link);
        if (pipe != null) {
            pipe.loop().execute(() -> pipe.send(message));
        }
    }

    @Override
    public void close() {
        transport.close();
    }

    private final class Line implements PipeEars<ToMaster, ToMember> {
        private final Ear ear;
        private final long number = links.incrementAndGet();

        Line(Ear ear) {
            this.ear = ear;
        }

        @Override
        public void opened(Pipe<ToMember> pipe) {
            pipes.put(number, pipe);
        }

        @Override
        public void received(ToMaster message) {
            // What does not fit now counts as lost: members repeat what matters.
            if (!ear.received(number, message)) {
                LOG.debug("link {}: too busy for {}", number, message);
            }
        }

        @Override
        public void closed(String cause) {
            pipes.remove(number);
        }
    }
}
