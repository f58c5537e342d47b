package dev.berth.node.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// What is said during one pass of a loop leaves at the end of the pass, one write per connection, whoever said it: a
// connection's first message puts it on the list, and the list is worked off by a task that the loop runs after all
// others of the pass.
//
// Buffers are the loop's, since it does one thing at a time: one that sockets are read into, one array that frames are
// decoded from, one that frames leave from. Only a socket that does not take everything at once keeps a buffer.

/** What the connections of one transport on one event loop have in common. On that loop only. */
final class Wharf {
    static final int TICKS_OF_SILENCE = 4;
    static final int BUFFER_SIZE = 1 << 16;

    private final Shared shared;
    private final EventLoop loop;
    private final int strangersMax;
    private final Runnable flushAll = this::flushAll;
    private final Set<Moored> moored = new LinkedHashSet<>();
    private final Set<Doorman> strangers = new LinkedHashSet<>();
    private final Repeats repeats = new Repeats();
    private List<FramePipe<?, ?>> said = new ArrayList<>();
    private List<FramePipe<?, ?>> flushing = new ArrayList<>();
    private byte[] scratch = new byte[BUFFER_SIZE];
    private ByteBuf in = Unpooled.directBuffer(BUFFER_SIZE, BUFFER_SIZE);
    private ByteBuf out = Unpooled.directBuffer(BUFFER_SIZE, BUFFER_SIZE);
    private @Nullable ScheduledFuture<?> ticks;
    private boolean closed;

    /** What all connections of a transport have in common. Any thread. */
    record Shared(TransportConfig config, QuietLog log, Consumer<? super Throwable> broken) {}

    Wharf(Shared shared, EventLoop loop, int strangersMax) {
        this.shared = shared;
        this.loop = loop;
        this.strangersMax = strangersMax;
    }

    /** Any thread. */
    EventLoop loop() {
        return loop;
    }

    TransportConfig config() {
        return shared.config();
    }

    QuietLog log() {
        return shared.log();
    }

    /** What a user's ears have thrown. */
    void broken(Throwable bug) {
        shared.broken().accept(bug);
    }

    /** Tells ears that it is over, with a task of its own, so that nobody is told in the middle of saying something. */
    void tellClosed(PipeEars<?, ?> ears, String cause) {
        loop.execute(() -> {
            try {
                ears.closed(cause);
            } catch (RuntimeException | Error bug) {
                broken(bug);
            }
        });
    }

    /** False when the transport has been closed. */
    boolean moor(Moored connection) {
        if (closed) {
            return false;
        }
        moored.add(connection);
        if (ticks == null) {
            // With a fixed delay: after a pause of this process one tick has passed, not all that were missed, so
            // that our own pause does not count as the other's silence.
            long millis = config().silenceMillis() / TICKS_OF_SILENCE;
            ticks = loop.scheduleWithFixedDelay(this::tick, millis, millis, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    void leave(Moored connection) {
        moored.remove(connection);
    }

    /** Counts an end that has not proved anything. The oldest goes when there are too many: an honest one takes only moments. */
    void admit(Doorman stranger) {
        if (strangers.size() >= strangersMax) {
            strangers.iterator().next().refuseAsBusy();
        }
        strangers.add(stranger);
    }

    void known(Doorman stranger) {
        strangers.remove(stranger);
    }

    Repeats repeats() {
        return repeats;
    }

    private void tick() {
        repeats.forget();
        for (Moored connection : List.copyOf(moored)) {
            connection.tick();
        }
    }

    /** Once per pipe and pass. */
    void flushLater(FramePipe<?, ?> pipe) {
        if (said.isEmpty()) {
            ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(flushAll);
        }
        said.add(pipe);
    }

    private void flushAll() {
        List<FramePipe<?, ?>> now = said;
        said = flushing;
        flushing = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).passEnds();
        }
        now.clear();
    }

    /** An array of at least this size; what it holds is anybody's with the next call. */
    byte[] scratch(int size) {
        if (size > scratch.length) {
            scratch = new byte[size];
        }
        return scratch;
    }

    /** A buffer to read a socket into; whoever gets it releases it. */
    ByteBuf in() {
        if (closed) {
            return Unpooled.directBuffer(BUFFER_SIZE);
        }
        if (in.refCnt() > 1) {
            in.release();
            in = Unpooled.directBuffer(BUFFER_SIZE, BUFFER_SIZE);
        }
        return in.clear().retain();
    }

    /** A buffer with room for so many bytes to leave from; whoever gets it releases it. */
    ByteBuf out(int size) {
        if (size > BUFFER_SIZE || closed) {
            return Unpooled.directBuffer(size);
        }
        if (out.refCnt() > 1) {
            out.release();
            out = Unpooled.directBuffer(BUFFER_SIZE, BUFFER_SIZE);
        }
        return out.clear().retain();
    }

    /** Ends everything; nothing can be moored any more. */
    void close(String cause) {
        if (closed) {
            return;
        }
        closed = true;
        if (ticks != null) {
            ticks.cancel(false);
        }
        for (Moored connection : List.copyOf(moored)) {
            connection.end(cause);
        }
        in.release();
        out.release();
    }
}
