package dev.berth.node.launch;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Offer;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

// One node at a time: its slots move away, it ends, it starts, it gets slots again, and only then the next. What is
// not as it should be ends the roll, and the nodes that have not had their turn run on as before. A node that does not
// serve has nothing to lose: it goes first, and nobody is asked for leave.

/** Decides the course of a roll. One thread. */
final class Roll implements Machine<RollEvent, RollAction> {
    /** Who has not been listed after so many quiet times, though it serves, and offers to stand by, does so. */
    private static final int STANDBY_QUIETS = 3;

    private final RollConfig config;
    private final List<RollConfig.Hand> remaining = new ArrayList<>();
    private final List<RollEnd.Turn> turns = new ArrayList<>();
    private final Map<String, ShipState> ships = new TreeMap<>();
    private RollStep step = new RollStep.Mustering();
    private String abandoned = "";
    private String hindrance = "";
    private List<Offer> offered = List.of();
    private long beganNanos;
    private long stepNanos;
    private long sayNanos = NEVER;
    private long lookNanos = NEVER;
    private long deadlineNanos = NEVER;

    Roll(RollConfig config) {
        this.config = config;
        long coordinators = config.hands().stream()
                .filter(hand -> hand.kind() == NodeKind.COORDINATOR)
                .count();
        for (var kind :
                List.of(NodeKind.COMMAND, NodeKind.WORKER, NodeKind.STORE, NodeKind.COORDINATOR, NodeKind.MASTER)) {
            for (var hand : config.hands()) {
                boolean wanted = config.wanted().isEmpty()
                        ? kind != NodeKind.COORDINATOR || coordinators > 1
                        : config.wanted().contains(hand.name());
                if (hand.kind() == kind && wanted) {
                    remaining.add(hand);
                }
            }
        }
    }

    @Override
    public void on(long nowNanos, RollEvent event, Outbox<RollAction> out) {
        if (step instanceof RollStep.Over) {
            return;
        }
        switch (event) {
            case RollEvent.Begin() -> {
                beganNanos = nowNanos;
                enter(new RollStep.Mustering(), nowNanos);
                out.add(new RollAction.Muster());
            }
            case RollEvent.Became(var name, var state, var why) -> became(name, state, why, nowNanos, out);
            case RollEvent.Seen(var status) -> seen(Waters.of(status), nowNanos, out);
            case RollEvent.Unseen(var cause) -> {
                hindrance = cause;
                lookNanos = nowNanos + config.lookNanos();
            }
            case RollEvent.Decided(boolean accepted, var reason) -> decided(accepted, reason, nowNanos, out);
            case RollEvent.Unequipped(var cause) ->
                fail("its new jar could not be kept: " + cause + "; it runs on with the old one", nowNanos, out);
            case RollEvent.Abandoned(var cause) -> {
                abandoned = cause;
                if (step instanceof RollStep.Choosing || step instanceof RollStep.Draining) {
                    fail(cause, nowNanos, out);
                }
            }
            case RollEvent.Sinking() ->
                fail("the launcher stops; after the next berth up, roll what is left", nowNanos, out);
        }
    }

    // ---- Who is next

    private void choose(long nowNanos, Outbox<RollAction> out) {
        hindrance = "";
        offered = List.of();
        enter(new RollStep.Choosing(), nowNanos);
        if (remaining.isEmpty()) {
            finish("", "", nowNanos, out);
            return;
        }
        if (!abandoned.isEmpty()) {
            fail(abandoned, nowNanos, out);
            return;
        }
        // Of each kind first what does not serve.
        var kind = remaining.getFirst().kind();
        var idle = remaining.stream()
                .filter(hand -> hand.kind() == kind && !serves(hand.name()))
                .findFirst();
        if (idle.isPresent()) {
            takeAway(idle.get(), Incarnation.NONE, 0, nowNanos, out);
        } else if (config.masters()) {
            look(out);
        } else {
            takeAway(remaining.getFirst(), Incarnation.NONE, 0, nowNanos, out);
        }
    }

    private boolean serves(String name) {
        return ships.get(name) instanceof ShipState.Serving;
    }

    private void seen(Waters waters, long nowNanos, Outbox<RollAction> out) {
        lookNanos = nowNanos + config.lookNanos();
        hindrance = "";
        switch (step) {
            case RollStep.Mustering _, RollStep.Away _, RollStep.Over _ -> lookNanos = NEVER;
            case RollStep.Choosing _ -> judge(next(waters.status().leader()), waters, nowNanos, out);
            case RollStep.Draining draining -> drains(draining, waters, nowNanos, out);
            case RollStep.Returning returning -> returns(returning, waters, nowNanos, out);
        }
    }

