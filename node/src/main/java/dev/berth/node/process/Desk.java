package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage.Call;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.plane.Guest;
import dev.berth.node.plane.Work;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

// A hidden node has no view and no address, and no other node knows it. So the node that it is connected to does
// three things for it: finds what has a name, hands calls on to other nodes, and has a process for each of its
// services, with an address, a name and monitors like any other. Only this node knows that what is said there goes
// on to somebody else (decision 0074).

/** What a node does for the hidden nodes that are connected to it. Any thread. */
final class Desk {
    /** The address at which it takes their errands. */
    static final long ADDRESS = 0;
    /** Services of one hidden node. */
    static final int SERVICES_MAX = 64;

    private final Processes home;
    private final Map<Guest, Map<Address, ProcessRef<Object>>> services = new ConcurrentHashMap<>();

    Desk(Processes home) {
        this.home = home;
    }

    /** A call that is not for a process of this node. Called on the node's loop. */
    void admitted(Guest guest, Work work) {
        Address address = new Address(work.dispatch().call().address());
        if (address.value() == ADDRESS) {
            errand(guest, work);
        } else if (address.node().isNone()) {
            work.answer(new Result.NotRun(RefusedReason.NO_SUCH_PROCESS, 0));
        } else {
            handOn(work);
        }
    }

    // Either counts against the bound of its connection until it has been answered.

    private void handOn(Work work) {
        Call call = work.dispatch().call();
        CallEnd end = (outcome, _) -> work.answer(result(outcome));
        home.outside()
                .submit()
                .accept(new Request(
                        0,
                        null,
                        call.address(),
                        null,
                        work.dispatch().deadlineNanos(),
                        call.session() == 0,
                        call.chain(),
                        call.trace(),
                        null,
                        call.body(),
                        end));
    }

    private static Result result(Outcome<Bytes> outcome) {
        return switch (outcome) {
            case Outcome.Done<Bytes>(Bytes body) -> new Result.Value(body);
            case Outcome.Failed<Bytes>(String kind, String message) -> new Result.Error(kind, message);
            case Outcome.Refused<Bytes>(RefusedReason reason, long hint) -> new Result.NotRun(reason, hint);
            case Outcome.Unknown<Bytes>(Outcome.Cause why) -> RemoteLetter.mayHaveRun(why);
        };
    }

    /** Taking a name waits for a master. */
    private void errand(Guest guest, Work work) {
        RemoteLetter letter = new RemoteLetter(work, home.parcels(), home.waits());
        if (letter.isAwaited()) {
            Thread.startVirtualThread(() -> answer(guest, letter));
        } else {
            work.taken();
        }
    }

    private void answer(Guest guest, RemoteLetter letter) {
        try {
            Object body = letter.body();
            if (body instanceof Errand errand) {
                letter.answer(answer(guest, errand));
            } else if (body != null) {
                throw new IllegalArgumentException(
                        "address 0 takes errands, not " + body.getClass().getSimpleName());
            }
        } catch (RuntimeException refused) {
            letter.failed(refused);
        }
    }

    private @Nullable Object answer(Guest guest, Errand errand) {
        return switch (errand) {
            case Errand.Find(String name) -> home.find(name).orElse(null);
            case Errand.Serve() -> serve(guest);
            case Errand.Register(String name, ProcessRef<?> way) -> {
                home.register(name, standIn(guest, way));
                yield null;
            }
        };
    }

    private synchronized ProcessRef<?> serve(Guest guest) {
        Map<Address, ProcessRef<Object>> its = services.computeIfAbsent(guest, _ -> new ConcurrentHashMap<>());
        if (its.size() >= SERVICES_MAX) {
            throw new IllegalStateException("a hidden node has " + SERVICES_MAX + " services at most");
        }
        ProcessRef<Object> standIn = home.spawn(_ -> new StandIn(home, guest));
        its.put(standIn.address(), standIn);
        var _ = guest.gone().thenAccept(cause -> {
            services.remove(guest);
            ((LocalProcess) standIn).tell(new StandIn.Gone(cause));
        });
        return standIn;
    }

    private ProcessRef<?> standIn(Guest guest, ProcessRef<?> way) {
        ProcessRef<?> standIn = services.getOrDefault(guest, Map.of()).get(way.address());
        if (standIn == null) {
            throw new IllegalArgumentException(
                    "process " + way.address() + " does not stand for one of this hidden node");
        }
        return standIn;
    }
}
