package dev.berth.node.launch;

import dev.berth.core.cluster.Proposal;
import dev.berth.node.driver.ThreadDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out rolls, one at a time, as {@link Roll} decides. Any thread. */
final class RollDesk {
    private static final int EVENTS_MAX = 4_096;
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /** How often a drain is taken back until a leading master has heard it: a minute, far longer than a fail-over. */
    private static final int TAKE_BACK_MAX = 30;

    private static final Logger LOG = LoggerFactory.getLogger(RollDesk.class);

    private final ClusterFile file;
    private final LaunchPlan plan;
    private final Drawing drawing;
    private final Supervisor supervisor;
    private final MasterLines masters;
    private final JarBook book;
    private final Map<String, Path> jars;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Draws the plan anew for what nodes run by now. */
    interface Drawing {
        LaunchPlan plan(Map<String, Path> jars) throws IOException;
    }

    /** @param jars what nodes run already instead of what the file says */
    RollDesk(
            ClusterFile file,
            Drawing drawing,
            Supervisor supervisor,
            MasterLines masters,
            JarBook book,
            Map<String, Path> jars)
            throws IOException {
        this.file = file;
        this.drawing = drawing;
        this.plan = drawing.plan(jars);
        this.supervisor = supervisor;
        this.masters = masters;
        this.book = book;
        this.jars = new TreeMap<>(jars);
    }

    /**
     * Rolls and waits for the end.
     *
     * @param say a line per step; any thread
     * @param abandoned completed with a cause when nobody waits for the end any more
     */
    RollEnd roll(RollOrder asked, Consumer<? super String> say, CompletableFuture<String> abandoned)
            throws LaunchRefusedException {
        if (!busy.compareAndSet(false, true)) {
            throw new LaunchRefusedException("a roll is going on already: one node at a time; wait for its end");
        }
        try {
            var order = complete(asked);
            var jar = order.jar();
            return new Run(order, jar == null ? null : keep(jar), say).run(abandoned);
        } finally {
            supervisor.follow(null);
            busy.set(false);
        }
    }

    private Path keep(Path jar) throws LaunchRefusedException {
        try (var readable = new JarFile(jar.toFile())) {
            return book.keep(Path.of(readable.getName()));
        } catch (IOException unusable) {
            throw new LaunchRefusedException(
                    "the jar " + jar + " cannot be read or kept in " + file.state() + ": " + unusable.getMessage());
        }
    }

    /** Without names: with a jar those that run one, with none again those that a roll gave one. */
    private RollOrder complete(RollOrder order) throws LaunchRefusedException {
        order.check(plan.items().stream().map(LaunchPlan.Item::name).toList());
        if ((order.jar() == null && !order.asFile()) || !order.nodes().isEmpty()) {
            return order;
        }
        var run = new ArrayList<>(jars.keySet());
        if (order.asFile()) {
            if (run.isEmpty()) {
                throw new LaunchRefusedException("every node runs what the cluster file says already");
            }
            return new RollOrder(run, null, true, order.drains(), order.within());
        }
        file.nodes().stream()
                .filter(node -> node.jar() != null && !jars.containsKey(node.name()))
                .forEach(node -> run.add(node.name()));
        if (run.isEmpty()) {
            throw new LaunchRefusedException(
                    "no node of this launcher runs a jar: name those that are to run " + order.jar());
        }
        return new RollOrder(run, order.jar(), false, order.drains(), order.within());
    }

    private List<RollConfig.Hand> hands() {
        var hands = new ArrayList<RollConfig.Hand>();
        for (var item : plan.items()) {
            int place = 0;
            for (int i = 0; item.kind() == NodeKind.MASTER && i < file.masters().size(); i++) {
                if (file.masters().get(i).toString().equals(item.listen())) {
                    place = i + 1;
                }
            }
            hands.add(new RollConfig.Hand(
                    item.name(),
                    item.kind(),
                    place == 0 ? "" : "m" + place,
                    file.state().resolve("logs").resolve(item.name() + ".log").toString(),
                    file.nodes().stream()
                            .filter(node -> node.name().equals(item.name()))
                            .flatMap(node -> node.offers().stream())
                            .toList()));
        }
        return hands;
    }

