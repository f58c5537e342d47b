package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// A coordinator that takes three kilobytes. Whoever would make the view larger than that is refused in words, and the
// cluster goes on; what a view may come to by itself is never more than what was counted.
class ViewRoomTest {
    private static final int MAX = 3_000;

    private final Quay quay = new Quay(1, new ServicePlan("role", 2, 0, false));
    private final List<Moored<MemberEvent, MemberAction>> listed = new ArrayList<>();

    private ClusterMessage.Refused fill() {
        quay.viewBytesMax = MAX;
        quay.elect("m0");
        for (int i = 0; i < 20; i++) {
            Moored<MemberEvent, MemberAction> node = i == 0 ? quay.start("w" + i, role()) : quay.start("w" + i);
            quay.run(2 * S);
            List<ClusterMessage.Refused> refused = quay.sent(ClusterMessage.Refused.class, node);
            if (!refused.isEmpty()) {
                return refused.getFirst();
            }
            listed.add(node);
        }
        throw new AssertionError("twenty members fit into " + MAX + " bytes");
    }

    private static Offer role() {
        return new Offer("role", 2, false);
    }

    @Test
    void joinThatDoesNotFit_isRefusedInWords_andTheOthersGoOn() {
        ClusterMessage.Refused refused = fill();

        assertThat(refused.reason()).isEqualTo(Refusal.VIEW_FULL);
        assertThat(refused.detail()).contains("bytes", "at most " + MAX, "remove members");
        assertThat(listed).hasSizeGreaterThan(5);
        assertThat(listed).allMatch(quay::mayAct);
        assertThat(Protocol.VIEW.encode(quay.ledger.view)).hasSizeLessThan(MAX);
        quay.await("slots run", S, () -> quay.serves(listed.getFirst(), 1) && quay.serves(listed.getFirst(), 2));
    }

    @Test
    void proposalThatDoesNotFit_isRefused_oneThatAddsNothingIsNot() {
        fill();
        Moored<MemberEvent, MemberAction> node = listed.getFirst();

        // What a join of more than two hundred bytes has left may be enough for some names.
        for (int i = 0; i < 20; i++) {
            node.tell(quay.now, new MemberEvent.Ask(new Nonce(11, i), new Proposal.TakeName("name-" + i, i)));
        }
        node.tell(
                quay.now,
                new MemberEvent.Ask(
                        new Nonce(12, 1),
                        new Proposal.DrainNode(Quay.life(listed.getLast()).node(), true)));
        quay.run(100 * MS);

        List<MemberAction.Answered> answers = node.all(MemberAction.Answered.class);
        assertThat(answers).anySatisfy(answer -> {
            assertThat(answer.accepted()).isFalse();
            assertThat(answer.reason()).contains("at most " + MAX);
        });
        assertThat(answers).anySatisfy(answer -> {
            assertThat(answer.id()).isEqualTo(new Nonce(12, 1));
            assertThat(answer.accepted()).isTrue();
        });
        assertThat(ViewRoom.of(quay.ledger.now())).isLessThanOrEqualTo(MAX);
    }

    @Test
    void memberThatStartsAgain_takesThePlaceOfItsFormerLife() {
        fill();
        Moored<MemberEvent, MemberAction> last = listed.getLast();
        String name = "w" + (listed.size() - 1);
        last.kill();
        Moored<MemberEvent, MemberAction> again = quay.start(name);

        quay.await("it is listed again", 60 * S, () -> quay.mayAct(again));
        assertThat(quay.sent(ClusterMessage.Refused.class, again)).isEmpty();
    }

    @Test
    void stranger_waitsWhileSilentMembersTakeTheRoom() {
        fill();
        listed.getLast().kill();
        quay.run(4 * S);
        Moored<MemberEvent, MemberAction> newcomer = quay.start("newcomer");
        quay.run(2 * S);
        assertThat(quay.sent(ClusterMessage.Refused.class, newcomer)).isEmpty();

        quay.await("the silent one is gone", 90 * S, () -> quay.mayAct(newcomer));
    }

    @Test
    void planThatDoesNotFit_isNoConfiguration() {
        List<ServicePlan> plan = List.of(ServicePlan.plain("role", 30_000));
        assertThatThrownBy(() -> new MasterConfig("m0", List.of("m0"), Timings.DEFAULT, plan, SettingsCatalog.BUILT_IN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 1000000");
    }

    @Test
    void whatIsCounted_isNeverLessThanTheRecord() {
        Incarnation life = new Incarnation(new NodeId(NodeId.MAX), 1L << 41);
        List<SlotState> longest = List.of(
                new SlotState.Free(3),
                new SlotState.Offered(life, 1L << 41, 3),
                new SlotState.Running(life, 1L << 41),
                new SlotState.Draining(life, 1L << 41, life),
                new SlotState.Parked(Placement.PARKED_CAUSE, 0),
                new SlotState.Parked(Reports.VIEWS_LOST_CAUSE, 1L << 41));
        for (SlotState state : longest) {
            ViewDraft draft = new ViewDraft(1L << 41, Timings.DEFAULT.leaseNanos());
            draft.add(new Change.ServicePlanned(ServicePlan.bucketed("bag", 100, 1_000)));
            for (int i = 1; i <= 1_000; i++) {
                draft.add(new Change.SlotChanged(new SlotId("bag", i), state));
            }
            for (int i = 1; i <= 100; i++) {
                draft.add(new Change.HomeChosen(new SlotId("bag", i), life));
                draft.add(new Change.MemberListed(new Listing(
                        new Incarnation(new NodeId(i), 1L << 41),
                        "node-" + i,
                        new Nonce(-1, -1),
                        List.of(role()),
                        List.of("a.host.with.a.name:7000"),
                        "launcher",
                        true)));
                draft.add(new Change.NameTaken(new GlobalName("name-" + i, -1, life)));
                draft.add(new Change.SettingChanged("key-" + i, "\u20ac".repeat(i)));
            }
            View view = draft.preview();
            assertThat((long) Protocol.VIEW.encode(ViewImage.of(view)).length)
                    .as(state.toString())
                    .isLessThanOrEqualTo(ViewRoom.of(view) - 100L * 160);
        }
    }
}
