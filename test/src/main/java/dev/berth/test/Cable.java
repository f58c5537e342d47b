package dev.berth.test;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection between two nodes. What one end says arrives at the other in order, unless the sender dies or it is cut. */
final class Cable {
    private final End dialer;
    private final End acceptor;

    private Cable(Member from, Member to) {
        this.dialer = new End(from);
        this.acceptor = new End(to);
    }

    /** As a dial of a node does. */
    static Cable lay(Member from, Member to, PipeEars<PeerMessage, PeerMessage> ears) {
        Cable cable = new Cable(from, to);
        cable.dialer.ears = ears;
        to.inLane(cable.acceptor.lane, () -> {
            PipeEars<PeerMessage, PeerMessage> there = to.plane().accept();
            cable.acceptor.ears = there;
            cable.acceptor.open(there);
            from.inLane(cable.dialer.lane, () -> cable.dialer.open(ears));
        });
        return cable;
    }

    boolean touches(Member member) {
        return dialer.member == member || acceptor.member == member;
    }

    /** That node has died: what it had said may arrive or not. */
    void died(Member member) {
        End other = dialer.member == member ? acceptor : dialer;
        other.lane.cut();
        other.hangUp("its node died");
    }

    void cut() {
        dialer.hangUp("cut");
        acceptor.hangUp("cut");
    }

    private End otherOf(End end) {
        return end == dialer ? acceptor : dialer;
    }

    private final class End implements Pipe<PeerMessage> {
        private final Member member;
        /** What arrives here. */
        private final Scene.Lane lane;

        private @Nullable PipeEars<PeerMessage, PeerMessage> ears;
        private boolean opened;
        private boolean closed;

        End(Member member) {
            this.member = member;
            this.lane = member.lane();
        }

        void open(PipeEars<PeerMessage, PeerMessage> itsEars) {
            if (!closed) {
                opened = true;
                itsEars.opened(this);
            }
        }

        /** It hears of the end behind all that has been said to it. */
        void hangUp(String cause) {
            member.inLane(lane, () -> {
                PipeEars<PeerMessage, PeerMessage> there = ears;
                if (!closed && there != null) {
                    closed = true;
                    there.closed(cause);
                }
            });
        }

        @Override
        public void send(PeerMessage message) {
            if (closed) {
                return;
            }
            End other = otherOf(this);
            if (message instanceof Reply(var _, var _, Result.Value _) && other.member.losesReply()) {
                cut();
                return;
            }
            other.member.inLane(other.lane, () -> {
                PipeEars<PeerMessage, PeerMessage> there = other.ears;
                if (!other.closed && there != null) {
                    there.received(message);
                    there.readComplete();
                }
            });
        }

        @Override
        public void close(String cause) {
            otherOf(this).hangUp("closed by the other side");
            hangUp(cause);
        }

        @Override
        public boolean isOpen() {
            return opened && !closed;
        }

        @Override
        public EventLoop loop() {
            return member.loop();
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public int pendingBytes() {
            return 0;
        }

        @Override
        public SocketAddress remote() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        @Override
        public int version() {
            return 1;
        }
    }
}
