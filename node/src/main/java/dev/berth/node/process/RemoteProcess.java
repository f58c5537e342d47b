package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.Request;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.Awaited;
import dev.berth.node.plane.CallEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The way to a process of another node. */
record RemoteProcess<M>(Processes home, Address address) implements ProcessRef<M> {
    /** How long a message may wait for a connection. */
    private static final long SEND_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Whether a message was refused on the spot. Its sender's, once it has been handed over. */
    private static final class Sent implements CallEnd {
        private boolean refused;

        @Override
        public void ended(Outcome<Bytes> outcome, String id) {
            refused = outcome instanceof Outcome.Refused;
        }
    }

    @Override
    public void send(M message) {
        Sent sent = new Sent();
        LocalProcess sender = Runner.atWork();
        submit(
                sender,
                List.of(),
                System.nanoTime() + SEND_NANOS,
                true,
                home.parcels().write(message),
                sent);
        if (sent.refused) {
            throw new ProcessBusyException(address);
        }
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the question says what its answer is, and whether it may be null
    public <R, Q extends Asks<R>> R call(Q question, Duration within) {
        return (R) ask(question, within.toNanos());
    }

    void tell(long caller, Object message, Runnable untaken) {
        CallEnd told = (outcome, _) -> {
            if (!(outcome instanceof Outcome.Done<Bytes>)) {
                untaken.run();
            }
        };
        submit(
                caller,
                List.of(),
                System.nanoTime() + SEND_NANOS,
                true,
                home.parcels().write(message),
                told);
    }

    /** The end comes on the node's loop. */
    void ask(Address asker, Asks<Bytes> question, long deadlineNanos, Consumer<? super Outcome<Bytes>> end) {
        CallEnd told =
                (outcome, _) -> end.accept(outcome instanceof Outcome.Done<Bytes>(Bytes body) ? read(body) : outcome);
        submit(asker.value(), List.of(), deadlineNanos, false, home.parcels().write(question), told);
    }

    private Outcome<Bytes> read(Bytes body) {
        try {
            return Promised.outcome(home.parcels().read(body));
        } catch (WireException e) {
            return unreadable(e);
        }
    }

    private static Outcome<Bytes> unreadable(WireException e) {
        return new Outcome.Failed<>("UnreadableAnswer", String.valueOf(e.getMessage()));
    }

    private @Nullable Object ask(Object question, long withinNanos) {
        Bytes body = home.parcels().write(question);
        Awaited awaited = new Awaited("ProcessRef.call");
        long deadline = System.nanoTime() + withinNanos;
        Runner runner = Runner.current();
        LocalProcess asker = runner == null ? null : runner.process;
        if (runner == null || asker == null) {
            submit(null, List.of(), deadline, false, body, awaited);
            return answer(awaited.await(), awaited.id());
        }
        return asker.waitingFor(this, () -> {
            submit(asker, chain(runner, asker), runner.earlier(deadline), false, body, awaited);
            runner.beforeWaiting();
            return answer(awaited.await(), awaited.id());
        });
    }

    private List<Long> chain(Runner runner, LocalProcess asker) {
        List<Long> chain = Letter.chain(asker, runner.reads);
        if (chain.size() > Processes.CHAIN_MAX) {
            throw new IllegalStateException("more than " + Processes.CHAIN_MAX
                    + " processes wait for one another, from " + new Address(chain.getFirst()) + " to " + address
                    + ": send the message instead of asking");
        }
        return chain;
    }

    private void submit(
            @Nullable LocalProcess from, List<Long> chain, long deadline, boolean oneWay, Bytes body, CallEnd end) {
        long caller = from == null
                ? Thread.currentThread().threadId()
                : from.address().value();
        submit(caller, chain, deadline, oneWay, body, end);
    }

    private void submit(long caller, List<Long> chain, long deadline, boolean oneWay, Bytes body, CallEnd end) {
        home.outside()
                .submit()
                .accept(new Request(
                        caller, null, address.value(), null, deadline, oneWay, chain, Bytes.EMPTY, null, body, end));
    }

    private @Nullable Object answer(Outcome<Bytes> outcome, String id) {
        return switch (outcome) {
            case Outcome.Done<Bytes>(Bytes body) -> {
                try {
                    yield home.parcels().read(body);
                } catch (WireException e) {
                    throw CallException.of(what(), unreadable(e), e);
                }
            }
            case Outcome.Failed<Bytes>(String kind, String message)
            when kind.equals(CallCycleException.KIND) -> throw new CallCycleException(message);
            case Outcome.Failed<Bytes> _, Outcome.Refused<Bytes> _, Outcome.Unknown<Bytes> _ ->
                throw CallException.noted(what(), outcome, id);
        };
    }

    private String what() {
        return "call of process " + address;
    }

    @Override
    public String toString() {
        return "process " + address;
    }
}
