package dev.berth.lab.bench;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.bench.Samples.Figures;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Door;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls with a body of 64 bytes over a pipe: decoded, sent back, decoded. */
final class LinkEcho implements Echo {
    private final Loops loops = Loops.start(1);
    private final Transport transport = new Transport(
            TransportConfig.of("bench", Secret.of(new byte[32]), Protocol.VERSIONS), loops, Throwable::printStackTrace);

    /** Ears that hold their pipe. */
    private abstract static class Ears implements PipeEars<PeerMessage, PeerMessage> {
        private @Nullable Pipe<PeerMessage> pipe;

        @Override
        public void opened(Pipe<PeerMessage> opened) {
            pipe = opened;
        }

        final Pipe<PeerMessage> pipe() {
            if (pipe == null) {
                throw new IllegalStateException("not opened");
            }
            return pipe;
        }

        @Override
        public void closed(String cause) {}
    }

    private static final class Back extends Ears {
        @Override
        public void received(PeerMessage message) {
            pipe().send(message);
        }
    }

    private static final class Forth extends Ears {
        private final Samples samples = new Samples();
        private final Bytes body = Bytes.wrap(new byte[SIZE]);
        private final long[] sent;

        Forth(int window) {
            sent = new long[window];
        }

        @Override
        public void opened(Pipe<PeerMessage> opened) {
            super.opened(opened);
            for (int i = 0; i < sent.length; i++) {
                send(i, System.nanoTime());
            }
        }

        private void send(int index, long now) {
            sent[index] = now;
            pipe().send(new PeerMessage.Call(
                    -1 - index, null, null, 7, 1_000_000_000, List.of(), Bytes.EMPTY, null, body));
        }

        @Override
        public void received(PeerMessage message) {
            if (message instanceof PeerMessage.Call call) {
                int index = -1 - call.session();
                long now = System.nanoTime();
                if (samples.add(sent[index], now)) {
                    send(index, now);
                }
            }
        }
    }

    @Override
    public int serve() throws IOException {
        return transport
                .listen(ANY, List.of(new Door<>(Dialect.PEERS, Back::new)))
                .getPort();
    }

    @Override
    public Figures measure(int port, int window) {
        Forth forth = new Forth(window);
        var dial = transport.dial(Echo.at(port), Dialect.PEERS, forth, loops.next());
        Figures figures = forth.samples.await();
        dial.cancel("measured");
        return figures;
    }

    @Override
    public void close() {
        transport.close();
        loops.close();
    }
}
