package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Prose;
import dev.berth.node.process.ProcessRef;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

// Everything happens on the loop of its socket. What another thread says goes there as a task, and what the loop itself
// says meanwhile goes behind it: whoever has seen one packet being sent knows that the next one comes after it.

/** One client's connection. Any thread, where nothing else is said. */
@PublicApi
public final class Client {
    private static final int TASK_COST = 128;
    /** Of the reason in a close frame (RFC 6455, 5.5). */
    private static final int REASON_MAX = 123;

    private final Gate gate;
    private final Port port;
    private final Channel channel;
    private final Passes passes;
    private final long number;
    /** Bytes on their way to the loop. */
    private final AtomicLong onTheWay = new AtomicLong();

    private volatile InetSocketAddress remote;
    private volatile @Nullable ProcessRef<Object> way;
    private volatile String cause = "";

    // ---- On the loop only
    private @Nullable InetAddress settled;
    private @Nullable Object kept;
    private @Nullable ScheduledFuture<?> patience;
    private @Nullable ScheduledFuture<?> slowness;
    private boolean spoken;
    private boolean flushes;
    private boolean paused;
    /** Why its socket could not be used any more; empty if it has closed it. */
    private String failure = "";

    private @Nullable Intake intake;

    Client(Gate gate, Port port, Channel channel, Passes passes, long number, InetSocketAddress remote) {
        this.gate = gate;
        this.port = port;
        this.channel = channel;
        this.passes = passes;
        this.number = number;
        this.remote = remote;
    }

    /** No other client of this gate has or had it. */
    public long number() {
        return number;
    }

    /** Where it is: by its socket, or as a trusted load balancer says. */
    public InetSocketAddress remote() {
        return remote;
    }

    /** The port at which it has connected, as it was configured. */
    public Port port() {
        return port;
    }

    /**
     * The way to it for any process of the cluster: {@link Bytes} or {@link dev.berth.node.process.Raw} sent there are a packet for the client, and its
     * end is the end of this process. Raw that is asked is answered with no bytes when the packet waits at the socket. From
     * {@link Receiver#connected} on.
     */
    public ProcessRef<Object> way() {
        ProcessRef<Object> there = way;
        if (there == null) {
            throw new IllegalStateException(this + " is not connected yet");
        }
        return there;
    }

    /** Something of the receiver's own. On the loop. */
    public void keep(@Nullable Object something) {
        kept = something;
    }

    /** What was kept last. On the loop. */
    public @Nullable Object kept() {
        return kept;
    }

    /**
     * Sends a packet; false if the client is gone. True promises nothing more than its place behind what was sent before.
     *
     * @throws IllegalArgumentException when its framing cannot say this packet
     */
    public boolean send(Bytes packet) {
        if (isOver()) {
            return false;
        }
        EventLoop loop = channel.eventLoop();
        if (loop.inEventLoop() && onTheWay.get() == 0) {
            write(gate.encode(port, packet), packet.length());
            return !isOver();
        }
        ByteBuf encoded = gate.encode(port, packet);
        if (execute(encoded.readableBytes(), () -> write(encoded, packet.length()))) {
            return true;
        }
        encoded.release();
        return false;
    }

    /** The same for several in a row, which cost about as much as one. */
    public boolean send(List<Bytes> packets) {
        if (isOver()) {
            return false;
        }
        int bytes = 0;
        for (Bytes packet : packets) {
            bytes += packet.length();
        }
        int length = bytes;
        ByteBuf encoded = gate.encode(port, packets);
        if (channel.eventLoop().inEventLoop() && onTheWay.get() == 0) {
            write(encoded, packets.size(), length);
            return !isOver();
        }
        if (execute(encoded.readableBytes(), () -> write(encoded, packets.size(), length))) {
            return true;
        }
        encoded.release();
        return false;
    }

