package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Standby;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// The course of a roll under a clock that the test moves, beside a cluster on paper: what is drained, ended and started
// when, and what stops it. Actions are noted as words, lines apart.
class RollTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final List<Offer> GAME = List.of(new Offer("kv", 2, true));

    private final List<String> actions = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<RollEnd> ends = new ArrayList<>();
    private final Roadstead cluster = new Roadstead("kv", 2);
    private Roll roll = roll(Duration.ofMinutes(2), true, true);
    private long now = 50 * SECOND;

    @BeforeEach
    void twoWorkersOwnASlotEach() {
        cluster.list("game-1", 1, "kv", 2);
        cluster.list("game-2", 2, "kv", 2);
        cluster.runs("kv", 1, "game-1");
        cluster.runs("kv", 2, "game-2");
    }

    @Test
    @Tag("S3.43")
    void withoutNames_workersThenStoreThenMasters_theLeadingOneLast() {
        begin();
        rollsAWorker("game-1", 1, "game-2", 1);
        rollsAWorker("game-2", 2, "game-1", 1, 2);
        rolls("store");
        see();
        assertThat(taken()).containsExactly("restart master-2");
        restarted("master-2");
        see();
        cluster.leader = "m1";
        see();
        assertThat(taken()).containsExactly("look", "look", "restart master-1");
        restarted("master-1");
        see();
        assertThat(taken()).containsExactly("look", "finished");
        assertThat(end().isWhole()).isTrue();
        assertThat(end().turns().stream().map(RollEnd.Turn::name))
                .containsExactly("game-1", "game-2", "store", "master-2", "master-1");
    }

    @Test
    void notBegun_timeMeansNothing() {
        pass(1_000 * SECOND);
        assertThat(taken()).isEmpty();
        assertThat(roll.nextWakeNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void named_onlyThose() {
        roll = roll(Duration.ofMinutes(2), true, true, "store");
        begin();
        rolls("store");
        assertThat(taken()).isEmpty();
        assertThat(end().turns()).hasSize(1);
    }

    @Test
    void aCoordinatorThatIsAlone_onlyWhenNamed_withAWordOnWhatThatMeans() {
        roll = roll(Duration.ofMinutes(2), true, true, "coordinator");
        begin();
        see();
        assertThat(taken()).containsExactly("look", "restart coordinator");
        assertThat(lines)
                .anyMatch(line -> line.startsWith("coordinator is stopped and started; it is the only one: while it"));
    }

    @Test
    void empty_endsOnlyWhenThatBarrierHasClosed() {
        begin();
        see();
        decided();
        cluster.draining("game-1", true);
        cluster.runs("kv", 1, "game-2");
        cluster.closed = cluster.number() - 1;
        taken();
        see();
        assertThat(taken()).isEmpty();
        cluster.closed = Long.MAX_VALUE;
        see();
        assertThat(taken()).containsExactly("restart game-1");
    }

    @Test
    void back_theNextWaitsUntilItsSlotsHaveSettled() {
        begin();
        see();
        decided();
        drained("game-1", 1, "game-2");
        taken();
        restarted("game-1");
        see();
        assertThat(taken()).as("the old life is still listed").containsExactly("look");
        cluster.list("game-1", 1, "kv", 2);
        cluster.moves("kv", 1, "game-2", "game-1");
        see();
        pass(3 * SECOND);
        see();
        cluster.runs("kv", 1, "game-1");
        see();
        pass(SECOND / 2);
        see();
        assertThat(turns()).isEmpty();
        pass(SECOND / 2);
        see();
        assertThat(lines).contains("game-1 is back as n1.9 with 1 slot");
    }

    @Test
    void back_withNothingToGain_standsBy() {
        begin();
        see();
        decided();
        drained("game-1", 1, "game-2");
        cluster.gone("game-1");
        restarted("game-1");
        see();
        pass(2 * SECOND);
        see();
        assertThat(lines).noneMatch(line -> line.contains("stands by"));
        taken();
        pass(SECOND);
        see();
        assertThat(lines).anyMatch(line -> line.startsWith("game-1 is back and stands by"));
        see();
        assertThat(taken()).as("whoever stands by can take its slots").contains("drain n2");
    }

    @Test
    void dies_whileDrained_stopsTheRoll_andEndsTheDrain() {
        begin();
        see();
        decided();
        taken();
        on(new RollEvent.Became("game-1", new ShipState.Ending(0, true, 0, 0), " ended with code 137"));
        assertThat(taken()).containsExactly("undrain n1", "finished");
        assertThat(end().failed()).isEqualTo("game-1");
        assertThat(end().cause()).contains("became ENDING ended with code 137 while it was drained");
        assertThat(end().untouched()).containsExactly("game-2", "store", "master-1", "master-2");
    }

    @Test
    void expelled_whileDrained_stopsTheRoll() {
        begin();
        see();
        decided();
        cluster.gone("game-1");
        see();
        assertThat(end().cause()).contains("it was lost while it was drained");
    }

    @Test
    void somebodyEndsTheDrain_stopsTheRoll() {
        begin();
        see();
        decided();
        see();
        assertThat(end().cause()).contains("somebody has ended its drain");
    }

    @Test
    void nobodyElseCanOwnItsSlots_isSaidAtOnce_andNothingIsTouched() {
        cluster.list("game-2", 2, "kv", 1);
        cluster.runs("kv", 2, "game-2");
        begin();
        see();
        assertThat(taken()).containsExactly("look", "finished");
        assertThat(end().failed()).isEqualTo("game-1");
        assertThat(end().cause())
                .contains("it owns 1 of the slots of kv, and all other nodes together have room for 0", "--no-drain");
        assertThat(end().untouched()).startsWith("game-1", "game-2");
    }

    @Test
    void whoStandsByElsewhere_andIsKnownToTheMasterOnly_canOwnItsSlots() {
        cluster.list("game-2", 2, "kv", 1);
        cluster.runs("kv", 2, "game-2");
        cluster.standing.add(new Standby("of-another-machine", List.of(new Offer("kv", 1, true))));
        begin();
        see();
        assertThat(taken()).containsExactly("look", "drain n1");
    }

    @Test
    void whoIsSilentOrDrained_countsForNothing() {
        cluster.list("game-3", 3, "kv", 1);
        cluster.draining("game-2", true);
        cluster.draining("game-3", true);
        begin();
        see();
        assertThat(end().cause()).contains("room for 0");
    }

    @Test
    void undrained_whenToldSo() {
        roll = roll(Duration.ofMinutes(2), false, true, "game-1");
        begin();
        see();
        assertThat(taken()).containsExactly("look", "restart game-1");
    }

    @Test
    void masterRefusesTheDrain_stopsTheRoll() {
        begin();
        see();
        on(new RollEvent.Decided(false, "view 9 lists no node n1"));
        assertThat(end().cause()).contains("the master refuses to drain it: view 9 lists no node n1");
    }

    @Test
    void drainUnanswered_isAskedAgain() {
        begin();
        see();
        assertThat(taken()).containsExactly("look", "drain n1");
        on(new RollEvent.Unseen("nobody"));
        pass(SECOND / 10);
        assertThat(taken()).containsExactly("drain n1");
    }

    @Test
    void drainTakesTooLong_isEnded_andSaidWhatIsInTheWay() {
        begin();
        see();
        decided();
        cluster.draining("game-1", true);
        cluster.moves("kv", 1, "game-1", "game-2");
        see();
        taken();
        for (int i = 0; i < 120; i++) {
            pass(SECOND);
            see();
        }
        assertThat(taken()).endsWith("undrain n1", "finished");
        assertThat(end().cause()).contains("game-1 is still being drained after 120.0 s: kv/1 DRAINING");
        assertThat(lines).anyMatch(line -> line.startsWith("game-1 is still being drained after 2.0 s: kv/1 DRAINING"));
        assertThat(lines).anyMatch(line -> line.startsWith("game-1 is still being drained after 64.0 s"));
    }

    @Test
    void newProcessDies_stopsTheRoll_andSaysTheWayBack() {
        begin();
        see();
        decided();
        drained("game-1", 1, "game-2");
        on(new RollEvent.Became("game-1", new ShipState.Ending(0, false, 0, 0), ""));
        on(new RollEvent.Became("game-1", new ShipState.Starting(0), ""));
        on(new RollEvent.Became("game-1", new ShipState.Ending(0, true, 0, 0), " ended with code 3 saying 'no'"));
        assertThat(end().failed()).isEqualTo("game-1");
        assertThat(end().cause())
                .contains("does not come back: became ENDING ended with code 3 saying 'no'", "berth roll game-1 --jar");
        assertThat(end().untouched()).containsExactly("game-2", "store", "master-1", "master-2");
    }

    @Test
    void newProcessNeverServes_stopsTheRollInTheEnd() {
        begin();
        see();
        decided();
        drained("game-1", 1, "game-2");
        on(new RollEvent.Became("game-1", new ShipState.Ending(0, false, 0, 0), ""));
        on(new RollEvent.Became("game-1", new ShipState.Starting(0), ""));
        pass(119 * SECOND);
        assertThat(ends).isEmpty();
        pass(SECOND);
        assertThat(end().cause()).contains("game-1 is still starting after 120.0 s: its log is logs/game-1.log");
    }

    @Test
    void diesWhileItGetsItsSlots_stopsTheRoll() {
        begin();
        see();
        decided();
        drained("game-1", 1, "game-2");
        restarted("game-1");
        on(new RollEvent.Became("game-1", new ShipState.Ending(0, true, 0, 0), " ended with code 1"));
        assertThat(end().cause()).contains("it became ENDING ended with code 1");
    }

    @Test
    void launcherStops_inTheMiddle_endsTheRoll() {
        begin();
        see();
        decided();
        taken();
        on(new RollEvent.Sinking());
        assertThat(taken()).containsExactly("undrain n1", "finished");
        assertThat(end().cause()).contains("the launcher stops");
        on(new RollEvent.Became("game-1", new ShipState.Stopped(), ""));
        pass(1_000 * SECOND);
        assertThat(taken()).isEmpty();
        assertThat(roll.nextWakeNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoAskedGoes_whileDraining_theDrainEnds() {
        begin();
        see();
        decided();
        taken();
        on(new RollEvent.Abandoned("gone"));
        assertThat(taken()).containsExactly("undrain n1", "finished");
    }

    @Test
    void whoAskedGoes_whileANodeIsAway_thatOneIsBroughtBack() {
        begin();
        see();
        decided();
        drained("game-1", 1, "game-2");
        on(new RollEvent.Abandoned("gone"));
        restarted("game-1");
        cluster.list("game-1", 1, "kv", 2);
        see();
        pass(SECOND);
        see();
        assertThat(end().turns()).hasSize(1);
        assertThat(end().failed()).isEmpty();
        assertThat(end().cause()).isEqualTo("gone");
        assertThat(end().untouched()).containsExactly("game-2", "store", "master-1", "master-2");
    }

    @Test
    void anotherNodeIsAway_waits_andWhenItIsDown_stops() {
        begin();
        on(new RollEvent.Became("store", new ShipState.Resting(0), ""));
        see();
        assertThat(taken()).containsExactly("look");
        pass(SECOND / 10);
        assertThat(taken()).containsExactly("look");
        on(new RollEvent.Became("store", new ShipState.Down(), ""));
        see();
        assertThat(end().cause()).contains("store is DOWN", "berth roll store starts it again");
        assertThat(end().untouched()).contains("game-1");
    }

    @Test
    void aSilentMember_isWaitedFor() {
        cluster.silent("game-2");
        begin();
        see();
        pass(2 * SECOND);
        assertThat(lines).anyMatch(line -> line.contains("game-2 is silent, and never are two away at a time"));
        assertThat(ends).isEmpty();
    }

    @Test
    void whatDoesNotServe_goesFirst_andNobodyIsAsked() {
        on(new RollEvent.Begin());
        for (var name : List.of("coordinator", "master-1", "master-2", "store", "game-1")) {
            on(new RollEvent.Became(name, new ShipState.Serving(0), ""));
        }
        on(new RollEvent.Became("game-2", new ShipState.Down(), ""));
        assertThat(taken()).containsExactly("muster", "restart game-2");
    }

    @Test
    void noMasterAnswers_stopsTheRollInTheEnd() {
        begin();
        for (int i = 0; i < 120; i++) {
            on(new RollEvent.Unseen("0 of 2 are connected"));
            pass(SECOND);
        }
        assertThat(end().cause()).contains("the next node waits after 120.0 s: 0 of 2 are connected");
    }

    @Test
    void jarCannotBeKept_stopsTheRoll() {
        roll = roll(Duration.ofMinutes(2), false, true, "game-1", "game-2");
        begin();
        see();
        on(new RollEvent.Unequipped("disk full"));
        assertThat(end().cause()).contains("disk full", "it runs on with the old one");
        assertThat(end().untouched()).containsExactly("game-2");
    }

    @Test
    void withoutMasters_oneAfterTheOther() {
        roll = roll(Duration.ofMinutes(2), true, false, "game-1", "game-2");
        begin();
        assertThat(taken()).containsExactly("restart game-1");
        restarted("game-1");
        assertThat(taken()).containsExactly("restart game-2");
        restarted("game-2");
        assertThat(taken()).containsExactly("finished");
    }

    /** Whatever comes in whatever order: never are two away, it ends, and after its end it does nothing. */
    @RepeatedTest(200)
    void anyOrderOfEvents(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var names = List.of("coordinator", "master-1", "master-2", "store", "game-1", "game-2");
        var states = new TreeMap<String, ShipState>();
        names.forEach(name -> states.put(name, new ShipState.Serving(0)));
        begin();
        int away = 0;
        for (int i = 0; i < 2_000; i++) {
            var name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(12)) {
                case 0 -> on(new RollEvent.Became(name, states.getOrDefault(name, new ShipState.Waiting()), ""));
                case 1 -> on(new RollEvent.Decided(random.nextInt(8) > 0, "no"));
                case 2 -> on(new RollEvent.Unseen("nobody"));
                case 3 -> cluster.draining("game-1", random.nextBoolean());
                case 4 -> cluster.runs("kv", 1, random.nextBoolean() ? "game-1" : "game-2");
                case 5 -> cluster.list("game-1", 1, "kv", 2);
                case 6 -> cluster.list("game-2", 2, "kv", 2);
                case 7 -> {
                    if (random.nextInt(200) == 0) {
                        on(random.nextBoolean() ? new RollEvent.Abandoned("gone") : new RollEvent.Sinking());
                    }
                }
                case 8 -> pass(random.nextLong(SECOND));
                default -> see();
            }
            for (var action : taken()) {
                if (action.startsWith("restart ")) {
                    assertThat(ends).isEmpty();
                    var gone = action.substring(8);
                    assertThat(states.values()).allMatch(state -> state instanceof ShipState.Serving);
                    states.put(gone, new ShipState.Starting(0));
                    on(new RollEvent.Became(gone, new ShipState.Ending(0, false, 0, 0), ""));
                    on(new RollEvent.Became(gone, states.get(gone), ""));
                    away++;
                }
            }
            if (random.nextInt(20) == 0) {
                states.replaceAll((each, state) -> new ShipState.Serving(0));
                states.forEach((each, state) -> on(new RollEvent.Became(each, state, "")));
            }
        }
        pass(1_000 * SECOND);
        assertThat(ends).hasSize(1);
        assertThat(away).isEqualTo(end().turns().size() + (away > end().turns().size() ? 1 : 0));
        taken();
        see();
        pass(1_000 * SECOND);
        assertThat(taken()).isEmpty();
    }

    // ---- How a roll is driven

    private static Roll roll(Duration within, boolean drains, boolean masters, String... names) {
        var hands = List.of(
                new RollConfig.Hand("coordinator", NodeKind.COORDINATOR, "", "logs/coordinator.log", List.of()),
                new RollConfig.Hand("master-1", NodeKind.MASTER, "m1", "logs/master-1.log", List.of()),
                new RollConfig.Hand("master-2", NodeKind.MASTER, "m2", "logs/master-2.log", List.of()),
                new RollConfig.Hand("store", NodeKind.STORE, "", "logs/store.log", List.of()),
                new RollConfig.Hand("game-1", NodeKind.WORKER, "", "logs/game-1.log", GAME),
                new RollConfig.Hand("game-2", NodeKind.WORKER, "", "logs/game-2.log", GAME));
        return new Roll(RollConfig.of(hands, new RollOrder(List.of(names), null, false, drains, within), masters));
    }

    private void begin() {
        on(new RollEvent.Begin());
        for (var name : List.of("coordinator", "master-1", "master-2", "store", "game-1", "game-2")) {
            on(new RollEvent.Became(name, new ShipState.Serving(0), ""));
        }
        actions.remove("muster");
    }

    private void rollsAWorker(String name, int id, String other, int... slots) {
        see();
        decided();
        assertThat(taken()).contains("drain n" + id);
        cluster.draining(name, true);
        for (int slot : slots) {
            cluster.runs("kv", slot, other);
        }
        see();
        assertThat(taken()).contains("restart " + name);
        restarted(name);
        cluster.list(name, id, "kv", 2);
        see();
        pass(SECOND);
        see();
    }

    private void rolls(String name) {
        see();
        assertThat(taken()).contains("restart " + name);
        restarted(name);
        see();
        assertThat(taken()).startsWith("look");
    }

    private void drained(String name, int slot, String other) {
        cluster.draining(name, true);
        cluster.runs("kv", slot, other);
        see();
    }

    private void restarted(String name) {
        on(new RollEvent.Became(name, new ShipState.Ending(0, false, 0, 0), ""));
        on(new RollEvent.Became(name, new ShipState.Starting(0), ""));
        on(new RollEvent.Became(name, new ShipState.Serving(0), ""));
    }

    private void see() {
        on(new RollEvent.Seen(cluster.status()));
    }

    private void decided() {
        on(new RollEvent.Decided(true, ""));
    }

    private List<RollEnd.Turn> turns() {
        return ends.isEmpty() ? List.of() : end().turns();
    }

    private RollEnd end() {
        assertThat(ends).hasSize(1);
        return ends.getFirst();
    }

    private void on(RollEvent event) {
        roll.on(now, event, this::note);
    }

    private void pass(long nanos) {
        now += nanos;
        roll.advance(now, this::note);
    }

    private List<String> taken() {
        var taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }

    private void note(RollAction action) {
        switch (action) {
            case RollAction.Muster() -> actions.add("muster");
            case RollAction.Look() -> actions.add("look");
            case RollAction.Drain(var node, boolean on) -> actions.add((on ? "drain " : "undrain ") + node);
            case RollAction.Restart(var name) -> actions.add("restart " + name);
            case RollAction.Say(var line) -> lines.add(line);
            case RollAction.Finished(var end) -> {
                actions.add("finished");
                ends.add(end);
            }
        }
    }
}
