package dev.berth.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Views are made one from the other by deltas, and taken to an image and back.
class ViewTest {
    private static final long L = 5_000_000_000L;

    private static Listing listing(int node, long number) {
        return new Listing(
                new Incarnation(new NodeId(node), number),
                "w" + node,
                new Nonce(node, number),
                List.of(new Offer("role", 2, false)),
                List.of("10.0.0." + node + ":7000"),
                "launcher",
                false);
    }

    private static Delta delta(View base, Change... changes) {
        return new Delta(base.number() + 1, "test", List.of(changes));
    }

    private static View next(View base, Change... changes) {
        return base.apply(delta(base, changes));
    }

    private static View rich() {
        View view = next(
                View.empty(L),
                new Change.ServicePlanned(ServicePlan.plain("role", 4)),
                new Change.ServicePlanned(ServicePlan.bucketed("bag", 3, 16)));
        view = next(view, new Change.MemberListed(listing(1, 2)), new Change.MemberListed(listing(300, 2)));
        Incarnation one = new Incarnation(new NodeId(1), 2);
        Incarnation other = new Incarnation(new NodeId(300), 2);
        return next(
                view,
                new Change.SlotChanged(new SlotId("role", 1), new SlotState.Running(one, 2)),
                new Change.SlotChanged(new SlotId("role", 2), new SlotState.Offered(other, 3, 1)),
                new Change.SlotChanged(new SlotId("role", 3), new SlotState.Draining(one, 2, other)),
                new Change.SlotChanged(new SlotId("role", 4), new SlotState.Parked("given up", 0)),
                new Change.SlotChanged(new SlotId("bag", 5), new SlotState.Free(2)),
                new Change.BucketReassigned(new SlotId("bag", 16), 1),
                new Change.HomeChosen(new SlotId("bag", 2), other),
                new Change.NameTaken(new GlobalName("database", 99, one)),
                new Change.NameTaken(new GlobalName("log", 98, other)),
                new Change.SettingChanged("drain.slots-max", "3"),
                new Change.LeaseChanged(L, 2 * L));
    }

    @Test
    void laterView_reachesTheEarlier_andCountsTheSteps() {
        View one = next(View.empty(L));
        View three = next(next(one));

        assertThat(three.reaches(one)).isTrue();
        assertThat(three.reaches(next(next(one)))).isTrue();
        assertThat(one.reaches(three)).isFalse();
        assertThat(three.viewsSince(one)).isEqualTo(2);
    }

    @Test
    void service_isServedAsBefore_whileOwnersThatServeStay() {
        View view = rich();
        Incarnation one = new Incarnation(new NodeId(1), 2);
        Incarnation other = new Incarnation(new NodeId(300), 2);
        SlotId drains = new SlotId("role", 3);
        SlotId offered = new SlotId("role", 2);

        View stays = next(view, new Change.SlotChanged(drains, new SlotState.Running(one, 2)));
        View comes = next(view, new Change.SlotChanged(offered, new SlotState.Running(other, 3)));
        View moves = next(view, new Change.SlotChanged(drains, new SlotState.Running(other, 4)));

        assertThat(role(stays).isServedAs(role(view))).isTrue();
        assertThat(role(comes).isServedAs(role(view))).isFalse();
        assertThat(role(moves).isServedAs(role(view))).isFalse();
        assertThat(role(view).isServedAs(Service.planned(ServicePlan.plain("role", 5))))
                .isFalse();
    }

    private static Service role(View view) {
        return Objects.requireNonNull(view.service("role"));
    }

    @Test
    void image_hasEverything() {
        View view = rich();
        ViewImage image = ViewImage.of(view);

        assertThat(ViewImage.of(image.toView())).isEqualTo(image);
        assertThat(image.toView().longestLeaseNanos()).isEqualTo(2 * L);
        assertThat(image.toView().settings().version()).isEqualTo(3);
        Service bag = image.toView().service("bag");
        assertThat(bag).isNotNull().satisfies(service -> {
            assertThat(service.slotOf(16)).isEqualTo(1);
            assertThat(service.slotOf(1)).isEqualTo(1);
            assertThat(service.home(2)).isEqualTo(new Incarnation(new NodeId(300), 2));
        });
    }

