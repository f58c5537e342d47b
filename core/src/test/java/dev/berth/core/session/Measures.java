package dev.berth.core.session;

import dev.berth.core.machine.Outbox;
import dev.berth.core.wire.Bytes;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** How the machines of a storm are made: as they are, or with a measure taken away. */
interface Measures {
    default Session session(SessionState state) {
        return new Session(state);
    }

    default GateSocket socket(GateLimits limits, long address, UnaryOperator<Bytes> hash, long nowNanos) {
        return new GateSocket(limits, address, hash, nowNanos);
    }

    default void again(Audience audience, Audience.Message untaken, Outbox<Audience.Message> out) {
        audience.again(untaken, out);
    }

    default Client client(ClientConfig config, RandomGenerator dice) {
        return new Client(config, dice);
    }
}
