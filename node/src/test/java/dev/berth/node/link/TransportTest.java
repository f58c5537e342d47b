package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.wire.Versions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two ends over real sockets: messages go both ways in order, ends are told, what is wrong is said. Events are waited for. */
final class TransportTest {
    private Harbor harbor = new Harbor();

    @AfterEach
    void close() {
        harbor.close();
    }

    private static List<PeerMessage> calls(int count, int size) {
        return IntStream.rangeClosed(1, count)
                .<PeerMessage>mapToObj(i -> Harbor.call(i, size))
                .toList();
    }

    private void exchange() throws IOException, InterruptedException {
        InetSocketAddress address = harbor.listen(Harbor.config());
        Notebook dialling = harbor.dial(Harbor.config(), address);
        Notebook listening = harbor.accepted();

        dialling.on(pipe -> calls(100, 64).forEach(pipe::send));
        listening.on(pipe -> calls(50, 3_000).forEach(pipe::send));

        assertThat(listening.next(100)).isEqualTo(calls(100, 64));
        assertThat(dialling.next(50)).isEqualTo(calls(50, 3_000));
        assertThat(dialling.pipe().remote()).isEqualTo(address);
        assertThat(dialling.pipe().version()).isEqualTo(1);
    }

    @Test
    void messages_goBothWays_inOrder() throws Exception {
        exchange();
    }

    @Test
    void withoutEpoll_theSame() throws Exception {
        harbor.close();
        harbor = new Harbor(Loops.startNio(2));
        exchange();
    }

    @Test
    void onePort_servesSeveralKinds_eachWithItsMessages() throws Exception {
        CompletableFuture<ClusterMessage.ToMaster> heard = new CompletableFuture<>();
        PipeEars<ClusterMessage.ToMaster, ClusterMessage.ToMember> master = new PipeEars<>() {
            @Override
            public void opened(Pipe<ClusterMessage.ToMember> pipe) {}

            @Override
            public void received(ClusterMessage.ToMaster message) {
                heard.complete(message);
            }

            @Override
            public void closed(String cause) {}
        };
        Notebook peer = new Notebook();
        InetSocketAddress address = harbor.transport(Harbor.config())
                .listen(
                        Harbor.ANY,
                        List.of(new Door<>(Dialect.MASTERS_END, () -> master), new Door<>(Dialect.PEERS, () -> peer)));
        ClusterMessage.ToMaster beat = message();

        harbor.transport(Harbor.config())
                .dial(
                        address,
                        Dialect.MEMBERS_END,
                        new PipeEars<>() {
                            @Override
                            public void opened(Pipe<ClusterMessage.ToMaster> pipe) {
                                pipe.send(beat);
                            }

                            @Override
                            public void received(ClusterMessage.ToMember message) {}

                            @Override
                            public void closed(String cause) {}
                        },
                        harbor.loops().next());
        harbor.dial(Harbor.config(), address).on(pipe -> pipe.send(Harbor.call(1, 1)));

        assertThat(heard.get(60, TimeUnit.SECONDS)).isEqualTo(beat);
        assertThat(peer.next()).isEqualTo(Harbor.call(1, 1));
    }

    private static ClusterMessage.ToMaster message() {
        return new ClusterMessage.Leave(new Incarnation(new NodeId(1), 2), "done");
    }

