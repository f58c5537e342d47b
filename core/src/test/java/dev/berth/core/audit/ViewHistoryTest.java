package dev.berth.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.JournalLine;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

// Views by hand, as two nodes, a master and the journal might show them. In every order a history without contradiction
// is accepted, and one contradiction is found once, with both observers.
class ViewHistoryTest {
    private static final Incarnation A = life(1, 1);
    private static final Incarnation B = life(2, 2);
    private static final SlotId KV_1 = new SlotId("kv", 1);

    private final List<Finding> findings = new ArrayList<>();
    private final ViewHistory history = new ViewHistory(findings::add);

    private static Incarnation life(int node, long number) {
        return new Incarnation(new NodeId(node), number);
    }

    private static View view(long number, SlotState state, Incarnation... members) {
        List<Listing> listings = Stream.of(members)
                .map(life -> new Listing(life, "n", new Nonce(1, 2), List.of(), List.of("a:1"), "", false))
                .toList();
        ViewImage.ServiceImage kv =
                new ViewImage.ServiceImage(ServicePlan.plain("kv", 1), List.of(state), List.of(), List.of());
        return new ViewImage(number, 5, 5, listings, List.of(kv), List.of(), List.of(), 0).toView();
    }

    private static View first() {
        return view(1, new SlotState.Running(A, 1), A);
    }

    private static View second() {
        return view(2, new SlotState.Running(A, 1), A, B);
    }

    private static View third() {
        return view(3, new SlotState.Offered(B, 3, 0), B);
    }

    private static JournalEntry entry(long view, long term, JournalLine... lines) {
        return new JournalEntry(view, term, "m" + term, 0, "a test", List.of(lines), 0);
    }

    private static JournalLine moved(SlotState after) {
        return new JournalLine.SlotMoved(KV_1, SlotState.Free.CLEAN, after, "a test");
    }

    private void finds(String... words) {
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.invariant()).isEqualTo(Invariant.I5);
            assertThat(finding.words()).contains(words);
        });
    }

    @Test
    void viewsInAnyOrder_fromManyEyes_andTheJournal_areAccepted() {
        history.seen("gate", 0, first());
        history.seen("master", -1, third());
        history.seen("gate", 1, second());
        history.seen("gate", 2, third());
        history.seen("late", 0, third());
        history.told(entry(3, 2, new JournalLine.Went(A, "n", ""), moved(new SlotState.Offered(B, 3, 0))));
        history.told(entry(1, 1, new JournalLine.Came(A, "n", ""), moved(new SlotState.Running(A, 1))));
        history.told(entry(2, 1, new JournalLine.Came(B, "n", "")));
        history.told(entry(2, 2, new JournalLine.Led("m1", false, "")));

        assertThat(findings).isEmpty();
    }

    @Test
    void viewThatGoesBack_isFound() {
        history.seen("gate", 0, first());
        history.seen("gate", 1, second());
        history.seen("gate", 2, first());

        finds("gate had view 2", "gate then got view 1");
    }

    @Test
    void numberWithTwoContents_isFound() {
        history.seen("gate", 0, second());
        history.seen("master", -1, view(2, new SlotState.Running(A, 1), A));

        finds("gate saw view 2", "master saw view 2 with other content");
    }

    @Test
    void epochThatGoesBack_isFound_evenIfTheLaterViewIsSeenFirst() {
        history.seen("master", -1, view(4, new SlotState.Running(B, 2), B));
        history.seen("gate", 0, third());

        finds("gate saw kv/1 with epoch 3 in view 3", "master saw kv/1 with epoch 2 in view 4");
    }

    @Test
    void epochOfALaterView_andOwnerWhoIsNotListed_andNewMemberOfAnOldNumber_areFound() {
        history.seen("gate", 0, view(1, new SlotState.Running(A, 2), A));
        finds("gate saw kv/1 with epoch 2 in view 1");

        findings.clear();
        history.seen("gate", 1, view(3, new SlotState.Running(B, 3), A));
        finds("does not list n2.2");

        findings.clear();
        history.seen("gate", 3, view(4, new SlotState.Running(A, 4), A, B));
        finds("gate saw view 4, which does", "does not list n2.2");
    }

    @Test
    void journalThatTellsSomethingElse_isFound() {
        history.seen("gate", 0, first());
        history.seen("gate", 1, second());
        history.told(entry(2, 1, moved(new SlotState.Running(B, 2))));
        assertThat(findings)
                .extracting(Finding::words)
                .anySatisfy(words -> assertThat(words)
                        .contains(
                                "the journal says of view 2",
                                "RUNNING n2.2 epoch=2",
                                "gate saw that view",
                                "n1.1 epoch=1"));

        findings.clear();
        history.told(entry(1, 1, new JournalLine.Came(B, "n", "")));
        finds("the journal says of view 1", "n2.2 came");

        findings.clear();
        history.told(entry(2, 1, new JournalLine.Went(A, "n", "")));
        finds("the journal says of view 2", "n1.1 went");
    }

    @Test
    void termThatGoesBack_orHasTwoMasters_isFound() {
        history.told(entry(1, 2));
        history.told(entry(2, 1));
        finds("m2 wrote view 1 in term 2", "m1 wrote view 2 in term 1");

        findings.clear();
        history.told(entry(1, 2, new JournalLine.Led("m1", false, "")));
        assertThat(findings)
                .extracting(Finding::words)
                .anySatisfy(words ->
                        assertThat(words).contains("m2 wrote view 1 in term 2", "m2 took over after view 1 in term 2"));
    }

    @Test
    void coordinatorThatWasEmptied_beginsAgain() {
        history.seen("gate", 0, third());
        history.forget();
        history.seen("gate", 0, first());

        assertThat(findings).isEmpty();
        assertThat(history.view(3)).isNull();
    }
}
