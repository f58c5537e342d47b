package dev.berth.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.lab.sim.Machines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Each file says on top what must happen and why, and below what came of it, line by line. All checks run after every
// event.

/** The scenarios of docs/rules.md by number, and some more, played in virtual time with all measures in place. */
final class ScenarioTest {
    @Test
    void everyFile_hasItsTest() throws IOException {
        try (var files = Files.list(Path.of("src/test/resources/scenarios"))) {
            long tests = Arrays.stream(ScenarioTest.class.getDeclaredMethods())
                    .filter(method -> method.getName().startsWith("scenario"))
                    .count();
            assertThat(files.count()).isEqualTo(tests);
        }
    }

    @Tag("S2.29")
    @Test
    void scenario01_ownerPausedBeforeStoreWrite() {
        holds("01-owner-paused-before-store-write");
    }

    @Tag("S2.13")
    @Test
    void scenario02_ownerPausedBeforeSend() {
        holds("02-owner-paused-before-send");
    }

    @Tag("S2.13")
    @Test
    void scenario03_beatBetweenDecisionAndWrite() {
        holds("03-beat-between-decision-and-write");
    }

    @Tag("S4.18")
    @Test
    void scenario04_outcomeOfViewWriteUnknown() {
        holds("04-outcome-of-view-write-unknown");
    }

    @Tag("S4.18")
    @Test
    void scenario04b_termWriteUnknown() {
        holds("04b-term-write-unknown");
    }

    @Tag("S2.20")
    @Test
    void scenario05_excusedPeerReturns() {
        holds("05-excused-peer-returns");
    }

    @Tag("S2.20")
    @Tag("S4.18")
    @Test
    void scenario06_excusedPeerReturnsToAnotherMaster() {
        holds("06-excused-peer-returns-to-another-master");
    }

    @Tag("S2.13")
    @Tag("S4.18")
    @Test
    void scenario07_deposedMasterAnswersOneSide() {
        holds("07-deposed-master-answers-one-side");
    }

    @Tag("S4.18")
    @Test
    void scenario08_lateWriteOfTheFirstMaster() {
        holds("08-late-write-of-the-first-master");
    }

    @Tag("S4.18")
    @Test
    void scenario09_masterCrashesAtEachStep() {
        holds("09-master-crashes-at-each-step");
    }

    @Tag("S2.19")
    @Test
    void scenario10_masterPaused() {
        holds("10-master-paused");
    }

    @Tag("S1.25")
    @Test
    void scenario11_deafOwner() {
        holds("11-deaf-owner");
    }

    @Tag("S1.24")
    @Tag("S1.23")
    @Test
    void scenario12_muteOwner() {
        holds("12-mute-owner");
    }

    @Tag("S4.4")
    @Tag("S2.13")
    @Test
    void scenario13_restartBeforeSuspicion() {
        holds("13-restart-before-suspicion");
    }

    @Tag("D7")
    @Test
    void scenario14_fullViewSkipsALife() {
        holds("14-full-view-skips-a-life");
    }

    @Tag("D10")
    @Tag("S2.29")
    @Test
    void scenario15_memberNeverAcknowledges() {
        holds("15-member-never-acknowledges");
    }

    @Tag("D11")
    @Tag("S1.25")
    @Test
    void scenario16_joinerDiesAtEachStep() {
        holds("16-joiner-dies-at-each-step");
    }

    @Tag("D11")
    @Tag("S2.19")
    @Test
    void scenario17_falseSuspicionWhileLoading() {
        holds("17-false-suspicion-while-loading");
    }

    @Tag("S1.23")
    @Test
    void scenario18_certificates() {
        holds("18-certificates");
    }

    @Tag("S2.13")
    @Test
    void scenario19_clocksAtTheEdge() {
        holds("19-clocks-at-the-edge");
    }

    @Tag("S2.13")
    @Tag("S2.29")
    @Test
    void scenario20_frozenMachineAndJumpingClocks() {
        holds("20-frozen-machine-and-jumping-clocks");
    }

    @Tag("S2.6")
    @Test
    void scenario21_drainUnderLoad() {
        holds("21-drain-under-load");
    }

    @Tag("S1.27")
    @Test
    void scenario22_slotGoesAndComesBack() {
        holds("22-slot-goes-and-comes-back");
    }

    @Tag("S2.6")
    @Test
    void scenario22b_abandonedDrainBeginsAgain() {
        holds("22b-abandoned-drain-begins-again");
    }

    @Tag("S2.6")
    @Test
    void scenario23_connectionResetWithCallsUnread() {
        holds("23-connection-reset-with-calls-unread");
    }

    @Tag("S1.23")
    @Tag("S4.18")
    @Test
    void scenario24_masterAndCoordinatorGone() {
        holds("24-master-and-coordinator-gone");
    }

    @Tag("S2.29")
    @Test
    void scenario25a_storeFailsOverAndLosesTheFence() {
        holds("25a-store-fails-over-and-loses-the-fence");
    }

    @Tag("S2.29")
    @Test
    void scenario25b_coordinatorWiped() {
        holds("25b-coordinator-wiped");
    }

    @Tag("S1.26")
    @Tag("D8")
    @Test
    void scenario25c_registryOwnerReplaced() {
        holds("25c-registry-owner-replaced");
    }

    @Tag("S2.17")
    @Tag("S2.18")
    @Tag("D9")
    @Tag("S1.25")
    @Test
    void scenario26_joinsAndVacancies() {
        holds("26-joins-and-vacancies");
    }

    @Tag("S2.19")
    @Tag("S1.24")
    @Tag("D12")
    @Test
    void scenario27_joinRacesASilence() {
        holds("27-join-races-a-silence");
    }

    @Tag("D13")
    @Tag("S2.9")
    @Test
    void scenario28_callsInFlightEnd() {
        holds("28-calls-in-flight-end");
    }

    @Tag("D8")
    @Tag("S4.6")
    @Test
    void scenario29_names() {
        holds("29-names");
    }

    @Tag("S2.16")
    @Tag("S2.20")
    @Tag("S2.21")
    @Tag("S2.22")
    @Tag("S2.23")
    @Tag("S2.27")
    @Tag("S2.11")
    @Test
    void scenario30_twoViewsToRun() {
        holds("30-two-views-to-run");
    }

    @Tag("S2.12")
    @Tag("S4.5")
    @Test
    void scenario31_startOrder() {
        holds("31-start-order");
    }

    @Tag("S2.14")
    @Test
    void scenario32_lateTakeOver() {
        holds("32-late-take-over");
    }

    @Tag("S1.27")
    @Test
    void scenario33_registryHolderThatTouches() {
        holds("33-registry-holder-that-touches");
    }

    @Tag("S1.27")
    @Test
    void scenario34_expelledByAMasterThatResigned() {
        holds("34-expelled-by-a-master-that-resigned");
    }

    @Tag("S1.23")
    @Tag("S4.18")
    @Test
    void scenario35_coordinatorAway() {
        holds("35-coordinator-away");
    }

    private static void holds(String name) {
        Scenario.Played played = ScenarioFile.named("scenarios/" + name).check(Machines.REAL);
        assertThat(played.broken()).as(name).isNull();
    }
}
