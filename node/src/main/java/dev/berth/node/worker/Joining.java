package dev.berth.node.worker;

import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.View;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one agent what views say of its service. One thread, the one that tells of views; {@link #calls} any. */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    private final Agent way;
    private final ServiceAgent agent;
    private @Nullable Service known;
    private @Nullable Service told;
    private final AtomicBoolean called = new AtomicBoolean();

    Joining(Agent way, ServiceAgent agent) {
        this.way = way;
        this.agent = agent;
    }

    /** Whether it has to be called for; false while a call is on its way, which will see the newest view. */
    boolean calls() {
        return called.compareAndSet(false, true);
    }

    void arrived() {
        called.set(false);
    }

    void follow(View view) {
        Service service = view.service(way.service());
        Service before = known;
        // A view shares with the one before what it leaves as it was.
        if (service == null || service == before) {
            return;
        }
        known = service;
        try {
            if (before != null && before.plan().capacity() != service.plan().capacity()) {
                agent.resized(before.plan().capacity(), service.plan().capacity());
            }
            join(service);
        } catch (RuntimeException thrown) {
            LOG.error(
                    "the agent of service {} threw when it was told of view {}", way.service(), view.number(), thrown);
        }
    }

    private void join(Service service) {
        if (told == null || !service.isServedAs(told)) {
            told = service;
            Connections connections = connections(service);
            agent.join(connections, connections.capacity());
        }
    }

    private Connections connections(Service service) {
        List<Connection> slots = new ArrayList<>(service.plan().units());
        service.forEachUnit((i, state) -> slots.add(
                state.isServed() ? new Connection(way, i + 1, state.owner(), state.epoch()) : way.gap(i + 1)));
        return Connections.of(slots);
    }
}