    @Test
    void delta_fitsItsBaseOnly_andOnlyOnce() {
        View base = rich();
        Delta delta = delta(base, new Change.MemberListed(listing(7, 4)));
        View next = base.apply(delta);

        assertThatThrownBy(() -> next.apply(delta)).hasMessage("a delta to view 4 does not fit view 4");
        assertThatThrownBy(() -> View.empty(L).apply(delta)).hasMessage("a delta to view 4 does not fit view 0");
        assertThat(base.memberCount()).isEqualTo(2);
        assertThat(next.memberCount()).isEqualTo(3);
    }

    @Test
    @Tag("S1.28")
    void nextView_sharesWithItsPredecessor_allThatDidNotChange() {
        View base = rich();
        View slotMoved = next(base, new Change.SlotChanged(new SlotId("role", 1), new SlotState.Free(0)));

        assertThat(slotMoved.members).isSameAs(base.members);
        assertThat(slotMoved.names).isSameAs(base.names);
        assertThat(slotMoved.settings).isSameAs(base.settings);
        assertThat(slotMoved.service("bag")).isSameAs(base.service("bag"));
        assertThat(slotMoved.service("role")).isNotSameAs(base.service("role"));
    }

    @Test
    @Tag("S1.18")
    void memberThatGoes_takesItsNamesAlong_butNoSlots() {
        Incarnation one = new Incarnation(new NodeId(1), 2);

        View view = next(rich(), new Change.MemberGone(one, "test"));

        assertThat(view.lists(one)).isFalse();
        assertThat(view.names()).containsOnlyKeys("log");
        assertThat(view.slot(new SlotId("role", 1))).isEqualTo(new SlotState.Running(one, 2));
    }

    @Test
    void lists_askForTheLife_notForTheNode() {
        View view = rich();

        assertThat(view.lists(new Incarnation(new NodeId(1), 2))).isTrue();
        assertThat(view.lists(new Incarnation(new NodeId(1), 1))).isFalse();
        assertThat(view.lists(new Incarnation(new NodeId(2), 2))).isFalse();
        assertThat(view.lists(Incarnation.NONE)).isFalse();
    }

    @Test
    void changeOfWhatIsNotThere_isRefusedByName() {
        View view = rich();

        assertThatThrownBy(() -> next(view, new Change.SlotChanged(new SlotId("gate", 1), SlotState.Free.CLEAN)))
                .hasMessageContaining("gate");
        assertThatThrownBy(() -> next(view, new Change.SlotChanged(new SlotId("role", 5), SlotState.Free.CLEAN)))
                .hasMessageContaining("role")
                .hasMessageContaining("5");
        assertThatThrownBy(() -> next(view, new Change.Resized("role", 5))).hasMessageContaining("role");
        assertThat(view.slot(new SlotId("gate", 1))).isNull();
        assertThat(view.slot(new SlotId("role", 5))).isNull();
    }

    @Test
    void draft_showsWhatTheViewWouldBe_andTheDeltaLeadsThere() {
        View base = rich();
        ViewDraft draft = new ViewDraft(base);
        List<ViewImage> previews = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 40; i++) {
            draft.add(new Change.SlotChanged(
                    new SlotId("bag", random.nextInt(1, 17)), new SlotState.Free(random.nextInt(3))));
            previews.add(ViewImage.of(draft.preview()));
        }

        assertThat(ViewImage.of(base.apply(draft.toDelta("test")))).isEqualTo(previews.getLast());
        assertThat(previews.getFirst().number()).isEqualTo(base.number() + 1);
        assertThat(ViewImage.of(base)).isEqualTo(ViewImage.of(rich()));
    }
}
