package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.LinkAction.CancelDial;
import dev.berth.core.call.LinkAction.Close;
import dev.berth.core.call.LinkAction.Down;
import dev.berth.core.call.LinkAction.Established;
import dev.berth.core.call.LinkAction.Send;
import dev.berth.core.call.LinkAction.Supersede;
import dev.berth.core.call.PeerMessage.Goodbye;
import dev.berth.core.call.PeerMessage.Hello;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.machine.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Node 2 is dialed by node 1 and dials it; HELLOs of all kinds come in and the actions are read.
class LinkTest {
    static final LinkLimits LIMITS = new LinkLimits(5_000, 3_000, 2, 2, 3);

    final Harbor harbor = new Harbor();
    final Incarnation one = harbor.join(1);
    final Incarnation two = harbor.join(2);
    final Judge judge = new Judge(_ -> true);
    Table table = Table.of(harbor.view(), two);
    final Peers peers = new Peers(new Backoff(1_000, 8_000), table, new SplittableRandom(1));
    final List<LinkAction> actions = new ArrayList<>();
    final List<PeersAction> dials = new ArrayList<>();

    Link accepted() {
        Link link = Link.accepted(LIMITS, judge, peers, table, false);
        on(link, new LinkEvent.Opened());
        assertThat(actions).isEmpty();
        return link;
    }

    void on(Link link, LinkEvent event) {
        actions.clear();
        link.on(0, event, actions::add);
    }

    void peers(long now, PeersEvent event) {
        dials.clear();
        peers.on(now, event, dials::add);
    }

    void receive(Link link, PeerMessage message) {
        on(link, new LinkEvent.Received(message));
    }

    Hello hello(Incarnation from, Incarnation to, long connection) {
        return new Hello(from, to, harbor.view().number(), connection, 1, 2, false);
    }

    void assertRefused(String cause) {
        assertThat(actions).hasSize(2);
        assertThat(((Goodbye) ((Send) actions.getFirst()).message()).view()).isEqualTo(table.number());
        assertThat(((Close) actions.get(1)).cause()).contains(cause);
    }

    @Test
    void bothIncarnationsMatch_isEstablishedInTheCommonVersion_rule16() {
        receive(accepted(), hello(one, two, 1));
        assertThat(actions)
                .containsExactly(
                        new Send(new Hello(two, one, table.number(), 1, 2, 3, false)),
                        new Established(one, false, 1, 2));
        assertThat(peers.current(one)).isEqualTo(1);
    }

    @Test
    void noCommonVersion_isRefused() {
        Link link = accepted();
        receive(link, new Hello(one, two, 1, 1, 4, 9, false));
        assertRefused("no common version");
    }

    @Test
    @Tag("S2.12")
    void meantForAFormerLifeOfThisNode_isRefused_rule16() {
        receive(accepted(), hello(one, new Incarnation(new NodeId(2), 1), 1));
        assertRefused("not n2.1");
    }

    @Test
    void unlistedIncarnation_isRefusedWithMyView_rule16() {
        receive(accepted(), hello(new Incarnation(new NodeId(1), 1), two, 1));
        assertRefused("is not listed");
    }

    @Test
    void newerView_isHeldUntilApplied_orUntilTheLimit_rule16() {
        Incarnation four = harbor.join(4);
        Link link = accepted();
        receive(link, hello(four, two, 1));
        assertThat(actions).isEmpty();
        Link late = accepted();
        receive(late, hello(four, two, 1));
        actions.clear();
        late.advance(3_000, actions::add);
        assertRefused("your view has not reached me");
        table = Table.of(harbor.view(), two);
        on(link, new LinkEvent.Installed(table));
        assertThat(actions).last().isEqualTo(new Established(four, false, 1, 2));
    }

    @Test
    void messagesBehindAHeldHello_waitWithIt_andComeAfterIt_rule16() {
        peers(0, new PeersEvent.Wanted(one));
        Link link = Link.dialed(LIMITS, judge, peers, table, one, 2);
        on(link, new LinkEvent.Opened());
        harbor.join(4);
        receive(link, hello(one, two, 2));
        PeerMessage.Call call = AdmissionTest.call(-1, null, null);
        receive(link, call);
        assertThat(actions).isEmpty();
        table = Table.of(harbor.view(), two);
        on(link, new LinkEvent.Installed(table));
        assertThat(actions).containsExactly(new Established(one, false, 2, 2), new LinkAction.Forward(call));
    }

    @Test
    void tooManyMessagesBehindAHeldHello_areRefused() {
        peers(0, new PeersEvent.Wanted(one));
        Link link = Link.dialed(LIMITS, judge, peers, table, one, 2);
        on(link, new LinkEvent.Opened());
        harbor.join(4);
        receive(link, hello(one, two, 2));
        for (int i = 0; i < 3; i++) {
            receive(link, AdmissionTest.call(-1, null, null));
        }
        assertThat(actions).contains(new Close("too much before the view that HELLO names"));
    }

