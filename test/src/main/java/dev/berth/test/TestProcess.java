package dev.berth.test;

import dev.berth.core.call.Address;
import dev.berth.node.process.Asks;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Reply;
import dev.berth.node.process.Restart;
import dev.berth.node.process.Self;
import dev.berth.node.process.Timer;
import dev.berth.node.process.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process as entities use it: its mailbox, its timers, its end. Each message that it reads is a strand. */
final class TestProcess<M> implements Self<M>, ProcessRef<M> {
    private static final Logger LOG = LoggerFactory.getLogger(TestProcess.class);

    private final Member home;
    private final Address address;
    private final Scene.Lane lane;
    private final ArrayDeque<M> mailbox = new ArrayDeque<>();
    private @Nullable Behavior<M> behavior;
    private boolean reads;
    private boolean over;

    TestProcess(Member home, Address address) {
        this.home = home;
        this.address = address;
        this.lane = home.lane();
    }

    void begin(Behavior<M> made) {
        behavior = made;
        readNext();
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void send(M message) {
        if (!over) {
            mailbox.add(message);
            readNext();
        }
    }

    private void readNext() {
        if (!reads && !over && behavior != null && !mailbox.isEmpty()) {
            reads = true;
            M message = mailbox.remove();
            home.strand(lane, () -> read(message));
        }
    }

    private void read(M message) {
        try {
            if (behavior != null) {
                behavior.on(this, message);
            }
        } catch (Exception | StackOverflowError | AssertionError | LinkageError thrown) {
            LOG.warn("process {} goes on after", address, thrown);
        }
        reads = false;
        readNext();
    }

    @Override
    public Timer after(Duration delay, M message) {
        Scene.Due due = home.scene().after(delay.toNanos(), lane, () -> send(message));
        return due::cancel;
    }

    @Override
    public Timer every(Duration period, M message) {
        Every every = new Every(period.toNanos(), message);
        every.next();
        return () -> every.cancelled = true;
    }

    private final class Every {
        private final long nanos;
        private final M message;
        private boolean cancelled;

        Every(long nanos, M message) {
            if (nanos <= 0) {
                throw new IllegalArgumentException("a period is more than nothing, got " + nanos + " ns");
            }
            this.nanos = nanos;
            this.message = message;
        }

        void next() {
            home.scene().after(nanos, lane, () -> {
                if (!cancelled && !over) {
                    send(message);
                    next();
                }
            });
        }
    }

    @Override
    public ProcessRef<M> ref() {
        return this;
    }

    @Override
    public void stop(String cause) {
        over = true;
    }

    @Override
    public <R, Q extends Asks<R>> R call(Q question, Duration within) {
        throw notHere("asked");
    }

    @Override
    public <N> ProcessRef<N> spawn(Function<Self<N>, Behavior<N>> made) {
        throw notHere("a parent");
    }

    @Override
    public <N> ProcessRef<N> spawn(Restart restart, Function<Self<N>, Behavior<N>> made) {
        throw notHere("a parent");
    }

    @Override
    public <C> C spawn(Class<C> contract, Function<Self<Runnable>, ? extends C> code) {
        throw notHere("a parent");
    }

    @Override
    public <C> C spawn(Restart restart, Class<C> contract, Function<Self<Runnable>, ? extends C> code) {
        throw notHere("a parent");
    }

    @Override
    public void monitor(ProcessRef<?> other, Function<String, M> message) {
        throw notHere("a monitor");
    }

    @Override
    public Topic topic(String name) {
        throw notHere("a publisher");
    }

    @Override
    public <T> void subscribe(String topic, Class<T> type, Function<? super T, ? extends @Nullable M> message) {
        throw notHere("a subscriber");
    }

    @Override
    public void unsubscribe(String topic) {
        throw notHere("a subscriber");
    }

    @Override
    public <R> Reply<R> replyLater() {
        throw notHere("asked");
    }

    private static UnsupportedOperationException notHere(String what) {
        return new UnsupportedOperationException("the process of an entity is never " + what);
    }
}
