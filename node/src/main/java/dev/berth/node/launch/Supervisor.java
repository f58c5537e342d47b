package dev.berth.node.launch;

import dev.berth.node.driver.MachineHaltedException;
import dev.berth.node.driver.ThreadDriver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Starts the nodes of a plan, watches, restarts, certifies and ends them, as {@link Fleet} decides. Started once; {@link #stop}
 * and {@link #await} may be called by any thread.
 */
final class Supervisor {
    private static final int EVENTS_MAX = 4_096;
    private static final long FULL_MILLIS = 1;
    private static final int HALTED = 70;

    private final Map<String, LaunchPlan.Item> items = new ConcurrentHashMap<>();
    private final Map<String, Voyage> voyages = new ConcurrentHashMap<>();
    private final ClusterFile file;
    private final LaunchDirectory directory;
    private final String launcher;
    private final Certifier certifier;
    private final Consumer<? super String> say;
    private final ThreadDriver<FleetEvent, FleetAction> driver;
    private final CompletableFuture<Integer> finished = new CompletableFuture<>();
    private volatile @Nullable Roller roller;

    /** Who rolls nodes, and so wants to know what becomes of each. Told on the launcher's thread; must not wait. */
    interface Roller {
        void became(FleetAction.Became became);

        void sinking();
    }

    /** @param say gets a line for people per change; any thread */
    Supervisor(
            ClusterFile file,
            LaunchPlan plan,
            LaunchDirectory directory,
            String launcher,
            Certifier certifier,
            Consumer<? super String> say) {
        this.file = file;
        this.directory = directory;
        this.launcher = launcher;
        this.certifier = certifier;
        this.say = say;
        var ships = new ArrayList<FleetConfig.Ship>();
        for (var item : plan.items()) {
            items.put(item.name(), item);
            ships.add(new FleetConfig.Ship(
                    item.name(), item.kind(), directory.log(item.name()).toString()));
        }
        this.driver = new ThreadDriver<>(
                "launcher",
                new Fleet(FleetConfig.of(ships, file.grace().toNanos()), RandomGenerator.getDefault()),
                EVENTS_MAX,
                System::nanoTime,
                this::perform,
                this::halted);
    }

    void start() {
        Posix.adoptOrphans();
        driver.start();
        submit(new FleetEvent.Begin());
    }

    /** Whoever rolls nodes hears from now on where each of them is; null for nobody. */
    void follow(@Nullable Roller next) {
        roller = next;
        if (next != null) {
            submit(new FleetEvent.Muster());
        }
    }

    /** Stops and starts a node, which is then run as this says. */
    void restart(LaunchPlan.Item item) {
        items.put(item.name(), item);
        submit(new FleetEvent.Restart(item.name()));
    }

    /** Ends all nodes in order; {@link #await} says when that is done. */
    void stop(String cause) {
        var rolling = roller;
        if (rolling != null) {
            rolling.sinking();
        }
        submit(new FleetEvent.Stop(cause));
    }

    /** Waits until nothing runs any more; the exit code. */
    int await() {
        int code = finished.join();
        driver.close();
        return code;
    }

    private void perform(FleetAction action) {
        switch (action) {
            case FleetAction.Say(var line) -> say.accept(line);
            case FleetAction.Became became -> {
                var rolling = roller;
                if (rolling != null) {
                    rolling.became(became);
                }
            }
            case FleetAction.Spawn(var name, int life) -> spawn(name, life);
            case FleetAction.Terminate(var name, int _) -> voyage(name).terminate();
            case FleetAction.Kill(var name, int _) -> voyage(name).kill();
            case FleetAction.Certify(var name, var incarnation) -> certifier.certify(name, incarnation);
            case FleetAction.Finished(int code) -> finished.complete(code);
        }
    }

    private Voyage voyage(String name) {
        var voyage = voyages.get(name);
        if (voyage == null) {
            throw new IllegalStateException("node " + name + " has no process");
        }
        return voyage;
    }

    private void spawn(String name, int life) {
        var item = items.get(name);
        if (item == null) {
            throw new IllegalStateException("the plan has no node " + name);
        }
        var words = new ArrayList<>((life == 1 ? item : item.again()).command());
        words.addFirst("setsid");
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(item.environment());
        try {
            var log = new LogFile(directory.log(name), file.logBytes(), file.logsKept());
            var process = builder.start();
            var voyage = new Voyage(process);
            voyages.put(name, voyage);
            remember(name, voyage);
            var tap = new OutputTap(
                    process.getInputStream(),
                    log,
                    line -> heard(name, life, line),
                    what -> say.accept(name + ": " + what));
            var thread = tap.start(name);
            Thread.ofPlatform()
                    .name("berth-watch-" + name)
                    .daemon()
                    .start(() -> watch(name, life, voyage, tap, thread));
        } catch (IOException refused) {
            // From another thread: the launcher's own must not wait for room in its own queue.
            Thread.ofVirtual().start(() -> {
                submit(new FleetEvent.Exited(name, life, "could not be started: " + refused.getMessage()));
                submit(new FleetEvent.Emptied(name, life));
            });
        }
    }

    /** What the next launcher would not find must not run; its end is then seen like any other. */
    private void remember(String name, Voyage voyage) {
        try {
            var stamp = ProcessStamp.of(voyage.pid());
            if (stamp.isPresent()) {
                directory.record(new LaunchDirectory.Started(name, stamp.get(), ProcessStamp.bootId(), launcher));
            }
        } catch (IOException unwritten) {
            say.accept(name + ": its record could not be written, so it is killed: " + unwritten.getMessage());
            voyage.kill();
        }
    }

    private void heard(String name, int life, NodeLine line) {
        switch (line) {
            case NodeLine.Serves() -> submit(new FleetEvent.Serves(name, life));
            case NodeLine.Listed(var said, var incarnation) -> {
                if (said.equals(name)) {
                    submit(new FleetEvent.Listed(name, life, incarnation));
                }
            }
        }
    }

    private void watch(String name, int life, Voyage voyage, OutputTap tap, Thread thread) {
        try {
            voyage.watch(thread, new Voyage.Ears() {
                @Override
                public void exited(int code) {
                    submit(new FleetEvent.Exited(name, life, "ended with " + words(code) + lastWords(code, tap)));
                }

                @Override
                public void leftover() {
                    submit(new FleetEvent.Leftover(name, life));
                }

                @Override
                public void emptied() {
                    forget(name);
                    submit(new FleetEvent.Emptied(name, life));
                }
            });
        } catch (InterruptedException nobodyDoesThat) {
            throw new IllegalStateException(nobodyDoesThat);
        }
    }

    private void forget(String name) {
        try {
            directory.forget(name);
        } catch (IOException kept) {
            say.accept(name + ": its record could not be removed: " + kept.getMessage());
        }
    }

    /** What it has said last tells why, if nobody has asked it to end. */
    private static String lastWords(int code, OutputTap tap) {
        var said = tap.lastLine();
        return code == 0 || code > 128 || said.isEmpty() ? "" : " saying '" + said + "'";
    }

    /** The JDK reports an end by signal n as 128 + n. */
    private static String words(int code) {
        return switch (code) {
            case 128 + Posix.SIGKILL -> "code 137 (SIGKILL)";
            case 128 + Posix.SIGTERM -> "code 143 (SIGTERM)";
            case LauncherWatch.EXIT_CODE -> "code 75 (its launcher was gone)";
            default -> "code " + code;
        };
    }

    /** Nothing that happens may be lost; whoever floods the queue waits here, at the mouth of its own output. */
    private void submit(FleetEvent event) {
        while (!driver.submit(event) && !finished.isDone()) {
            try {
                TimeUnit.MILLISECONDS.sleep(FULL_MILLIS);
            } catch (InterruptedException nobodyDoesThat) {
                throw new IllegalStateException(nobodyDoesThat);
            }
        }
    }

    /** A launcher that does not know any more what it does ends, and with it its nodes. */
    private void halted(MachineHaltedException halted) {
        say.accept("the launcher has a defect and ends, and so do its nodes: " + halted);
        voyages.forEach((name, voyage) -> voyage.letGo(what -> say.accept(name + ": " + what)));
        finished.complete(HALTED);
    }
}
