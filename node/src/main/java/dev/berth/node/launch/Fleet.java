package dev.berth.node.launch;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

// A kind of node starts when every node of the kinds before it serves, or is down while another of its kind serves;
// it is stopped when every node of the kinds after it is gone. In between each node is on its own: it dies, is
// certified as soon as its whole group is gone, rests, and starts again. Who is asked to start anew need not rest.

/** Decides what a launcher does with its nodes. One thread. */
final class Fleet implements Machine<FleetEvent, FleetAction> {

    private final FleetConfig config;
    private final RandomGenerator random;
    private final List<Vessel> vessels = new ArrayList<>();
    private long beganNanos;
    private boolean announced;
    private boolean stopping;
    private boolean finished;
    private int exitCode;

    Fleet(FleetConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        config.ships().forEach(ship -> vessels.add(new Vessel(ship)));
    }

    /** A node with its state. */
    private static final class Vessel {
        final FleetConfig.Ship ship;
        ShipState state = new ShipState.Waiting();
        Incarnation incarnation = Incarnation.NONE;
        int life;
        int quickDeaths;
        boolean restarting;
        boolean unkillable;
        long sayNanos = NEVER;
        long sayAfterNanos;

        Vessel(FleetConfig.Ship ship) {
            this.ship = ship;
        }

        String name() {
            return ship.name();
        }
    }

    @Override
    public void on(long nowNanos, FleetEvent event, Outbox<FleetAction> out) {
        switch (event) {
            case FleetEvent.Begin() -> {
                beganNanos = nowNanos;
                startNext(nowNanos, out);
            }
            case FleetEvent.Serves(var name, int life) ->
                find(name, life).forEach(vessel -> serves(vessel, nowNanos, out));
            case FleetEvent.Listed(var name, int life, var incarnation) ->
                find(name, life).forEach(vessel -> {
                    vessel.incarnation = incarnation;
                    serves(vessel, nowNanos, out);
                });
            case FleetEvent.Exited(var name, int life, var how) ->
                find(name, life).forEach(vessel -> exited(vessel, how, nowNanos, out));
            case FleetEvent.Leftover(var name, int life) -> find(name, life).forEach(vessel -> leftover(vessel, out));
            case FleetEvent.Emptied(var name, int life) ->
                find(name, life).forEach(vessel -> emptied(vessel, nowNanos, out));
            case FleetEvent.Restart(var name) ->
                vessels.stream()
                        .filter(vessel -> !stopping && vessel.name().equals(name))
                        .forEach(vessel -> restart(vessel, nowNanos, out));
            case FleetEvent.Muster() ->
                vessels.forEach(vessel -> out.add(new FleetAction.Became(vessel.name(), vessel.state, "")));
            case FleetEvent.Stop(var cause) -> stop(cause, 0, nowNanos, out);
        }
    }

    /** The node, if it is still in that life and has a process. */
    private List<Vessel> find(String name, int life) {
        return vessels.stream()
                .filter(vessel -> vessel.name().equals(name) && vessel.life == life && vessel.state.isAlive())
                .toList();
    }

    private void startNext(long nowNanos, Outbox<FleetAction> out) {
        for (var kind : NodeKind.values()) {
            var same = vessels.stream()
                    .filter(vessel -> vessel.ship.kind() == kind)
                    .toList();
            if (stopping) {
                return;
            }
            for (var vessel : same) {
                if (vessel.state instanceof ShipState.Waiting) {
                    spawn(vessel, nowNanos, out);
                }
            }
            if (!same.stream().allMatch(vessel -> vessel.state.isSettled())) {
                return;
            }
            if (!same.isEmpty() && same.stream().allMatch(vessel -> vessel.state instanceof ShipState.Down)) {
                boolean somebodyWaits = vessels.stream().anyMatch(vessel -> vessel.state instanceof ShipState.Waiting);
                if (somebodyWaits) {
                    stop("no " + kind.word() + " could be started", 1, nowNanos, out);
                }
                return;
            }
        }
    }

    private void spawn(Vessel vessel, long nowNanos, Outbox<FleetAction> out) {
        vessel.life++;
        vessel.incarnation = Incarnation.NONE;
        become(vessel, new ShipState.Starting(nowNanos), "", nowNanos, out);
        out.add(new FleetAction.Spawn(vessel.name(), vessel.life));
    }

