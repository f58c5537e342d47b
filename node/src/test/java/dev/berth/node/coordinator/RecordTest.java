package dev.berth.node.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterEvent.WasWritten;
import dev.berth.core.cluster.MasterEvent.WasWritten.Outcome;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

// Each test has a cluster of its own on one real server. What a master or a member asks for is asked for by hand, and
// the answer is compared with what the record then holds.
class RecordTest {
    private static final Incarnation FIRST = new Incarnation(new NodeId(1), 1);
    private static final Incarnation SECOND = new Incarnation(new NodeId(2), 1);

    @TempDir
    static Path dir;

    private static LocalServer server;

    private final Eventually<MasterEvent> heard = new Eventually<>();
    private final Eventually<MemberEvent> member = new Eventually<>();
    private Coordinator coordinator;

    @BeforeAll
    static void serve() throws Exception {
        server = new LocalServer(dir);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void stand(TestInfo test) throws Exception {
        String cluster = "c" + Integer.toHexString(test.getDisplayName().hashCode());
        coordinator =
                new Coordinator(new CoordinatorConfig(server.address(), cluster), "test", _ -> {}, RecordTest::broken);
        coordinator.start();
        coordinator.stand("m1", heard::add);
        heard.await(MasterEvent.Elected.class);
    }

    private static void broken(Throwable why) {
        throw new AssertionError(why);
    }

    @AfterEach
    void leave() {
        coordinator.close();
    }

    private Durable read(long request) throws InterruptedException {
        coordinator.read(new MasterAction.Read(request), heard::add);
        return heard.await(MasterEvent.WasRead.class).durable();
    }

    private Outcome outcome() throws InterruptedException {
        return heard.await(WasWritten.class).outcome();
    }

    private static TermRecord term(long number) {
        return new TermRecord(number, 0, "m1", false, 5);
    }

    private static View view(long number, Incarnation... members) {
        List<Listing> listings = new ArrayList<>();
        for (Incarnation life : members) {
            listings.add(new Listing(
                    life, "n" + life.node().value(), new Nonce(1, 2), List.of(), List.of("a:1"), "", false));
        }
        return new ViewImage(number, 5, 5, listings, List.of(), List.of(), List.of(), 0).toView();
    }

    private void write(long request, int version, View view, Durable.Touch... unchanged) {
        coordinator.write(
                new MasterAction.WriteView(request, version, view, List.of(unchanged), entry(view.number(), "because")),
                heard::add);
    }

    private static JournalEntry entry(long view, String reason) {
        return new JournalEntry(view, 1, "m1", 0, reason, List.of(), 0);
    }

    private boolean touches(Incarnation life, long view) throws InterruptedException {
        coordinator.touch(new MemberAction.Touch(1, life, view), member::add);
        return member.await("an answer", _ -> true) instanceof MemberEvent.Touched touched && touched.newer() == null;
    }

    @Test
    void newRecord_isEmpty() throws Exception {
        Durable durable = read(1);

        assertThat(durable.view().number()).isZero();
        assertThat(durable.term().term()).isZero();
        assertThat(durable.term().election()).isZero();
        assertThat(durable.touches()).isEmpty();
    }

    @Test
    void takeOver_raisesTermAndRewritesTheView_orNeither() throws Exception {
        coordinator.write(new MasterAction.TakeOver(1, 0, term(1), 0, view(0), entry(0, "leads")), heard::add);
        assertThat(outcome()).isEqualTo(Outcome.DONE);
        coordinator.write(new MasterAction.TakeOver(2, 1, term(2), 0, view(0), entry(0, "leads")), heard::add);
        assertThat(outcome()).isEqualTo(Outcome.CONFLICT);

        Durable durable = read(3);
        assertThat(durable.term().term()).isEqualTo(1);
        assertThat(durable.termVersion()).isEqualTo(1);
        assertThat(durable.viewVersion()).isEqualTo(1);
    }

    @Test
    @Tag("S2.6")
    void termAndView_areWrittenOnlyOnTheVersionThatWasRead() throws Exception {
        coordinator.write(new MasterAction.WriteTerm(1, 0, term(1)), heard::add);
        coordinator.write(new MasterAction.WriteTerm(2, 0, term(7)), heard::add);
        assertThat(outcome()).isEqualTo(Outcome.DONE);
        assertThat(outcome()).isEqualTo(Outcome.CONFLICT);
        write(3, 0, view(1, FIRST));
        write(4, 0, view(9, FIRST));
        assertThat(outcome()).isEqualTo(Outcome.DONE);
        assertThat(outcome()).isEqualTo(Outcome.CONFLICT);

        Durable durable = read(5);
        assertThat(durable.term()).isEqualTo(term(1));
        assertThat(durable.view()).isEqualTo(ViewImage.of(view(1, FIRST)));
    }

    @Test
    void writesOfOneClient_areCarriedOutInTheirOrder() throws Exception {
        int count = 200;
        for (int i = 0; i < count; i++) {
            coordinator.write(new MasterAction.WriteTerm(i, i, term(i + 1)), heard::add);
        }
        for (int i = 0; i < count; i++) {
            WasWritten written = heard.await(WasWritten.class);
            assertThat(written).isEqualTo(new WasWritten(i, Outcome.DONE));
        }
        assertThat(read(1_000).termVersion()).isEqualTo(count);
    }

    @Test
    @Tag("S2.6")
    void touch_countsFromOne_andBlocksAViewThatHasNotSeenIt() throws Exception {
        write(1, 0, view(1, FIRST, SECOND));
        assertThat(outcome()).isEqualTo(Outcome.DONE);
        assertThat(touches(FIRST, 1)).isTrue();
        assertThat(read(2).touches()).containsExactly(new Durable.Touch(FIRST, 1));
        assertThat(touches(FIRST, 1)).isTrue();
        assertThat(read(3).touches()).containsExactly(new Durable.Touch(FIRST, 2));

        write(4, 1, view(2, SECOND), new Durable.Touch(FIRST, 1), new Durable.Touch(SECOND, 0));
        assertThat(outcome()).isEqualTo(Outcome.CONFLICT);
        write(5, 1, view(2, SECOND), new Durable.Touch(FIRST, 2), new Durable.Touch(SECOND, 1));
        assertThat(outcome()).isEqualTo(Outcome.CONFLICT);
        write(6, 1, view(2, SECOND), new Durable.Touch(FIRST, 2), new Durable.Touch(SECOND, 0));
        assertThat(outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void neverTouched_isCheckedToo() throws Exception {
        write(1, 0, view(1, FIRST));
        assertThat(outcome()).isEqualTo(Outcome.DONE);
        assertThat(touches(FIRST, 1)).isTrue();

        write(2, 1, view(2), new Durable.Touch(FIRST, 0));

        assertThat(outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(read(3).view().number()).isEqualTo(1);
    }

    @Test
    void touch_onAnotherView_isToldTheView() throws Exception {
        write(1, 0, view(3, SECOND));
        assertThat(outcome()).isEqualTo(Outcome.DONE);

        coordinator.touch(new MemberAction.Touch(7, FIRST, 2), member::add);
        MemberEvent.Touched other = member.await(MemberEvent.Touched.class);
        View newer = Objects.requireNonNull(other.newer());
        assertThat(newer.number()).isEqualTo(3);
        assertThat(touches(FIRST, 3)).as("it is not listed").isFalse();
        assertThat(read(2).touches()).isEmpty();
    }

    @Test
    void touchNodes_ofThoseWhoAreGone_areRemoved() throws Exception {
        write(1, 0, view(1, FIRST, SECOND));
        assertThat(outcome()).isEqualTo(Outcome.DONE);
        assertThat(touches(FIRST, 1)).isTrue();
        assertThat(touches(SECOND, 1)).isTrue();

        write(2, 1, view(2, SECOND), new Durable.Touch(FIRST, 1));
        assertThat(outcome()).isEqualTo(Outcome.DONE);

        List<Durable.Touch> left = read(3).touches();
        for (int i = 4; left.size() > 1 && i < 10_000; i++) {
            left = read(i).touches();
        }
        assertThat(left).containsExactly(new Durable.Touch(SECOND, 1));
    }

    @Test
    void viewOfNearlyAMebibyte_isWritten_aLargerOneIsAnError() throws Exception {
        Incarnation[] many = new Incarnation[22_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Incarnation(new NodeId(i + 1), 1);
        }
        write(1, 0, view(1, Arrays.copyOf(many, 20_000)));
        assertThat(outcome()).isEqualTo(Outcome.DONE);
        assertThat(read(2).view().members()).hasSize(20_000);

        Incarnation[] more = new Incarnation[60_000];
        for (int i = 0; i < more.length; i++) {
            more[i] = new Incarnation(new NodeId(i + 1), 1);
        }
        assertThatThrownBy(() -> write(3, 1, view(2, more)))
                .isInstanceOf(RecordTooLargeException.class)
                .hasMessageContainingAll("view 2 takes", "at most 1040000", "divide it");
        assertThat(read(4).view().number()).isEqualTo(1);
    }
}