    /** Does something on the loop, behind what was sent so far; false if that is too much already, or the loop has ended. */
    boolean execute(int bytes, Runnable task) {
        long cost = (long) bytes + TASK_COST;
        if (onTheWay.addAndGet(cost) > (long) gate.limits().queueMax() + TASK_COST) {
            onTheWay.addAndGet(-cost);
            refuse(Refusal.SLOW_READER, "more than " + gate.limits().queueMax() + " bytes are on their way to it");
            return false;
        }
        try {
            channel.eventLoop().execute(() -> {
                onTheWay.addAndGet(-cost);
                task.run();
            });
            return true;
        } catch (RejectedExecutionException ended) {
            onTheWay.addAndGet(-cost);
            return false;
        }
    }

    /** Does something on its loop, behind what was sent so far; false if it is too far behind, or over. */
    public boolean onLoop(Runnable task) {
        return execute(0, task);
    }

    /** Whether nothing that is sent on the loop now could overtake anything. */
    boolean isQuiet() {
        return onTheWay.get() == 0;
    }

    /** Closes it, behind what was sent so far; a WebSocket client is told the cause. */
    public void close(String why) {
        execute(0, () -> leave(why, 1000));
    }

    /** Reads nothing more from it until {@link #resume}; its receiver hears nothing more before. On the loop. */
    public void pause() {
        paused = true;
        gate.tallies().pauses.increment();
        readsOrNot();
    }

    /** On the loop. */
    public void resume() {
        paused = false;
        readsOrNot();
    }

    // ---- Its life, on the loop

    void heardBy(Intake its) {
        intake = its;
    }

    boolean isOver() {
        return !cause.isEmpty();
    }

    /** Why it is over; empty as long as it is not. */
    String cause() {
        return cause;
    }

    boolean isConnected() {
        return way != null;
    }

    /** It has so long for its handshakes. */
    void awaitHandshake() {
        int millis = gate.limits().handshakeMillis();
        patience(Refusal.HANDSHAKE_LATE, millis, "its handshakes were not done after " + millis + " ms");
    }

    private void patience(Refusal refusal, int millis, String why) {
        patience = after(millis, () -> refuse(refusal, why));
    }