    private void serves(Vessel vessel, long nowNanos, Outbox<FleetAction> out) {
        if (vessel.state instanceof ShipState.Starting(long since)) {
            become(vessel, new ShipState.Serving(since), " after " + Spans.seconds(nowNanos - since), nowNanos, out);
            startNext(nowNanos, out);
            announce(nowNanos, out);
        }
    }

    private void announce(long nowNanos, Outbox<FleetAction> out) {
        if (!announced && vessels.stream().allMatch(vessel -> vessel.state instanceof ShipState.Serving)) {
            announced = true;
            out.add(new FleetAction.Say(
                    "all " + vessels.size() + " serve after " + Spans.seconds(nowNanos - beganNanos)));
        }
    }

    private void exited(Vessel vessel, String how, long nowNanos, Outbox<FleetAction> out) {
        long started = started(vessel.state);
        int kills = vessel.state instanceof ShipState.Ending ending ? ending.kills() : 0;
        var ending = new ShipState.Ending(started, true, nowNanos + config.graceNanos(), kills);
        become(vessel, ending, " " + how + " after " + Spans.seconds(nowNanos - started), nowNanos, out);
    }

    private static long started(ShipState state) {
        return switch (state) {
            case ShipState.Starting(long since) -> since;
            case ShipState.Serving(long since) -> since;
            case ShipState.Ending ending -> ending.startedNanos();
            case ShipState.Waiting _, ShipState.Resting _, ShipState.Down _, ShipState.Stopped _ ->
                throw new IllegalStateException("a node that is " + state.word() + " has no process");
        };
    }

    private static void leftover(Vessel vessel, Outbox<FleetAction> out) {
        out.add(new FleetAction.Say(vessel.name()
                + " has left processes of its group behind; no certificate and no new start before they are gone"));
        out.add(new FleetAction.Terminate(vessel.name(), vessel.life));
    }

    private void emptied(Vessel vessel, long nowNanos, Outbox<FleetAction> out) {
        if (!(vessel.state instanceof ShipState.Ending ending) || !ending.exited()) {
            throw new IllegalStateException(vessel.name() + " is " + vessel.state.word() + " and cannot be empty");
        }
        if (!vessel.incarnation.isNone()) {
            out.add(new FleetAction.Certify(vessel.name(), vessel.incarnation));
        }
        if (stopping) {
            become(vessel, new ShipState.Stopped(), "", nowNanos, out);
            stopNext(nowNanos, out);
            return;
        }
        if (vessel.restarting) {
            vessel.restarting = false;
            vessel.quickDeaths = 0;
            spawn(vessel, nowNanos, out);
            return;
        }
        boolean quick = nowNanos - ending.startedNanos() < config.quickNanos();
        vessel.quickDeaths = quick ? vessel.quickDeaths + 1 : 0;
        if (vessel.quickDeaths >= config.deathsMax()) {
            var why = " died " + vessel.quickDeaths + " times in a row within " + Spans.seconds(config.quickNanos())
                    + " of its start and stays down; its last words are in " + vessel.ship.log()
                    + "; when the cause is removed, 'berth roll " + vessel.name() + "' starts it again";
            become(vessel, new ShipState.Down(), why, nowNanos, out);
            afterDown(nowNanos, out);
            return;
        }
        long delay = config.backoff().delayNanos(Math.max(1, vessel.quickDeaths), random);
        become(vessel, new ShipState.Resting(nowNanos + delay), " for " + Spans.seconds(delay), nowNanos, out);
    }

    private void restart(Vessel vessel, long nowNanos, Outbox<FleetAction> out) {
        switch (vessel.state) {
            case ShipState.Starting _, ShipState.Serving _ -> {
                vessel.restarting = true;
                end(vessel, " to be started again", nowNanos, out);
            }
            case ShipState.Ending _ -> vessel.restarting = true;
            case ShipState.Resting _, ShipState.Down _ -> {
                vessel.quickDeaths = 0;
                if (vessel.unkillable) {
                    become(vessel, vessel.state, " still has a process that cannot be killed", nowNanos, out);
                } else {
                    spawn(vessel, nowNanos, out);
                }
            }
            case ShipState.Waiting _, ShipState.Stopped _ -> {}
        }
    }

    private void end(Vessel vessel, String why, long nowNanos, Outbox<FleetAction> out) {
        var ending = new ShipState.Ending(started(vessel.state), false, nowNanos + config.graceNanos(), 0);
        become(vessel, ending, why, nowNanos, out);
        out.add(new FleetAction.Terminate(vessel.name(), vessel.life));
    }