    @Test
    void whatIsSaidInOnePass_leavesTogether() throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config());
        Notebook dialling = harbor.dial(Harbor.config(), address);

        dialling.on(pipe -> calls(1_000, 10).forEach(pipe::send));
        Notebook listening = harbor.accepted();
        listening.next(1_000);

        // TCP may cut it where it likes, but not into a thousand.
        assertThat(listening.passes()).isLessThan(100);
    }

    @Test
    void highestCommonVersion_isSpoken() throws Exception {
        InetSocketAddress address = harbor.listen(TransportConfig.of("tests", Harbor.SECRET, new Versions(1, 3)));
        Notebook dialling = harbor.dial(TransportConfig.of("tests", Harbor.SECRET, new Versions(2, 7)), address);

        assertThat(dialling.pipe().version()).isEqualTo(3);
        assertThat(harbor.accepted().pipe().version()).isEqualTo(3);
        dialling.on(pipe -> pipe.send(Harbor.call(1, 1)));
    }

    @Test
    void offTheLoop_isRefused() throws Exception {
        Notebook dialling = harbor.dial(Harbor.config(), harbor.listen(Harbor.config()));

        assertThatThrownBy(() -> dialling.pipe().send(Harbor.call(1, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("used on its event loop");
        assertThatThrownBy(() -> dialling.pipe().close("no")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void messageOverItsBound_isTheCallersBug_andThePipeGoesOn() throws Exception {
        Notebook dialling = harbor.dial(Harbor.config(), harbor.listen(Harbor.config()));

        dialling.on(pipe -> {
            pipe.send(Harbor.call(1, 1));
            assertThatThrownBy(() -> pipe.send(Harbor.call(2, PeerMessage.BODY_MAX + 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Call.body");
            pipe.send(Harbor.call(3, PeerMessage.BODY_MAX));
        });

        assertThat(harbor.accepted().next(2)).containsExactly(Harbor.call(1, 1), Harbor.call(3, PeerMessage.BODY_MAX));
    }

    @Test
    void close_sendsWhatWasSaid_andBothAreTold() throws Exception {
        Notebook dialling = harbor.dial(Harbor.config(), harbor.listen(Harbor.config()));
        Notebook listening = harbor.accepted();
        PeerMessage goodbye = new PeerMessage.Goodbye(7, "drained");

        dialling.on(pipe -> {
            pipe.send(goodbye);
            pipe.close("drained");
            assertThat(dialling.isClosed()).as("told inside of the call").isFalse();
            assertThat(pipe.isOpen()).isFalse();
            pipe.send(Harbor.call(1, 1));
            pipe.close("again");
        });

        assertThat(listening.next()).isEqualTo(goodbye);
        assertThat(listening.cause()).isEqualTo("the other end has closed the connection");
        assertThat(dialling.cause()).isEqualTo("drained");
        assertThat(listening.unread()).isZero();
        dialling.on(_ -> {});
        assertThat(dialling.closings()).isEqualTo(1);
    }

    @Test
    void closedWhileReceiving_nothingMoreIsHeard() throws Exception {
        InetSocketAddress address =
                harbor.listen(Harbor.config(), () -> new Notebook((pipe, _) -> pipe.close("expelled")));
        Notebook dialling = harbor.dial(Harbor.config(), address);

        dialling.on(pipe -> calls(500, 10).forEach(pipe::send));
        Notebook listening = harbor.accepted();

        assertThat(listening.cause()).isEqualTo("expelled");
        assertThat(listening.next(1)).containsExactly(Harbor.call(1, 10));
        assertThat(listening.unread()).isZero();
        dialling.cause();
    }

    @Test
    void bugInEars_closesTheConnection_andIsTold() throws Exception {
        InetSocketAddress address = harbor.listen(
                Harbor.config(),
                () -> new Notebook((_, _) -> {
                    throw new IllegalStateException("planted");
                }));
        Notebook dialling = harbor.dial(Harbor.config(), address);

        dialling.on(pipe -> pipe.send(Harbor.call(1, 1)));

        assertThat(harbor.accepted().cause()).contains("a bug at this end", "planted");
        assertThat(harbor.bug()).hasMessage("planted");
        dialling.cause();
    }

    @Test
    void transportClosed_endsEverything_andSaysSo() throws Exception {
        Transport transport = harbor.transport(Harbor.config());
        Notebook listening = new Notebook();
        InetSocketAddress address = transport.listen(Harbor.ANY, List.of(new Door<>(Dialect.PEERS, () -> listening)));
        Notebook dialling = harbor.dial(Harbor.config(), address);
        listening.pipe();
        try (Stranger silent = Stranger.dial(address)) {
            transport.close();
            transport.close();

            assertThat(listening.isClosed()).as("told before close returns").isTrue();
            assertThat(listening.cause()).isEqualTo("this node has closed its transport");
            dialling.cause();
            silent.hearToTheEnd();
        }
        assertThat(harbor.dial(Harbor.config(), address).cause()).contains("no connection: ", "refused");
        assertThatThrownBy(() -> transport.listen(Harbor.ANY, List.of())).hasMessage("this transport has been closed");
    }

    @Test
    void cancelledDial_isTold_andNeverOpens() throws Exception {
        try (var port = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Notebook ears = new Notebook();
            Dial dial = harbor.transport(Harbor.config())
                    .dial(
                            (InetSocketAddress) port.getLocalSocketAddress(),
                            Dialect.PEERS,
                            ears,
                            harbor.loops().next());
            dial.cancel("not needed any more");

            assertThat(ears.cause()).isEqualTo("not needed any more");
            assertThat(ears.wasOpened()).isFalse();
        }
    }

    @Test
    void nameInsteadOfAddress_isLookedUp() throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config());
        Notebook dialling =
                harbor.dial(Harbor.config(), InetSocketAddress.createUnresolved("127.0.0.1", address.getPort()));

        assertThat(dialling.pipe().remote()).isEqualTo(address);
    }

    @Test
    void portInUse_andDoorsThatClash_areNamed() throws Exception {
        InetSocketAddress address = harbor.listen(Harbor.config());
        Door<PeerMessage, PeerMessage> door = new Door<>(Dialect.PEERS, Notebook::new);
        Transport other = harbor.transport(Harbor.config());

        assertThatThrownBy(() -> other.listen(address, List.of(door)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on " + address)
                .hasMessageEndingWith("is the port in use?");
        assertThatThrownBy(() -> other.listen(Harbor.ANY, List.of(door, door))).hasMessage("two doors for PEER");
        assertThatThrownBy(() ->
                        harbor.transport(Harbor.config().withPending(10, 20)).listen(Harbor.ANY, List.of(door)))
                .hasMessageContaining("pendingMaxBytes 20 is less than a frame of PEER may have");
        try (Loops foreign = Loops.start(1)) {
            assertThatThrownBy(() -> other.dial(address, Dialect.PEERS, new Notebook(), foreign.next()))
                    .hasMessageContaining("not one of this transport's");
        }
    }
}
