package dev.berth.client;

import dev.berth.core.session.ClientEvent;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection with one gate, or the attempt: a virtual thread that connects and reads, and one that writes. The driver's thread
 * sends and closes.
 */
final class Line {
    /** A client that resumes sends 32 SAYs and 33 READs; a gate that does not read this many is given up. */
    private static final int FRAMES_MAX = 256;

    private static final Duration LEAVE = Duration.ofSeconds(1);
    /** No frame is empty. */
    private static final byte[] END = new byte[0];

    private final long number;
    private final Wire wire;
    private final Consumer<ClientEvent> events;
    private final Deliveries deliveries;
    private final FrameReader<ToClient> reader = new FrameReader<>(
            ClientProtocol.CLIENT, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_CLIENT);
    private final FrameWriter<ToGate> writer = new FrameWriter<>(
            ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_GATE);
    private final LinkedBlockingQueue<byte[]> frames = new LinkedBlockingQueue<>(FRAMES_MAX);
    private final Thread writing =
            Thread.ofVirtual().name("berth-client-writes").unstarted(this::write);

    private boolean isOverfull;
    private @Nullable Thread closing;

    Line(long number, Wire wire, Consumer<ClientEvent> events, Deliveries deliveries) {
        this.number = number;
        this.wire = wire;
        this.events = events;
        this.deliveries = deliveries;
    }

    void start() {
        Thread.ofVirtual().name("berth-client-reads").start(this::read);
    }

    void speak(int version) {
        writer.speak(version);
    }

    long number() {
        return number;
    }

    void send(ToGate message) {
        isOverfull |= !frames.offer(writer.frame(message));
    }

    /** Whether the gate did not take what it was sent. */
    boolean isOverfull() {
        return isOverfull;
    }

    /** When all that was sent has left, or has had its time for it. */
    void close() {
        boolean leaves = frames.offer(END);
        closing = Thread.ofVirtual().name("berth-client-closes").start(() -> {
            try {
                if (leaves && writing.getState() != Thread.State.NEW) {
                    writing.join(LEAVE);
                }
            } catch (InterruptedException _) {
                // Then at once.
            }
            wire.close();
        });
    }

    /** After close. */
    void awaitClosed() {
        try {
            Objects.requireNonNull(closing).join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            wire.connect();
            writing.start();
            events.accept(new ClientEvent.Connected(number));
            while (true) {
                deliveries.awaitRoom();
                byte[] piece = wire.read();
                reader.read(piece, 0, piece.length, message -> events.accept(new ClientEvent.Heard(number, message)));
            }
        } catch (ConnectException e) {
            broken("no connection: " + e.getMessage());
        } catch (WireException e) {
            broken("what came is no frame of the client protocol: " + e.getMessage());
        } catch (IOException e) {
            broken(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void broken(String text) {
        wire.close();
        frames.offer(END);
        events.accept(new ClientEvent.Broken(number, text));
    }

    private void write() {
        try {
            for (byte[] frame = frames.take(); frame.length > 0; frame = frames.take()) {
                wire.write(frame);
            }
        } catch (InterruptedException | IOException _) {
            wire.close(); // the reader notices, and says so
        }
    }
}
