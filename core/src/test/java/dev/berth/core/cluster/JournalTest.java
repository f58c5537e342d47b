package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.slot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Ledger.Fate;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

// Two members own two slots, a third stands by. Something happens, and then the coordinator's journal is read: every
// view has one entry, and what it says of a slot names the cause and not only the change.
class JournalTest {
    private static final Offer ONE = new Offer("role", 1, false);
    private static final Offer STANDBY = new Offer("role", 1, true);

    private final Quay quay = new Quay(3, new ServicePlan("role", 2, 0, false));
    private final Moored<MasterEvent, MasterAction> first = quay.elect("m0");
    private final Moored<MemberEvent, MemberAction> one = quay.start("w0", ONE);
    private final Moored<MemberEvent, MemberAction> two = quay.start("w1", ONE);

    @BeforeEach
    void bothServe() {
        quay.run(5 * S);
        assertThat(quay.serves(one, 1) && quay.serves(two, 2)).isTrue();
    }

    private List<JournalLine.SlotMoved> storyOf(int slot) {
        return quay.ledger.journal.stream()
                .flatMap(entry -> entry.lines().stream())
                .filter(line -> line instanceof JournalLine.SlotMoved moved
                        && moved.slot().equals(slot(slot)))
                .map(JournalLine.SlotMoved.class::cast)
                .toList();
    }