    private void stop(String cause, int code, long nowNanos, Outbox<FleetAction> out) {
        if (stopping) {
            return;
        }
        stopping = true;
        exitCode = Math.max(exitCode, code);
        out.add(new FleetAction.Say("stopping: " + cause));
        for (var vessel : vessels) {
            if (vessel.state instanceof ShipState.Waiting || vessel.state instanceof ShipState.Resting) {
                vessel.state = new ShipState.Stopped();
            }
        }
        stopNext(nowNanos, out);
    }

    private void stopNext(long nowNanos, Outbox<FleetAction> out) {
        for (var kind : List.of(NodeKind.values()).reversed()) {
            var alive = vessels.stream()
                    .filter(vessel -> vessel.ship.kind() == kind && vessel.state.isAlive())
                    .toList();
            for (var vessel : alive) {
                if (!(vessel.state instanceof ShipState.Ending)) {
                    end(vessel, "", nowNanos, out);
                }
            }
            if (!alive.isEmpty()) {
                return;
            }
        }
        if (!finished) {
            finished = true;
            out.add(new FleetAction.Finished(exitCode));
        }
    }

    @Override
    public void advance(long nowNanos, Outbox<FleetAction> out) {
        for (var vessel : vessels) {
            if (vessel.state instanceof ShipState.Resting(long until) && nowNanos >= until) {
                spawn(vessel, nowNanos, out);
            }
            if (vessel.state instanceof ShipState.Ending ending && nowNanos >= ending.killNanos()) {
                kill(vessel, ending, nowNanos, out);
            }
            if (nowNanos >= vessel.sayNanos) {
                vessel.sayAfterNanos *= 2;
                vessel.sayNanos = nowNanos + vessel.sayAfterNanos / 2;
                out.add(new FleetAction.Say(vessel.name() + " is still " + vessel.state.word() + " after "
                        + Spans.seconds(vessel.sayAfterNanos / 2) + "; log: " + vessel.ship.log()));
            }
        }
    }

    private void kill(Vessel vessel, ShipState.Ending ending, long nowNanos, Outbox<FleetAction> out) {
        if (ending.kills() < config.killsMax()) {
            out.add(new FleetAction.Say(vessel.name() + " has not ended within " + Spans.seconds(config.graceNanos())
                    + ": SIGKILL to its group"));
            out.add(new FleetAction.Kill(vessel.name(), vessel.life));
            vessel.state = new ShipState.Ending(
                    ending.startedNanos(), ending.exited(), nowNanos + config.graceNanos(), ending.kills() + 1);
            return;
        }
        exitCode = 1;
        vessel.unkillable = true;
        become(vessel, new ShipState.Down(), " cannot be killed and is left behind", nowNanos, out);
        afterDown(nowNanos, out);
    }

    private void afterDown(long nowNanos, Outbox<FleetAction> out) {
        if (stopping) {
            stopNext(nowNanos, out);
        } else if (vessels.stream().allMatch(vessel -> vessel.state instanceof ShipState.Down)) {
            stop("nothing is left to run", 1, nowNanos, out);
        } else {
            startNext(nowNanos, out);
        }
    }

    @Override
    public long nextWakeNanos() {
        long wake = NEVER;
        for (var vessel : vessels) {
            wake = Math.min(wake, vessel.sayNanos);
            if (vessel.state instanceof ShipState.Resting(long until)) {
                wake = Math.min(wake, until);
            }
            if (vessel.state instanceof ShipState.Ending ending) {
                wake = Math.min(wake, ending.killNanos());
            }
        }
        return wake;
    }

    private void become(Vessel vessel, ShipState next, String why, long nowNanos, Outbox<FleetAction> out) {
        var change = vessel.state.word().equals(next.word()) ? "" : " " + vessel.state.word() + " -> " + next.word();
        out.add(new FleetAction.Say(vessel.name() + change + why));
        vessel.state = next;
        out.add(new FleetAction.Became(vessel.name(), next, why));
        boolean takesTime = next instanceof ShipState.Starting || next instanceof ShipState.Ending;
        vessel.sayAfterNanos = config.progressNanos();
        vessel.sayNanos = takesTime ? nowNanos + config.progressNanos() : NEVER;
    }
}
