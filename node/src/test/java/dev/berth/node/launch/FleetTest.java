package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.machine.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

// The launcher's decisions under a clock that the test moves: what is started when, what is stopped when, what is
// certified when. Actions but lines are noted as words; lines are looked at where they matter.
class FleetTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Incarnation LIFE = new Incarnation(new NodeId(4), 17);

    private final List<String> actions = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private Fleet fleet = fleet("coordinator", "master-1", "master-2", "store", "game");
    private long now = 100 * SECOND;

    @Test
    void kinds_startInOrder_eachWhenTheOneBeforeServes() {
        on(new FleetEvent.Begin());
        assertThat(taken()).containsExactly("spawn coordinator 1");
        serves("coordinator", 1);
        assertThat(taken()).containsExactly("spawn master-1 1", "spawn master-2 1");
        serves("master-1", 1);
        assertThat(taken()).isEmpty();
        serves("master-2", 1);
        assertThat(taken()).containsExactly("spawn store 1");
        serves("store", 1);
        assertThat(taken()).containsExactly("spawn game 1");
        serves("game", 1);
        assertThat(lines).contains("game STARTING -> SERVING after 0.0 s", "all 5 serve after 0.0 s");
    }

    @Test
    void kinds_stopInReverse_eachWhenTheOneAfterIsGone() {
        allServe();
        on(new FleetEvent.Stop("SIGTERM"));
        assertThat(taken()).containsExactly("terminate game");
        ends("game", 1);
        assertThat(taken()).containsExactly("terminate store");
        ends("store", 1);
        assertThat(taken()).containsExactly("terminate master-1", "terminate master-2");
        ends("master-2", 1);
        assertThat(taken()).isEmpty();
        ends("master-1", 1);
        assertThat(taken()).containsExactly("terminate coordinator");
        ends("coordinator", 1);
        assertThat(taken()).containsExactly("finished 0");
    }

    @Test
    void stop_whileStarting_startsNothingMore() {
        on(new FleetEvent.Begin());
        serves("coordinator", 1);
        taken();
        on(new FleetEvent.Stop("SIGINT"));
        assertThat(taken()).containsExactly("terminate master-1", "terminate master-2");
        serves("master-1", 1);
        ends("master-1", 1);
        ends("master-2", 1);
        assertThat(taken()).containsExactly("terminate coordinator");
    }

    @Test
    void whoDoesNotEnd_isKilled_andInTheEndLeftBehind() {
        fleet = fleet("game");
        on(new FleetEvent.Begin());
        on(new FleetEvent.Stop("SIGTERM"));
        assertThat(taken()).containsExactly("spawn game 1", "terminate game");
        pass(9 * SECOND);
        assertThat(taken()).isEmpty();
        for (int i = 0; i < 5; i++) {
            pass(10 * SECOND);
            assertThat(taken()).containsExactly("kill game");
        }
        pass(10 * SECOND);
        assertThat(taken()).containsExactly("finished 1");
        assertThat(lines).contains("game ENDING -> DOWN cannot be killed and is left behind");
    }

    @Test
    void death_isCertifiedAtOnce_andAfterARestTheNodeIsStartedAgain() {
        allServe();
        on(new FleetEvent.Listed("game", 1, LIFE));
        pass(60 * SECOND);
        on(new FleetEvent.Exited("game", 1, "exit code 137"));
        assertThat(taken()).isEmpty();
        on(new FleetEvent.Emptied("game", 1));
        assertThat(taken()).containsExactly("certify game n4.17");
        pass(SECOND / 10);
        assertThat(taken()).containsExactly("spawn game 2");
        assertThat(lines).contains("game SERVING -> ENDING exit code 137 after 60.0 s");
    }

    @Test
    void death_withoutAnIncarnation_orInALaterLife_isNotCertified() {
        allServe();
        on(new FleetEvent.Listed("game", 1, LIFE));
        ends("game", 1);
        assertThat(taken()).containsExactly("certify game n4.17");
        pass(SECOND);
        on(new FleetEvent.Listed("game", 1, LIFE));
        ends("game", 2);
        assertThat(taken()).containsExactly("spawn game 2");
    }

    @Test
    void groupThatLivesOn_isAskedThenKilled_andNotCertifiedBefore() {
        allServe();
        on(new FleetEvent.Listed("game", 1, LIFE));
        on(new FleetEvent.Exited("game", 1, "exit code 1"));
        on(new FleetEvent.Leftover("game", 1));
        assertThat(taken()).containsExactly("terminate game");
        pass(10 * SECOND);
        assertThat(taken()).containsExactly("kill game");
        on(new FleetEvent.Emptied("game", 1));
        assertThat(taken()).containsExactly("certify game n4.17");
    }

    @Test
    void quickDeathsInARow_areLimited_andALongLifeForgetsThem() {
        allServe();
        for (int life = 1; life <= 4; life++) {
            ends("game", life);
            pass(10 * SECOND);
            assertThat(taken()).containsExactly("spawn game " + (life + 1));
        }
        serves("game", 5);
        pass(10 * SECOND);
        ends("game", 5);
        pass(10 * SECOND);
        assertThat(taken()).containsExactly("spawn game 6");
        for (int life = 6; life <= 10; life++) {
            ends("game", life);
            pass(10 * SECOND);
        }
        assertThat(taken()).containsExactly("spawn game 7", "spawn game 8", "spawn game 9", "spawn game 10");
        assertThat(lines)
                .contains("game ENDING -> DOWN died 5 times in a row within 10.0 s of its start and stays down;"
                        + " its last words are in logs/game.log; when the cause is removed, 'berth roll game' starts it"
                        + " again");
    }

    @Test
    void rest_doublesWithEachQuickDeath() {
        fleet = fleet("game");
        on(new FleetEvent.Begin());
        ends("game", 1);
        long first = fleet.nextWakeNanos() - now;
        pass(SECOND);
        ends("game", 2);
        long second = fleet.nextWakeNanos() - now;

        assertThat(first).isBetween(SECOND / 20, SECOND / 10);
        assertThat(second).isBetween(SECOND / 10, SECOND / 5);
    }

    @Test
    void oneOfTwoMastersDown_doesNotKeepTheRestFromStarting() {
        on(new FleetEvent.Begin());
        serves("coordinator", 1);
        serves("master-1", 1);
        taken();
        dies("master-2");
        assertThat(taken()).contains("spawn store 1");
    }

    @Test
    void aKindThatIsDownAltogether_failsTheLaunch() {
        on(new FleetEvent.Begin());
        dies("coordinator");
        assertThat(taken()).endsWith("finished 1").doesNotContain("spawn master-1 1");
        assertThat(lines).contains("stopping: no coordinator could be started");
    }

    @Test
    void nothingLeft_endsTheLauncher() {
        fleet = fleet("game");
        on(new FleetEvent.Begin());
        dies("game");
        assertThat(taken()).endsWith("finished 1");
    }

    @Test
    void restart_endsAndStartsAtOnce_certified_andCountsAsNoDeath() {
        allServe();
        on(new FleetEvent.Listed("game", 1, LIFE));
        for (int life = 1; life <= 6; life++) {
            on(new FleetEvent.Restart("game"));
            assertThat(taken()).containsExactly("terminate game");
            on(new FleetEvent.Exited("game", life, "exit code 143"));
            assertThat(taken()).isEmpty();
            on(new FleetEvent.Emptied("game", life));
            assertThat(taken()).endsWith("spawn game " + (life + 1));
            serves("game", life + 1);
        }
        assertThat(lines).contains("game SERVING -> ENDING to be started again");
    }

    @Test
    void restart_ofWhatDoesNotHeedSigterm_isKilled_thenStarted() {
        allServe();
        on(new FleetEvent.Restart("game"));
        pass(10 * SECOND);
        assertThat(taken()).containsExactly("terminate game", "kill game");
        ends("game", 1);
        assertThat(taken()).containsExactly("spawn game 2");
    }

    @Test
    void restart_ofWhatIsDownOrRests_startsItAfresh() {
        allServe();
        ends("game", 1);
        on(new FleetEvent.Restart("game"));
        assertThat(taken()).containsExactly("spawn game 2");
        for (int life = 2; life <= 6; life++) {
            ends("game", life);
            pass(9 * SECOND);
        }
        taken();
        on(new FleetEvent.Restart("game"));
        assertThat(taken()).containsExactly("spawn game 7");
        ends("game", 7);
        assertThat(lines.getLast()).startsWith("game ENDING -> RESTING");
    }

    @Test
    void restart_ofWhatCannotBeKilled_startsNoSecondOne() {
        allServe();
        on(new FleetEvent.Restart("game"));
        for (int i = 0; i < 7; i++) {
            pass(10 * SECOND);
        }
        taken();
        on(new FleetEvent.Restart("game"));
        assertThat(taken()).isEmpty();
        assertThat(lines.getLast()).isEqualTo("game still has a process that cannot be killed");
    }

    @Test
    void restart_whileItEnds_orWhileEverythingStops() {
        allServe();
        on(new FleetEvent.Exited("game", 1, "exit code 1"));
        on(new FleetEvent.Restart("game"));
        on(new FleetEvent.Emptied("game", 1));
        assertThat(taken()).containsExactly("spawn game 2");
        on(new FleetEvent.Restart("game"));
        on(new FleetEvent.Stop("SIGTERM"));
        ends("game", 2);
        assertThat(taken()).containsExactly("terminate game", "terminate store");
        on(new FleetEvent.Restart("game"));
        assertThat(taken()).isEmpty();
    }

    @Test
    void listed_isAsGoodAsServing() {
        fleet = fleet("game");
        on(new FleetEvent.Begin());
        on(new FleetEvent.Listed("game", 1, LIFE));
        assertThat(lines).anyMatch(line -> line.startsWith("game STARTING -> SERVING"));
    }

    @Test
    void whatTakesLong_isMentioned_everMoreSeldom() {
        fleet = fleet("game");
        on(new FleetEvent.Begin());
        for (int second = 1; second <= 20; second++) {
            pass(SECOND);
        }
        assertThat(lines.stream().filter(line -> line.contains("still")))
                .containsExactly(
                        "game is still STARTING after 2.0 s; log: logs/game.log",
                        "game is still STARTING after 4.0 s; log: logs/game.log",
                        "game is still STARTING after 8.0 s; log: logs/game.log",
                        "game is still STARTING after 16.0 s; log: logs/game.log");
    }

    private static Fleet fleet(String... names) {
        var ships = new ArrayList<FleetConfig.Ship>();
        for (var name : names) {
            var kind = switch (name) {
                case "coordinator" -> NodeKind.COORDINATOR;
                case "store" -> NodeKind.STORE;
                case "game" -> NodeKind.WORKER;
                default -> NodeKind.MASTER;
            };
            ships.add(new FleetConfig.Ship(name, kind, "logs/" + name + ".log"));
        }
        var config = new FleetConfig(
                ships, 10 * SECOND, 10 * SECOND, 5, 5, new Backoff(SECOND / 10, 10 * SECOND), 2 * SECOND);
        return new Fleet(config, new Random(1));
    }

    private void allServe() {
        on(new FleetEvent.Begin());
        for (var name : List.of("coordinator", "master-1", "master-2", "store", "game")) {
            serves(name, 1);
        }
        taken();
    }

    private void dies(String name) {
        for (int life = 1; life <= 5; life++) {
            ends(name, life);
            pass(9 * SECOND);
        }
    }

    private void serves(String name, int life) {
        on(new FleetEvent.Serves(name, life));
    }

    private void ends(String name, int life) {
        on(new FleetEvent.Exited(name, life, "exit code 0"));
        on(new FleetEvent.Emptied(name, life));
    }

    private void on(FleetEvent event) {
        fleet.on(now, event, this::note);
    }

    private void pass(long nanos) {
        now += nanos;
        fleet.advance(now, this::note);
    }

    private List<String> taken() {
        var taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }

    private void note(FleetAction action) {
        switch (action) {
            case FleetAction.Spawn(var name, int life) -> actions.add("spawn " + name + " " + life);
            case FleetAction.Terminate(var name, int _) -> actions.add("terminate " + name);
            case FleetAction.Kill(var name, int _) -> actions.add("kill " + name);
            case FleetAction.Certify(var name, var incarnation) -> actions.add("certify " + name + " " + incarnation);
            case FleetAction.Finished(int code) -> actions.add("finished " + code);
            case FleetAction.Became _ -> {}
            case FleetAction.Say(var line) -> lines.add(line);
        }
    }
}