    /** The leading master is the last of the masters. */
    private RollConfig.Hand next(String leader) {
        var first = remaining.getFirst();
        return remaining.stream()
                .filter(hand -> hand.kind() == first.kind())
                .filter(hand -> hand.kind() != NodeKind.MASTER || !hand.master().equals(leader))
                .findFirst()
                .orElse(first);
    }

    private void judge(RollConfig.Hand hand, Waters waters, long nowNanos, Outbox<RollAction> out) {
        for (var other : config.hands()) {
            var state = ships.get(other.name());
            if (!other.equals(hand) && !(state instanceof ShipState.Serving)) {
                hindrance = other.name() + " is " + (state == null ? "unknown" : state.word())
                        + ", and never are two away at a time; its log is " + other.log();
                if (state instanceof ShipState.Down) {
                    fail(hand, hindrance + "; berth roll " + other.name() + " starts it again", nowNanos, out);
                }
                return;
            }
        }
        var suspected = waters.suspected();
        if (!suspected.isEmpty()) {
            hindrance = String.join(", ", suspected) + " is silent, and never are two away at a time";
            return;
        }
        var listed = waters.member(hand.name());
        if (listed.isEmpty()) {
            if (hand.kind() == NodeKind.WORKER) {
                out.add(new RollAction.Say(hand.name() + " is not listed: there is nothing to drain"));
            }
            takeAway(hand, Incarnation.NONE, 0, nowNanos, out);
            return;
        }
        var life = listed.get().incarnation();
        offered = listed.get().offers();
        if (!config.drains() || listed.get().offers().isEmpty()) {
            takeAway(hand, life, 0, nowNanos, out);
            return;
        }
        var stranded = waters.stranded(listed.get(), standing(waters));
        if (stranded.isPresent()) {
            fail(
                    hand,
                    "it cannot be drained: " + stranded.get() + "; start another node that offers some, or say"
                            + " --no-drain and their callers wait while it is away",
                    nowNanos,
                    out);
            return;
        }
        enter(new RollStep.Draining(hand, life, false, 0), nowNanos);
        out.add(new RollAction.Say(hand.name() + " is drained of " + units(waters.held(life))));
        out.add(new RollAction.Drain(life.node(), true));
    }

    /** What those offer who stand by: nodes of this launcher that serve and are not listed, and whom the master knows. */
    private List<Offer> standing(Waters waters) {
        var own = config.hands().stream()
                .filter(hand ->
                        serves(hand.name()) && waters.member(hand.name()).isEmpty())
                .flatMap(hand -> hand.offers().stream());
        var names = config.hands().stream().map(RollConfig.Hand::name).toList();
        var elsewhere = waters.status().standing().stream()
                .filter(one -> !names.contains(one.name()))
                .flatMap(one -> one.offers().stream());
        return Stream.concat(own, elsewhere).filter(Offer::standby).toList();
    }

    private static String units(int held) {
        return held == 0 ? "nothing" : held == 1 ? "1 slot" : held + " slots";
    }

    // ---- Its slots move away

    private void decided(boolean accepted, String reason, long nowNanos, Outbox<RollAction> out) {
        if (step instanceof RollStep.Draining(var hand, var life, boolean agreed, long emptySince) && !agreed) {
            if (accepted) {
                step = new RollStep.Draining(hand, life, true, emptySince);
                look(out);
            } else {
                fail("the master refuses to drain it: " + reason, nowNanos, out);
            }
        }
    }

    private void drains(RollStep.Draining draining, Waters waters, long nowNanos, Outbox<RollAction> out) {
        var hand = draining.hand();
        var listed = waters.member(hand.name());
        if (listed.isEmpty() || !waters.view().lists(draining.life())) {
            fail(
                    "it was lost while it was drained; the launcher starts it again as it was, its log is "
                            + hand.log(),
                    nowNanos,
                    out);
            return;
        }
        if (!listed.get().draining()) {
            fail("somebody has ended its drain", nowNanos, out);
            return;
        }
        boolean empty = waters.held(draining.life()) == 0;
        long since = !empty ? 0 : draining.emptySince() == 0 ? waters.view().number() : draining.emptySince();
        step = new RollStep.Draining(hand, draining.life(), true, since);
        // When that barrier has closed nobody believes any more that it owns something.
        if (empty && waters.status().isClosed(since)) {
            takeAway(hand, draining.life(), nowNanos - stepNanos, nowNanos, out);
        } else {
            hindrance = waters.moving(listed.get().offers())
                    .orElseGet(() -> waters.stranded(listed.get(), standing(waters))
                            .orElse("it owns " + units(waters.held(draining.life()))));
        }
    }

