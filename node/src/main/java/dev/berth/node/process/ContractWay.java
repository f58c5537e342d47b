package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.record.Signature;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Carries the calls of a contract to a process as messages: within a node as they are, to another one as bytes. */
record ContractWay(ProcessRef<Object> to, Class<?> type) implements Contract.Way {
    /** How long a call waits; less if whoever makes it is being asked himself. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A call within a node: the arguments are the caller's own. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Invocation(Contract.Call call, @Nullable Object[] arguments) implements Asks<Object> {}

    @SuppressWarnings("unchecked") // whoever says that it has the contract knows what it takes
    static <C> C proxy(ProcessRef<?> to, Class<C> type) {
        if (to instanceof RemoteProcess<?>(Processes home, Address _)) {
            Contract.of(type).methods().forEach(home.parcels()::signature);
        }
        return Contract.proxy(type, new ContractWay((ProcessRef<Object>) to, type));
    }

    static ProcessRef<?> processOf(Object proxy) {
        if (Contract.way(proxy) instanceof ContractWay way) {
            return way.to;
        }
        throw new IllegalArgumentException("this " + proxy.getClass().getName()
                + " is not the way to a process: take what spawn, find, at or ProcessRef.as has given");
    }

    @Override
    public @Nullable Object call(Contract.Call call, @Nullable Object[] arguments) {
        Parcels parcels = parcels();
        return parcels == null
                ? say(call, new Invocation(call, arguments))
                : call(call, parcels.signature(call.method()), parcels, arguments);
    }

    /** Null for a process of this node, which takes things as they are. */
    private @Nullable Parcels parcels() {
        return switch (to) {
            case RemoteProcess<?>(Processes home, Address _) -> home.parcels();
            case LocalProcess local when local.standsForAnother() -> local.home.parcels();
            default -> null;
        };
    }

    private @Nullable Object call(
            Contract.Call call, Signature signature, Parcels parcels, @Nullable Object[] arguments) {
        Called called = new Called(
                call.method().getDeclaringClass().getSimpleName(), call.name(), signature.writeArguments(arguments));
        Object answer = say(call, called);
        if (call.oneWay()) {
            return null;
        }
        try {
            if (answer instanceof Bytes bytes) {
                return parcels.readAnswer(signature, bytes);
            }
            throw new WireException(WireException.Kind.INVALID, "it is not that of a method");
        } catch (WireException e) {
            throw CallException.of(
                    "call of " + this + "." + call.name(),
                    new Outcome.Failed<>("UnreadableAnswer", String.valueOf(e.getMessage())),
                    e);
        }
    }

    private @Nullable Object say(Contract.Call call, Asks<?> message) {
        if (call.oneWay()) {
            to.send(message);
            return null;
        }
        return to.call(message, PATIENCE);
    }

    @Override
    public String toString() {
        return type.getSimpleName() + " " + to.address();
    }
}