    @Test
    void silence_isRefusedAfterTheLimit() {
        Link link = accepted();
        assertThat(link.nextWakeNanos()).isEqualTo(5_000);
        link.advance(4_999, actions::add);
        assertThat(actions).isEmpty();
        link.advance(5_000, actions::add);
        assertRefused("no HELLO in time");
    }

    @Test
    void callBeforeHello_isRefused() {
        receive(accepted(), AdmissionTest.call(-1, null, null));
        assertRefused("not a HELLO");
    }

    @Test
    void nextConnectionOfThePair_supersedesBeforeItIsEstablished_andAnOlderOneIsRefused_rule16() {
        Link first = accepted();
        receive(first, hello(one, two, 3));
        receive(accepted(), hello(one, two, 5));
        assertThat(actions.getFirst()).isEqualTo(new Supersede(one, 3, 5));
        assertThat(actions.getLast()).isEqualTo(new Established(one, false, 5, 2));
        on(first, new LinkEvent.Stopped("superseded"));
        assertThat(actions).contains(new Down(one, false, 3));
        peers(0, new PeersEvent.Ended(one, 3));
        assertThat(peers.current(one)).isEqualTo(5);
        receive(accepted(), hello(one, two, 3));
        assertRefused("newer");
    }

    @Test
    void dialsCross_bothEndsKeepTheHigherNumber_rule16() {
        peers(0, new PeersEvent.Wanted(one));
        assertThat(dials).containsExactly(new PeersAction.Dial(one, 2));
        receive(accepted(), hello(one, two, 1));
        assertRefused("newer");
        receive(accepted(), hello(one, two, 3));
        assertThat(actions).contains(new CancelDial(one, 2)).last().isEqualTo(new Established(one, false, 3, 2));
    }

    @Test
    @Tag("S2.12")
    void dialed_meetsAnotherLifeOfTheNode_isClosed_rule16() {
        peers(0, new PeersEvent.Wanted(one));
        Link link = Link.dialed(LIMITS, judge, peers, table, one, 2);
        on(link, new LinkEvent.Opened());
        assertThat(actions).containsExactly(new Send(new Hello(two, one, table.number(), 2, 2, 3, false)));
        receive(link, hello(new Incarnation(new NodeId(1), 9), two, 2));
        assertThat(actions).contains(new Down(one, false, 2)).hasSize(3);
        peers(0, new PeersEvent.Ended(one, 2));
        peers(0, new PeersEvent.Wanted(one));
        assertThat(dials).isEmpty();
        peers.advance(peers.nextWakeNanos(), dials::add);
        assertThat(dials).containsExactly(new PeersAction.Dial(one, 4));
    }

    @Test
    void expelledPeer_isClosed_rule14() {
        Link link = accepted();
        receive(link, hello(one, two, 1));
        harbor.expel(one);
        table = Table.of(harbor.view(), two);
        on(link, new LinkEvent.Installed(table));
        assertThat(actions).contains(new Down(one, false, 1)).last().isEqualTo(new Close("expelled"));
    }

    @Test
    void hiddenNode_mustBeAuthenticated_isNotListed_andGoesWhenThisNodeSuspends_rule16() {
        Hello hidden = new Hello(new Incarnation(new NodeId(9), 0), two, 0, 1, 2, 2, true);
        receive(accepted(), hidden);
        assertRefused("authenticated");
        Link link = Link.accepted(LIMITS, judge, peers, table, true);
        on(link, new LinkEvent.Opened());
        receive(link, hidden);
        assertThat(actions).last().isEqualTo(new Established(hidden.from(), true, 1, 2));
        on(link, new LinkEvent.Suspended());
        assertThat(actions).contains(new Down(hidden.from(), true, 1));
    }

    @Test
    void hiddenNode_cannotBorrowAnIncarnation_rule16() {
        Link link = Link.accepted(LIMITS, judge, peers, table, true);
        on(link, new LinkEvent.Opened());
        receive(link, new Hello(one, two, 0, 1, 2, 2, true));
        assertRefused("hidden");
    }

    @Test
    @Tag("S4.21")
    void hiddenNodes_areBounded_andMakePlaceWhenTheyGo_rule16() {
        Hello hidden = new Hello(Incarnation.NONE, two, 0, 1, 2, 2, true);
        List<Link> links = new ArrayList<>();
        for (int i = 0; i <= Peers.GUESTS_MAX; i++) {
            Link link = Link.accepted(LIMITS, judge, peers, table, true);
            on(link, new LinkEvent.Opened());
            receive(link, hidden);
            links.add(link);
        }
        assertRefused("256 hidden nodes are connected already");
        on(links.getFirst(), new LinkEvent.Closed());
        Link next = Link.accepted(LIMITS, judge, peers, table, true);
        on(next, new LinkEvent.Opened());
        receive(next, hidden);
        assertThat(actions).last().isEqualTo(new Established(Incarnation.NONE, true, 1, 2));
    }
}