    // ---- It ends and starts

    private void takeAway(
            RollConfig.Hand hand, Incarnation before, long drainNanos, long nowNanos, Outbox<RollAction> out) {
        boolean alone = config.hands().stream()
                        .filter(each -> each.kind() == hand.kind())
                        .count()
                == 1;
        var word = switch (hand.kind()) {
            case COORDINATOR ->
                alone
                        ? "; it is the only one: while it is away no master leads and nothing can move, and members"
                                + " suspend when their leases end, until it is back"
                        : "";
            case MASTER -> alone ? "; it is the only one here: while it is away nothing can move" : "";
            case STORE -> alone ? "; it is the only one: whoever writes waits until it is back" : "";
            case WORKER, COMMAND -> "";
        };
        out.add(new RollAction.Say(hand.name() + " is stopped and started" + word));
        enter(new RollStep.Away(hand, before, drainNanos, false), nowNanos);
        out.add(new RollAction.Restart(hand.name()));
    }

    private void became(String name, ShipState state, String why, long nowNanos, Outbox<RollAction> out) {
        ships.put(name, state);
        switch (step) {
            case RollStep.Mustering _ -> {
                if (ships.size() == config.hands().size()) {
                    choose(nowNanos, out);
                }
            }
            case RollStep.Draining draining -> {
                var hand = draining.hand();
                if (hand.name().equals(name) && !(state instanceof ShipState.Serving)) {
                    fail(
                            "it became " + state.word() + why
                                    + " while it was drained; the launcher starts it again as it" + " was, its log is "
                                    + hand.log(),
                            nowNanos,
                            out);
                }
            }
            case RollStep.Away away -> {
                if (away.hand().name().equals(name)) {
                    away(away, state, why, nowNanos, out);
                }
            }
            case RollStep.Returning returning -> {
                if (returning.hand().name().equals(name) && !(state instanceof ShipState.Serving)) {
                    fail("it " + gone(state, why, returning.hand()), nowNanos, out);
                }
            }
            case RollStep.Choosing _, RollStep.Over _ -> {}
        }
    }

    private void away(RollStep.Away away, ShipState state, String why, long nowNanos, Outbox<RollAction> out) {
        switch (state) {
            case ShipState.Starting _ -> {
                step = new RollStep.Away(away.hand(), away.before(), away.drainNanos(), true);
                hindrance = "its log is " + away.hand().log();
            }
            case ShipState.Serving _ -> {
                if (away.restarted()) {
                    back(away, nowNanos, out);
                }
            }
            case ShipState.Ending _, ShipState.Resting _ -> {
                if (away.restarted()) {
                    fail("it does not come back: " + gone(state, why, away.hand()), nowNanos, out);
                }
            }
            case ShipState.Down _, ShipState.Stopped _ ->
                fail("it does not come back: " + gone(state, why, away.hand()), nowNanos, out);
            case ShipState.Waiting _ -> {}
        }
    }

    private static String gone(ShipState state, String why, RollConfig.Hand hand) {
        return "became " + state.word() + why + "; its log is " + hand.log()
                + "; the launcher tries on, and berth roll " + hand.name()
                + " --jar OTHER gives it another jar, --no-jar"
                + " what the cluster file says";
    }

    // ---- It is back

    private void back(RollStep.Away away, long nowNanos, Outbox<RollAction> out) {
        long awayNanos = nowNanos - stepNanos;
        var returning = new RollStep.Returning(away.hand(), away.before(), away.drainNanos(), awayNanos, -1, nowNanos);
        enter(returning, nowNanos);
        if (config.masters()) {
            hindrance = "no master has answered yet";
            look(out);
        } else {
            turn(returning, nowNanos, out);
        }
    }

