package dev.berth.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** TCP, and TLS over it, where the certificate has to be the host's. */
final class SocketWire implements Wire {
    private static final int PIECE = 16 << 10;

    /** Whom to trust. */
    @FunctionalInterface
    interface Trust {
        SSLContext context() throws IOException;
    }

    private final URI gate;
    private final Duration connect;
    private final @Nullable Trust trust;
    private final Socket bare = new Socket();
    private final byte[] piece = new byte[PIECE];
    private volatile Socket socket = bare;

    SocketWire(URI gate, Duration connect, @Nullable Trust trust) {
        this.gate = gate;
        this.connect = connect;
        this.trust = trust;
    }

    @Override
    public void connect() throws IOException {
        InetSocketAddress address = new InetSocketAddress(gate.getHost(), gate.getPort());
        if (address.isUnresolved()) {
            throw new UnknownHostException("no address is known of " + gate.getHost());
        }
        bare.setTcpNoDelay(true);
        bare.connect(address, Math.clamp(connect.toMillis(), 1, Integer.MAX_VALUE));
        if (trust != null) {
            SSLSocket secure = (SSLSocket)
                    trust.context().getSocketFactory().createSocket(bare, gate.getHost(), gate.getPort(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            socket = secure;
        }
    }

    @Override
    public byte[] read() throws IOException {
        int length = socket.getInputStream().read(piece);
        if (length < 0) {
            throw new EOFException("the gate has closed the connection");
        }
        return Arrays.copyOf(piece, length);
    }

    @Override
    public void write(byte[] frame) throws IOException {
        socket.getOutputStream().write(frame);
    }

    /** Of the bare socket: that of a secure one waits for whoever writes. */
    @Override
    public void close() {
        try {
            bare.close();
        } catch (IOException _) {
            // It is closed.
        }
    }
}
