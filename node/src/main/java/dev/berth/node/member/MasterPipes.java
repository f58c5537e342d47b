package dev.berth.node.member;

import dev.berth.core.cluster.ClusterMessage.ToMaster;
import dev.berth.core.cluster.ClusterMessage.ToMember;
import dev.berth.node.link.Dial;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

// A connection is opened when there is something to say, and what waits for it is bounded: all that a member says to
// a master it says again.

/** A member's connections with the masters. {@link #send} and {@link #close}: any thread; else the loop's. */
final class MasterPipes {
    private static final Logger LOG = LoggerFactory.getLogger(MasterPipes.class);
    private static final int WAITING_MAX = 256;

    private final Transport transport;
    private final EventLoop loop;
    private final List<InetSocketAddress> masters;
    private final ObjIntConsumer<ToMember> heard;
    private final @Nullable Line[] lines;
    private boolean closed;

    MasterPipes(Transport transport, EventLoop loop, List<InetSocketAddress> masters, ObjIntConsumer<ToMember> heard) {
        this.transport = transport;
        this.loop = loop;
        this.masters = List.copyOf(masters);
        this.heard = heard;
        this.lines = new @Nullable Line[masters.size()];
    }

    void send(int master, ToMaster message) {
        loop.execute(() -> {
            if (closed) {
                return;
            }
            Line line = lines[master];
            if (line == null) {
                line = new Line(master);
                lines[master] = line;
                line.dial = transport.dial(masters.get(master), Dialect.MEMBERS_END, line, loop);
            }
            line.send(message);
        });
    }

    /** What was sent before leaves first: the goodbye, also if the transport is closed a moment later. */
    void close(String cause) {
        loop.execute(() -> {
            closed = true;
            for (Line line : lines) {
                if (line != null) {
                    line.end(cause);
                }
            }
        });
    }

    private final class Line implements PipeEars<ToMember, ToMaster> {
        private final int master;
        private final ArrayDeque<ToMaster> waiting = new ArrayDeque<>();
        private Dial dial = _ -> {};
        private @Nullable Pipe<ToMaster> pipe;

        Line(int master) {
            this.master = master;
        }

        void send(ToMaster message) {
            if (pipe != null) {
                pipe.send(message);
            } else if (waiting.size() < WAITING_MAX) {
                waiting.add(message);
            }
        }

        /** At once, and not with a task of its own, in front of which the transport might be closed. */
        void end(String cause) {
            if (pipe != null) {
                pipe.close(cause);
            } else {
                dial.cancel(cause);
            }
        }

        @Override
        public void opened(Pipe<ToMaster> opened) {
            pipe = opened;
            LOG.info("master {} at {} CONNECTED", master, masters.get(master));
            waiting.forEach(opened::send);
            waiting.clear();
        }

        @Override
        public void received(ToMember message) {
            heard.accept(message, master);
        }

        @Override
        public void closed(String cause) {
            // While a master is away it is dialed again and again: only a connection that was there is worth a line.
            LOG.atLevel(pipe == null ? Level.DEBUG : Level.INFO)
                    .log("master {} at {} DISCONNECTED cause={}", master, masters.get(master), cause);
            if (this.equals(lines[master])) {
                lines[master] = null;
            }
        }
    }
}