    private void returns(RollStep.Returning returning, Waters waters, long nowNanos, Outbox<RollAction> out) {
        var listed = waters.member(returning.hand().name());
        if (!returning.before().isNone()) {
            if (listed.isEmpty() || listed.get().incarnation().equals(returning.before())) {
                unlisted(returning, waters, nowNanos, out);
                return;
            }
            if (listed.get().draining()) {
                hindrance = "somebody drains it again";
                return;
            }
        }
        if (listed.isEmpty()) {
            turn(returning, nowNanos, out);
            return;
        }
        int held = waters.held(listed.get().incarnation());
        var moving = waters.moving(listed.get().offers());
        if (held != returning.held() || moving.isPresent()) {
            step = new RollStep.Returning(
                    returning.hand(),
                    returning.before(),
                    returning.drainNanos(),
                    returning.awayNanos(),
                    held,
                    nowNanos);
            hindrance = moving.orElse("");
        } else if (listed.get().offers().isEmpty() || nowNanos - returning.heldNanos() >= config.quietNanos()) {
            out.add(new RollAction.Say(
                    returning.hand().name() + " is back as " + listed.get().incarnation() + " with " + units(held)));
            turn(returning, nowNanos, out);
        }
    }

    private void unlisted(RollStep.Returning returning, Waters waters, long nowNanos, Outbox<RollAction> out) {
        hindrance = "no view lists it yet; its log is " + returning.hand().log();
        if (nowNanos - stepNanos >= STANDBY_QUIETS * config.quietNanos() && waters.standsBy(offered)) {
            out.add(new RollAction.Say(
                    returning.hand().name() + " is back and stands by: every slot that it offers to own is owned"));
            turn(returning, nowNanos, out);
        }
    }

    private void turn(RollStep.Returning returning, long nowNanos, Outbox<RollAction> out) {
        turns.add(new RollEnd.Turn(
                returning.hand().name(), returning.drainNanos(), returning.awayNanos(), nowNanos - stepNanos));
        remaining.remove(returning.hand());
        choose(nowNanos, out);
    }

    // ---- The end

    private Optional<RollConfig.Hand> atHand() {
        return switch (step) {
            case RollStep.Mustering _, RollStep.Choosing _, RollStep.Over _ -> Optional.empty();
            case RollStep.Draining draining -> Optional.of(draining.hand());
            case RollStep.Away away -> Optional.of(away.hand());
            case RollStep.Returning returning -> Optional.of(returning.hand());
        };
    }

    private void fail(String cause, long nowNanos, Outbox<RollAction> out) {
        var hand = atHand();
        if (step instanceof RollStep.Draining draining) {
            out.add(new RollAction.Drain(draining.life().node(), false));
        }
        hand.ifPresent(remaining::remove);
        finish(hand.map(RollConfig.Hand::name).orElse(""), cause, nowNanos, out);
    }

    /** Before it has been touched. */
    private void fail(RollConfig.Hand hand, String cause, long nowNanos, Outbox<RollAction> out) {
        finish(hand.name(), cause, nowNanos, out);
    }

    private void finish(String failed, String cause, long nowNanos, Outbox<RollAction> out) {
        step = new RollStep.Over();
        sayNanos = NEVER;
        lookNanos = NEVER;
        var untouched = remaining.stream().map(RollConfig.Hand::name).toList();
        out.add(new RollAction.Finished(new RollEnd(turns, failed, cause, untouched, nowNanos - beganNanos)));
    }

    // ---- Time

    private void enter(RollStep next, long nowNanos) {
        step = next;
        stepNanos = nowNanos;
        lookNanos = NEVER;
        deadlineNanos = nowNanos + config.stepNanos();
        sayNanos = nowNanos + config.progressNanos();
    }

    private void look(Outbox<RollAction> out) {
        lookNanos = NEVER;
        out.add(new RollAction.Look());
    }

    @Override
    public void advance(long nowNanos, Outbox<RollAction> out) {
        if (step instanceof RollStep.Over) {
            return;
        }
        if (nowNanos >= deadlineNanos) {
            fail(
                    step.doing() + " after " + Spans.seconds(nowNanos - stepNanos)
                            + (hindrance.isEmpty() ? "" : ": " + hindrance)
                            + "; berth status shows the cluster, --within allows"
                            + " more time",
                    nowNanos,
                    out);
            return;
        }
        if (nowNanos >= lookNanos) {
            lookNanos = NEVER;
            if (step instanceof RollStep.Draining draining && !draining.agreed()) {
                out.add(new RollAction.Drain(draining.life().node(), true));
            } else {
                out.add(new RollAction.Look());
            }
        }
        if (nowNanos >= sayNanos) {
            long passed = nowNanos - stepNanos;
            sayNanos = nowNanos + passed;
            out.add(new RollAction.Say(
                    step.doing() + " after " + Spans.seconds(passed) + (hindrance.isEmpty() ? "" : ": " + hindrance)));
        }
    }

    @Override
    public long nextWakeNanos() {
        return step instanceof RollStep.Over ? NEVER : Math.min(Math.min(sayNanos, lookNanos), deadlineNanos);
    }
}
