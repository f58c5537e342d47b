package dev.berth.node.worker;

import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.View;
import dev.berth.node.lookout.Watched;
import dev.berth.node.process.Processes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What a member's lookout shows. Any thread. */
record NodeWatch(Node node, String name, Slots slots, Counts counts) implements Watched {
    @Override
    public String title() {
        return "node " + name;
    }

    @Override
    public String deadBecause() {
        return node.ended().isDone() ? "the node is over: " + node.ended().join() : "";
    }

    @Override
    public String unreadyBecause() {
        View view = node.view();
        Listing listing = view == null ? null : view.member(node.self().node());
        if (listing == null) {
            return "not listed yet";
        }
        if (!node.mayAct()) {
            return "suspended: no master and no coordinator has renewed its lease";
        }
        return listing.draining() ? "it drains" : "";
    }

    @Override
    public void measure(MeterRegistry meters) {
        gauge(meters, "berth.may.act", "1 while the lease holds", of -> of.mayAct() ? 1 : 0);
        gauge(meters, "berth.view", "number of the view it acts by", NodeWatch::number);
        FunctionCounter.builder("berth.suspensions", node, Node::suspensions)
                .description("how often its lease has run out")
                .register(meters);
        slots.forEachService(service -> Gauge.builder("berth.slots", slots, of -> of.serving(service))
                .description("slots it serves")
                .tag("service", service)
                .register(meters));
        gauge(meters, "berth.processes", "processes in memory, those of entities among them", NodeWatch::processes);
        waits(meters, "0.5", 0.5);
        waits(meters, "0.99", 0.99);
        slots.measure(meters);
        counts.measure(meters);
        node.measure(meters);
    }

    private static double processes(Node node) {
        Processes there = node.processesNow();
        return there == null ? 0 : there.count();
    }

    private void waits(MeterRegistry meters, String quantile, double share) {
        Gauge.builder("berth.process.wait.seconds", node, of -> {
                    Processes there = of.processesNow();
                    return there == null ? 0 : there.waitSeconds(share);
                })
                .description("in mailboxes, in the last one to two minutes; one message in 64 is timed")
                .tag("quantile", quantile)
                .register(meters);
    }

    private static double number(Node node) {
        View view = node.view();
        return view == null ? 0 : view.number();
    }

    private void gauge(MeterRegistry meters, String name, String what, ToDoubleFunction<Node> reading) {
        Gauge.builder(name, node, reading).description(what).register(meters);
    }
}