    /** Outlives the roll, which has ended with it. */
    private void takeBack(Proposal.DrainNode proposal, int left) {
        var _ = masters.propose(proposal, ANSWER).whenComplete((_, nobody) -> {
            if (nobody != null && left > 0) {
                takeBack(proposal, left - 1);
            } else if (nobody != null) {
                LOG.error(
                        "the drain of {} could not be taken back ({}): when a master answers again, say berth drain {}"
                                + " --end",
                        proposal.node(),
                        nobody.getMessage(),
                        proposal.node());
            }
        });
    }

    /** One roll. */
    private final class Run implements Supervisor.Roller {
        private final @Nullable Path jar;
        private final boolean asFile;
        private final Consumer<? super String> say;
        private final CompletableFuture<RollEnd> end = new CompletableFuture<>();
        private final ThreadDriver<RollEvent, RollAction> driver;

        Run(RollOrder order, @Nullable Path jar, Consumer<? super String> say) {
            this.jar = jar;
            this.asFile = order.asFile();
            this.say = say;
            this.driver = new ThreadDriver<>(
                    "roll",
                    new Roll(RollConfig.of(hands(), order, !file.masters().isEmpty())),
                    EVENTS_MAX,
                    System::nanoTime,
                    this::perform,
                    this::halted);
        }

        RollEnd run(CompletableFuture<String> abandoned) {
            driver.start();
            tell(new RollEvent.Begin());
            var _ = abandoned.thenAccept(cause -> tell(new RollEvent.Abandoned(cause)));
            var result = end.join();
            driver.close();
            return result;
        }

        private void perform(RollAction action) {
            switch (action) {
                case RollAction.Muster() -> supervisor.follow(this);
                case RollAction.Look() -> look();
                case RollAction.Drain(var node, boolean on) -> {
                    if (on) {
                        drain(new Proposal.DrainNode(node, true));
                    } else {
                        takeBack(new Proposal.DrainNode(node, false), TAKE_BACK_MAX);
                    }
                }
                case RollAction.Restart(var name) -> restart(name);
                case RollAction.Say(var line) -> say.accept(line);
                case RollAction.Finished(var result) -> end.complete(result);
            }
        }

        private void look() {
            var _ = masters.status(ANSWER)
                    .whenComplete((status, nobody) ->
                            tell(nobody == null ? new RollEvent.Seen(status) : new RollEvent.Unseen(words(nobody))));
        }

        private void drain(Proposal.DrainNode proposal) {
            var _ = masters.propose(proposal, ANSWER)
                    .whenComplete((decided, nobody) -> tell(
                            nobody == null
                                    ? new RollEvent.Decided(decided.accepted(), decided.reason())
                                    : new RollEvent.Unseen(words(nobody))));
        }

        private static String words(Throwable nobody) {
            return String.valueOf(nobody.getMessage());
        }

        private void restart(String name) {
            try {
                var next = new TreeMap<>(jars);
                if (jar != null) {
                    next.put(name, jar);
                } else if (asFile) {
                    next.remove(name);
                }
                // What cannot be planned must not be what the next launcher starts.
                var drawn = drawing.plan(next);
                if (jar != null) {
                    book.assign(name, jar);
                    jars.put(name, jar);
                } else if (asFile) {
                    book.forget(name);
                    jars.remove(name);
                }
                for (var item : drawn.items()) {
                    if (item.name().equals(name)) {
                        supervisor.restart(item);
                    }
                }
            } catch (IOException unkept) {
                tell(new RollEvent.Unequipped(String.valueOf(unkept.getMessage())));
            }
        }

        @Override
        public void became(FleetAction.Became became) {
            tell(new RollEvent.Became(became.name(), became.state(), became.why()));
        }

        @Override
        public void sinking() {
            tell(new RollEvent.Sinking());
        }

        // The queue holds many times what a launcher's nodes can become in a roll's time.
        private void tell(RollEvent event) {
            if (!driver.submit(event) && !end.isDone()) {
                halted(new IllegalStateException("it has lost " + event));
            }
        }

        private void halted(Throwable defect) {
            end.complete(new RollEnd(List.of(), "", "the roll has a defect: " + defect.getMessage(), List.of(), 0));
        }
    }
}
