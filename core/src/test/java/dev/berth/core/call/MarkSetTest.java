package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.MarkAction.Complete;
import dev.berth.core.call.MarkAction.Connect;
import dev.berth.core.call.MarkAction.Send;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// Slot 1 of node 1 has sent to nodes 2 and 3 and is drained; the tests differ in what becomes of the two connections.
class MarkSetTest {
    final Harbor harbor = new Harbor();
    final Incarnation self = harbor.join(1);
    final Incarnation two = harbor.join(2);
    final Incarnation three = harbor.join(3);
    final Grant mine = harbor.run(1, self);
    final MarkSet marks = new MarkSet();
    final List<MarkAction> actions = new ArrayList<>();

    MarkSetTest() {
        on(new MarkEvent.Connected(two, 1));
        on(new MarkEvent.Connected(three, 4));
        marks.sent(mine, two);
        marks.sent(mine, three);
        marks.sent(mine, two);
        harbor.drain(mine, two);
        install();
    }

    final void on(MarkEvent event) {
        actions.clear();
        marks.on(0, event, actions::add);
    }

    final void install() {
        on(new MarkEvent.Installed(Table.of(harbor.view(), self)));
    }

    Send mark(Incarnation peer, long connection) {
        return new Send(peer, connection, new PeerMessage.Mark(mine));
    }

    @Test
    void everyPeerThatWasSpokenToIsAsked_andAllMustAnswer_rule19() {
        on(new MarkEvent.Start(mine));
        assertThat(actions).containsExactly(mark(two, 1), mark(three, 4));
        on(new MarkEvent.Answered(two, 1, mine));
        assertThat(actions).isEmpty();
        on(new MarkEvent.Answered(two, 1, mine));
        assertThat(actions).isEmpty();
        on(new MarkEvent.Answered(three, 4, mine));
        assertThat(actions).containsExactly(new Complete(mine));
    }

    @Test
    void slotThatSentNothing_isCompleteAtOnce_rule19() {
        Grant other = harbor.run(2, self);
        install();
        on(new MarkEvent.Start(other));
        assertThat(actions).containsExactly(new Complete(other));
    }

    @Test
    void brokenConnection_doesNotExcuse_itsSuccessorIsAsked_rule19() {
        on(new MarkEvent.Start(mine));
        on(new MarkEvent.Answered(three, 4, mine));
        on(new MarkEvent.Disconnected(two, 1));
        assertThat(actions).containsExactly(new Connect(two));
        on(new MarkEvent.Connected(two, 3));
        assertThat(actions).containsExactly(mark(two, 3));
        on(new MarkEvent.Answered(two, 3, mine));
        assertThat(actions).containsExactly(new Complete(mine));
    }

    @Test
    void expulsionExcuses_rule19() {
        on(new MarkEvent.Start(mine));
        on(new MarkEvent.Answered(two, 1, mine));
        harbor.expel(three);
        install();
        assertThat(actions).containsExactly(new Complete(mine));
    }

    @Test
    void messagesThatWaitToBeSent_goBeforeTheMark_rule19() {
        marks.waits(mine);
        on(new MarkEvent.Start(mine));
        assertThat(actions).isEmpty();
        assertThat(marks.nextWakeNanos()).isEqualTo(MarkSet.NEVER);
        marks.waitsNoMore(mine);
        assertThat(marks.nextWakeNanos()).isEqualTo(Long.MIN_VALUE);
        marks.advance(0, actions::add);
        assertThat(actions).containsExactly(mark(two, 1), mark(three, 4));
    }

    @Test
    void drainIsAbandoned_theOldEpochNeedsNoAnswer_rule21() {
        on(new MarkEvent.Start(mine));
        harbor.run(1, self);
        install();
        on(new MarkEvent.Answered(two, 1, mine));
        on(new MarkEvent.Answered(three, 4, mine));
        assertThat(actions).isEmpty();
    }
}