    ScheduledFuture<?> after(int millis, Runnable task) {
        return channel.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private void patienceEnds() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    /** It is known where it is; false if it is refused. */
    boolean settle(InetSocketAddress from) {
        remote = from;
        if (!gate.turnstile().settle(from.getAddress())) {
            refuse(Refusal.ADDRESS_FULL, gate.limits().clientsPerAddress() + " clients of its address are here");
            return false;
        }
        settled = from.getAddress();
        return true;
    }

    @Nullable
    InetAddress settled() {
        return settled;
    }

    /** Its handshakes are done. */
    void connected() {
        if (isOver()) {
            return;
        }
        patienceEnds();
        int millis = gate.limits().firstPacketMillis();
        if (millis > 0) {
            patience(Refusal.SILENT, millis, "it had said nothing " + millis + " ms after its handshakes");
        }
        way = gate.processes().spawn(_ -> new ClientProcess(this));
        guarded(() -> gate.receiver().connected(this));
    }

    boolean sent(Bytes message) {
        return gate.receiver().sent(this, message);
    }

    void missed() {
        gate.receiver().missed(this);
    }

    void received(Bytes packet) {
        if (!spoken) {
            spoken = true;
            patienceEnds();
        }
        gate.tallies().packetsIn.increment();
        gate.tallies().bytesIn.add(packet.length());
        guarded(() -> gate.receiver().packet(this, packet));
    }

    private void guarded(Runnable receiver) {
        try {
            receiver.run();
        } catch (RuntimeException | Error bug) {
            gate.bug(this, bug);
            refuse(Refusal.BUG, "what it has said made its receiver throw " + bug);
        }
    }

    /** The socket is closed. */
    void ended() {
        patienceEnds();
        if (slowness != null) {
            slowness.cancel(false);
        }
        if (!isOver()) {
            cause = failure.isEmpty() ? "it has closed the connection" : failure;
        }
        ProcessRef<Object> there = way;
        if (there != null) {
            gate.processes().stop(there, this + " is gone: " + cause);
            guarded(() -> gate.receiver().closed(this, cause));
        }
        kept = null;
    }

    /** Ends it at once: what waits for it is thrown away. Any thread. */
    void refuse(Refusal refusal, String why) {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> refuse(refusal, why));
        } else if (!isOver()) {
            gate.refused(this, refusal, why);
            if (refusal == Refusal.SLOW_READER) {
                cause = refusal.word() + ": " + why;
                // Past TLS too, which would wait for the client to take its goodbye.
                if (channel.isRegistered()) {
                    var _ = channel.pipeline().firstContext().close();
                }
                hear();
            } else {
                leave(refusal.word() + ": " + why, refusal.closeCode);
            }
        }
    }

    /** Its connection cannot be used any more, which is nobody's fault; what it has said before is heard. */
    void broken(String why) {
        failure = why;
        var _ = channel.close();
    }

    void leave(String why, int closeCode) {
        if (isOver()) {
            return;
        }
        if (port.speaksHttp() && isConnected()) {
            Bytes reason = Bytes.utf8(Prose.upTo(REASON_MAX, why));
            ByteBuf frame = channel.alloc().buffer(2 + 2 + reason.length());
            Buffers.head(Buffers.CLOSE, 2 + reason.length(), frame);
            frame.writeShort(closeCode);
            Buffers.write(reason, frame);
            var _ = channel.write(frame);
        }
        cause = why.isEmpty() ? "closed" : why;
        leave();
        hear();
    }

    /** What has been written leaves first, if it leaves soon. */
    private void leave() {
        if (!isConnected()) {
            var _ = channel.close();
            return;
        }
        channel.config().setAutoRead(false);
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        patienceEnds();
        if (channel.isOpen()) {
            patience = after(gate.limits().slowMillis(), this::cut);
        }
    }

    private void cut() {
        var _ = channel.close();
    }

    // ---- What is said to it, on the loop

    /** Takes the bytes over. */
    void write(ByteBuf encoded, int packetBytes) {
        write(encoded, 1, packetBytes);
    }

    private void write(ByteBuf encoded, int packets, int packetBytes) {
        if (isOver() || !hasRoom(encoded.readableBytes())) {
            encoded.release();
            return;
        }
        gate.tallies().packetsOut.add(packets);
        gate.tallies().bytesOut.add(packetBytes);
        var _ = channel.write(encoded);
        if (!flushes) {
            flushes = true;
            passes.flushLater(this);
        }
    }

    private boolean hasRoom(int bytes) {
        int most = gate.limits().queueMax();
        if (waiting() + bytes > most) {
            channel.flush();
        }
        if (waiting() + bytes > most) {
            refuse(Refusal.SLOW_READER, "it does not read: " + waiting() + " bytes wait for it, at most " + most);
            return false;
        }
        return true;
    }

    private long waiting() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    void passEnds() {
        flushes = false;
        channel.flush();
    }

    /** Much waits for it, or not any more. */
    void writable(boolean now) {
        if (isOver()) {
            return;
        }
        if (slowness != null) {
            slowness.cancel(false);
            slowness = null;
        }
        if (!now) {
            int millis = gate.limits().slowMillis();
            String why = "it has not read for " + millis + " ms while much waits for it";
            slowness = after(millis, () -> refuse(Refusal.SLOW_READER, why));
        }
        // Last, since reading may make much wait again and end up here.
        readsOrNot();
    }

    /** Nothing can be written to it any more, so nothing waits for it: what it has said last is still read. */
    void takesNothing() {
        writable(true);
    }

    /** Whether what it says is to be read. */
    boolean reads() {
        return !paused && !isOver() && (channel.isWritable() || channel.unsafe().outboundBuffer() == null);
    }

    private void readsOrNot() {
        boolean reads = reads();
        channel.config().setAutoRead(reads);
        if (reads) {
            hear();
        }
    }

    /** Its socket may be closed already. */
    private void hear() {
        if (intake != null) {
            intake.goOn();
        }
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    Channel channel() {
        return channel;
    }

    @Override
    public String toString() {
        return "client " + remote.getAddress().getHostAddress() + ":" + remote.getPort() + " (" + number + ")";
    }
}
