package dev.berth.node.link;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/** One end of a connection that says exactly what a test wants. */
final class Stranger implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;

    Stranger(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    static Stranger dial(InetSocketAddress address) throws IOException {
        return new Stranger(new Socket(address.getAddress(), address.getPort()));
    }

    static Stranger accept(ServerSocket port) throws IOException {
        port.setSoTimeout(PATIENCE_MILLIS);
        return new Stranger(port.accept());
    }

    static byte[] opening(Kind kind) {
        return new Opening(kind.code(), Harbor.VERSIONS, "tests", Proof.nonce()).bytes();
    }

    static byte[] challenge() {
        return new Challenge(Answer.GO_ON, Harbor.VERSIONS, Proof.nonce()).bytes();
    }

    static byte[] verdict(byte[] proof) {
        byte[] verdict = new byte[1 + Proof.SIZE];
        System.arraycopy(proof, 0, verdict, 1, Proof.SIZE);
        return verdict;
    }

    /** Dials as a node does, up to where frames may be said. */
    static Stranger dialAsPeer(InetSocketAddress address) throws IOException {
        Stranger peer = dial(address);
        byte[] opening = opening(Kind.PEER);
        peer.say(opening);
        byte[] challenge = peer.hear(Challenge.SIZE);
        peer.say(Proof.ofDialler(Harbor.SECRET, opening, challenge));
        byte[] verdict = peer.hear(1 + Proof.SIZE);
        if (verdict[0] != 0) {
            throw new AssertionError("refused with " + verdict[0]);
        }
        return peer;
    }

    static FrameWriter<PeerMessage> writer() {
        return new FrameWriter<>(Protocol.PEER, ClusterName.id("tests"), 1, Limits.PEER);
    }

    Stranger say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The other end may have heard enough before the last byte. */
    void sayWhatItCan(byte[] bytes) throws IOException {
        try {
            say(bytes);
        } catch (SocketException closed) {
            // What it closed for shows elsewhere.
            return;
        }
    }

    byte[] hear(int size) throws IOException {
        byte[] heard = socket.getInputStream().readNBytes(size);
        if (heard.length < size) {
            throw new AssertionError("the other end closed after " + heard.length + " of " + size + " bytes");
        }
        return heard;
    }

    /** Whatever comes until the other end closes, in order or not. */
    byte[] hearToTheEnd() throws IOException {
        Bytes all = Bytes.EMPTY;
        try {
            all = Bytes.wrap(socket.getInputStream().readAllBytes());
        } catch (SocketException reset) {
            // An end all the same: it closed with bytes of ours unread.
            return new byte[0];
        }
        return all.toArray();
    }

    static byte[] changed(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        copy[at] = (byte) value;
        return copy;
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
