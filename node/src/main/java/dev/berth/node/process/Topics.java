package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.plane.Work;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// One message to each node of the view, whoever there listens: no node knows of another's subscribers, so there is
// nothing that a join, a kill or a partition could make wrong (decision 0076). It goes to the node's first process.

/** What a node tells the others under topics, and hears. For what Berth itself builds on it. Any thread. */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    /** How long it may wait for a connection: news that is older is not worth much. */
    private static final long SEND_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Address self;
    private final Supplier<View> view;
    private final Consumer<? super Request> submit;
    private final LongSupplier clock;
    private final Parcels parcels;
    private final Ear ear;

    private final LongAdder published = new LongAdder();
    /** Copies that no connection took; what is lost with a connection is not known. */
    private final LongAdder lost = new LongAdder();

    final LongAdder heard = new LongAdder();
    /** Copies that this node was too busy to read. */
    final LongAdder busy = new LongAdder();
    /** For mailboxes that were full. */
    final LongAdder full = new LongAdder();

    private final LongAdder unreadable = new LongAdder();

    /** What this node hears, from itself too; must not block. */
    @FunctionalInterface
    public interface Ear {
        void heard(String topic, Object message);
    }

    Topics(
            Address self,
            Supplier<View> view,
            Consumer<? super Request> submit,
            LongSupplier clock,
            Parcels parcels,
            Ear ear) {
        this.self = self;
        this.view = view;
        this.submit = submit;
        this.clock = clock;
        this.parcels = parcels;
        this.ear = ear;
    }

    /** Those of a node without processes. */
    public static Topics of(
            Incarnation self,
            Supplier<View> view,
            Consumer<? super Request> submit,
            LongSupplier clock,
            RecordBook book,
            Ear ear) {
        return new Topics(address(self), view, submit, clock, new Parcels(Nobody::new, book), ear);
    }

    public static Topics of(Processes processes) {
        return processes.topics();
    }

    /** Where other nodes send what they publish. */
    public static Address address(Incarnation life) {
        return Address.first(life);
    }

    /** An IllegalArgumentException says that it is too long. */
    public static String checked(String topic) {
        if (topic.isEmpty() || topic.length() > Topic.NAME_MAX) {
            throw new IllegalArgumentException("a topic has a name of 1 to " + Topic.NAME_MAX + " letters, got "
                    + (topic.isEmpty() ? "none" : topic.length()));
        }
        return topic;
    }

    /** For a process, or for code that is none. */
    Topic topic(String name) {
        checked(name);
        return new Topic() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void publish(Object message) {
                LocalProcess process = Runner.atWork();
                long caller = process == null
                        ? Thread.currentThread().threadId()
                        : process.address().value();
                publication(name, message, caller, null).run();
            }
        };
    }

    /**
     * Written now, so that what cannot be said is refused now; leaves when it is run.
     *
     * @param caller whose publications stay in order
     * @param from on whose behalf; who does not have the slot any more is not heard
     */
    public Runnable publication(String topic, Object message, long caller, @Nullable Grant from) {
        Bytes body = parcels.write(new Published(checked(topic), parcels.write(message)));
        return () -> {
            published.increment();
            ear.heard(topic, message);
            long deadline = clock.getAsLong() + SEND_NANOS;
            view.get().forEachMember(listing -> {
                Address to = address(listing.incarnation());
                if (!to.equals(self)) {
                    submit.accept(new Request(
                            caller,
                            null,
                            to.value(),
                            from,
                            deadline,
                            true,
                            List.of(),
                            Bytes.EMPTY,
                            null,
                            body,
                            (CallEnd) (outcome, _) -> sent(outcome)));
                }
            });
        };
    }

    private void sent(Outcome<Bytes> outcome) {
        if (!(outcome instanceof Outcome.Done<Bytes>)) {
            lost.increment();
        }
    }

    /** What another node has published. */
    public void received(Work work) {
        RemoteLetter letter = new RemoteLetter(work, parcels, new Waits());
        if (letter.way() == Letter.Way.RUN && letter.body() instanceof Published one) {
            received(one);
        }
    }

    private void received(Published one) {
        Object message = read(one);
        if (message != null) {
            ear.heard(one.topic(), message);
        }
    }

    /** Null if it cannot be read, which is said and counted. */
    @Nullable
    Object read(Published one) {
        try {
            Object message = parcels.read(one.message());
            if (message != null) {
                return message;
            }
        } catch (WireException e) {
            LOG.warn("something published cannot be read: {}", e.getMessage());
        }
        unreadable.increment();
        return null;
    }

    public void measure(MeterRegistry meters) {
        FunctionCounter.builder("berth.topic.published", published, LongAdder::sum)
                .description("what this node has told under topics")
                .register(meters);
        FunctionCounter.builder("berth.topic.heard", heard, LongAdder::sum)
                .description("what its subscribers have been told")
                .register(meters);
        dropped(meters, "connection", lost);
        dropped(meters, "node", busy);
        dropped(meters, "mailbox", full);
        dropped(meters, "unreadable", unreadable);
    }

    private static void dropped(MeterRegistry meters, String where, LongAdder count) {
        FunctionCounter.builder("berth.topic.dropped", count, LongAdder::sum)
                .description("what was published and not heard, by what had no room for it")
                .tag("at", where)
                .register(meters);
    }
}