    private JournalLine.Went wentLast() {
        return quay.ledger.journal.stream()
                .flatMap(entry -> entry.lines().stream())
                .filter(JournalLine.Went.class::isInstance)
                .map(JournalLine.Went.class::cast)
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** Each view once, none left out, each state of a slot where the last one ended. */
    private void assertWhole() {
        List<Long> views = quay.ledger.journal.stream()
                .filter(entry -> !entry.isTakeOver())
                .map(JournalEntry::view)
                .toList();
        assertThat(views)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, quay.ledger.view.number())
                        .boxed()
                        .toList());
        for (int slot = 1; slot <= 2; slot++) {
            SlotState state = SlotState.Free.CLEAN;
            for (JournalLine.SlotMoved moved : storyOf(slot)) {
                assertThat(moved.before()).isEqualTo(state);
                assertThat(moved.cause()).isNotEmpty();
                state = moved.after();
            }
            assertThat(state).isEqualTo(quay.state(slot));
        }
    }

    @Test
    void slotOfASilentOwner_isOfferedBecauseItWasSilent_andRunsBecauseItWasLoaded() {
        Incarnation lost = life(one);
        Moored<MemberEvent, MemberAction> spare = quay.start("w2", STANDBY);
        one.kill();
        quay.await("the spare serves", 20 * S, () -> quay.serves(spare, 1));

        assertThat(wentLast().name()).isEqualTo("w0");
        assertThat(wentLast().cause()).matches("silent for [5-9]\\.\\d s, surely lapsed");
        List<JournalLine.SlotMoved> story = storyOf(1);
        assertThat(story.get(story.size() - 2).cause())
                .startsWith("w0 (" + lost + ") silent for ")
                .endsWith("surely lapsed; offered to w2 (" + life(spare) + ")");
        assertThat(story.getLast().cause()).isEqualTo(life(spare) + " has fenced and loaded it");
        assertThat(quay.ledger.journal.getLast().master()).isEqualTo("m0");
        assertThat(quay.ledger.journal.getLast().term()).isEqualTo(1);
        JournalLine.SlotMoved offered = story.get(story.size() - 2);
        assertThat(quay.masterNotes)
                .containsSubsequence(
                        "slot role/1 RUNNING -> " + offered.after() + " cause=" + offered.cause(),
                        "slot role/1 OFFERED -> " + story.getLast().after() + " cause="
                                + story.getLast().cause());
        assertWhole();
    }

    @Test
    void certificate_isTheCause_withTheLauncherThatGaveIt() {
        quay.start("w2", STANDBY);
        quay.run(S);
        Incarnation lost = life(one);
        one.kill();
        Certificate proof = new Certificate("w0", lost, "launcher of w0", Certificate.Proof.WAITED);
        quay.say(two, "m0", new ClusterMessage.Dead(proof));
        quay.run(S);

        assertThat(wentLast().cause()).isEqualTo("certified WAITED by launcher of w0");
        assertThat(storyOf(1).toString())
                .contains("w0 (" + lost + ") certified WAITED by launcher of w0; offered to w2");
        assertWhole();
    }

    @Test
    void ownerThatGivesUp_isQuoted() {
        quay.start("w2", STANDBY);
        quay.run(S);
        SlotState.Running running = (SlotState.Running) quay.state(1);
        quay.say(
                one,
                "m0",
                new ClusterMessage.GivenUp(life(one), slot(1), running.epoch(), "load threw: no such table", 0));
        quay.run(S);

        assertThat(storyOf(1).toString()).contains(life(one) + " gave it up: load threw: no such table");
        assertWhole();
    }

    @Test
    void drainAskedByAnOperator_namesHim_andTheSlotSaysWhyItMoves() {
        quay.start("w2", STANDBY);
        quay.run(S);
        ClusterMessage.Propose drain = new ClusterMessage.Propose(
                new Nonce(0x1234_5678_0000_0000L, 2),
                Incarnation.NONE,
                new Proposal.DrainNode(life(one).node(), true),
                "eva@bridge");
        quay.say(two, "m0", drain);
        quay.run(2 * S);

        assertThat(quay.ledger.journal.toString())
                .contains("asked by operator eva@bridge, proposal 12345678")
                .contains("w0 (" + life(one) + ") is to be empty")
                .contains(life(one) + " has drained it");
        assertWhole();
    }

    @Test
    void setting_isToldWithItsFormerValue() {
        for (String value : List.of("4", "5")) {
            one.tell(
                    quay.now,
                    new MemberEvent.Ask(
                            new Nonce(1, value.hashCode()), new Proposal.SetSetting("drain.slots-max", value)));
            quay.run(S);
        }

        assertThat(quay.ledger.journal.getLast().lines()).singleElement().satisfies(line -> {
            JournalLine.SettingMoved moved = (JournalLine.SettingMoved) line;
            assertThat(moved.wasSet() && moved.isSet()).isTrue();
            assertThat(moved.before()).isEqualTo("4");
            assertThat(moved.after()).isEqualTo("5");
            assertThat(moved.cause()).contains("node w0 (" + life(one) + ")");
        });
    }

    @Test
    void writeWhoseOutcomeIsUnknown_leavesOneEntry_whetherItHappenedOrNot() {
        int value = 10;
        for (Fate fate : List.of(Fate.UNKNOWN_DONE, Fate.UNKNOWN_LOST, Fate.HELD, Fate.LOST)) {
            quay.ledger.next(action -> action instanceof MasterAction.WriteView, fate);
            value++;
            Proposal proposal = new Proposal.SetSetting("drain.slots-max", "" + value);
            one.tell(quay.now, new MemberEvent.Ask(new Nonce(2, value), proposal));
            quay.run(5 * S);
            assertWhole();
        }
        quay.ledger.land();
        quay.run(5 * S);
        assertWhole();
    }

    @Test
    void leadersSuccessor_goesOnWithTheStory_andSaysSinceWhenItLeads() {
        quay.start("w2", STANDBY);
        Incarnation lost = life(one);
        first.kill();
        one.kill();
        quay.elect("m1");
        quay.run(25 * S);

        List<JournalEntry> takeOvers =
                quay.ledger.journal.stream().filter(JournalEntry::isTakeOver).toList();
        assertThat(takeOvers).hasSize(2);
        assertThat(takeOvers.getFirst().reason()).contains("m0 leads in term 1", "first master");
        assertThat(takeOvers.getLast().reason()).isEqualTo("m1 leads in term 2: m0 is not elected any more");
        assertThat(quay.ledger.journal.getLast().master()).isEqualTo("m1");
        assertThat(storyOf(1).toString()).contains("w0 (" + lost + ") silent for ");
        assertWhole();
    }

    @Test
    void viewThatChangesMoreThanAnEntryHolds_saysHowManyAreLeftOut() {
        int slots = JournalEntry.LINES_MAX + 500;
        Quay big = new Quay(1, new ServicePlan("role", slots, 0, false));
        big.elect("m0");
        big.start("w0", new Offer("role", slots, false));
        big.run(5 * S);

        assertThat(big.ledger.journal.stream().map(entry -> entry.lines().size()))
                .allMatch(lines -> lines <= JournalEntry.LINES_MAX);
        assertThat(big.ledger.journal.get(2)).satisfies(entry -> {
            assertThat(entry.omitted()).isEqualTo(slots + 1 - JournalEntry.LINES_MAX);
            assertThat(entry.lines()).anyMatch(JournalLine.Came.class::isInstance);
            assertThat(big.masterNotes).contains("view " + entry.view() + " has " + entry.omitted() + " changes more");
        });
    }
}
