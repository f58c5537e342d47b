package dev.berth.node.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ClusterMessage.JournalPage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.JournalLine;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterEvent.WasWritten;
import dev.berth.core.cluster.MasterEvent.WasWritten.Outcome;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

// Each test has a cluster of its own on one real server. Views are written by hand, some of them in vain; a stranger
// spoils the journal's nodes. What counts: a view has its entry or is not written, and is never kept waiting by one.
class JournalRingTest {
    @TempDir
    static Path dir;

    private static LocalServer server;

    private final Eventually<MasterEvent> heard = new Eventually<>();
    private final Eventually<JournalPage> pages = new Eventually<>();
    private String cluster = "";
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
        cluster = "c" + Integer.toHexString(test.getDisplayName().hashCode());
        coordinator = open();
    }

    private Coordinator open() throws InterruptedException {
        Coordinator opened = new Coordinator(new CoordinatorConfig(server.address(), cluster), _ -> {}, why -> {
            throw new AssertionError(why);
        });
        opened.start();
        opened.stand("m1", heard::add);
        heard.await(MasterEvent.Elected.class);
        return opened;
    }

    @AfterEach
    void leave() {
        coordinator.close();
    }

    private static View view(long number, int members) {
        List<Listing> listings = Stream.iterate(1, i -> i + 1)
                .limit(members)
                .map(i -> new Listing(
                        new Incarnation(new NodeId(i), 1),
                        "n" + i,
                        new Nonce(1, 2),
                        List.of(),
                        List.of("a:1"),
                        "",
                        false))
                .toList();
        return new ViewImage(number, 5, 5, listings, List.of(), List.of(), List.of(), 0).toView();
    }

    private static JournalEntry entry(long view, String reason, JournalLine... lines) {
        return new JournalEntry(view, 1, "m1", 0, reason, List.of(lines), 0);
    }

    private Outcome write(int version, View view, JournalEntry entry) throws InterruptedException {
        coordinator.write(new MasterAction.WriteView(1, version, view, List.of(), entry), heard::add);
        return heard.await(WasWritten.class).outcome();
    }

    private JournalPage page(int place) throws InterruptedException {
        coordinator.read(new MasterAction.ReadJournal(1, new Nonce(3, 4), place), pages::add);
        return pages.await("a page", _ -> true);
    }

    private List<JournalEntry> journal() throws InterruptedException {
        List<JournalEntry> all = new ArrayList<>();
        int place = 0;
        while (place >= 0) {
            JournalPage page = page(place);
            assertThat(page.problem()).isEmpty();
            all.addAll(page.entries());
            place = page.next();
        }
        all.sort(Comparator.comparingLong(JournalEntry::view));
        return all;
    }

    private interface Doing {
        void with(ZooKeeper stranger) throws Exception;
    }

    /** Somebody else who reaches the coordinator. */
    private static void stranger(Doing doing) throws Exception {
        ZooKeeper stranger = new ZooKeeper(server.address(), 10_000, _ -> {});
        try {
            doing.with(stranger);
        } finally {
            stranger.close();
        }
    }

    @Test
    void entry_isWrittenWithItsView_withTheTime_orNotAtAll() throws Exception {
        long before = System.currentTimeMillis();

        assertThat(write(0, view(1, 1), entry(1, "first"))).isEqualTo(Outcome.DONE);
        assertThat(write(0, view(2, 1), entry(2, "in vain"))).isEqualTo(Outcome.CONFLICT);
        // The same write once more, as after an answer that got lost.
        assertThat(write(0, view(1, 1), entry(1, "first"))).isEqualTo(Outcome.CONFLICT);

        assertThat(journal()).singleElement().satisfies(entry -> {
            assertThat(entry.reason()).isEqualTo("first");
            assertThat(entry.atMillis()).isBetween(before, System.currentTimeMillis());
        });
    }

    @Test
    void journal_isReadByAnotherProcess_afterItsWriterIsGone() throws Exception {
        assertThat(write(0, view(1, 1), entry(1, "first"))).isEqualTo(Outcome.DONE);
        coordinator.close();
        coordinator = open();

        assertThat(write(1, view(2, 1), entry(2, "second"))).isEqualTo(Outcome.DONE);
        assertThat(journal()).extracting(JournalEntry::reason).containsExactly("first", "second");
    }

    @Test
    void journal_keepsItsBound_andForgetsTheOldestFirst() throws Exception {
        int views = JournalEntry.VIEWS_MAX + 40;
        for (int i = 0; i < views; i++) {
            MasterAction.WriteView write =
                    new MasterAction.WriteView(i, i, view(i + 1, 1), List.of(), entry(i + 1, "view " + (i + 1)));
            coordinator.write(write, heard::add);
        }
        for (int i = 0; i < views; i++) {
            assertThat(heard.await(WasWritten.class).outcome()).isEqualTo(Outcome.DONE);
        }

        List<JournalEntry> journal = journal();
        assertThat(journal).hasSize(JournalEntry.VIEWS_MAX);
        assertThat(journal.getFirst().view()).isEqualTo(41);
        assertThat(journal.getLast().view()).isEqualTo(views);
        stranger(its -> assertThat(its.getChildren("/berth/" + cluster + "/journal", false))
                .hasSize(JournalRing.PLACES));
    }

    @Test
    void journalThatWasRemoved_stopsNoView_andIsThereAgainForTheNext() throws Exception {
        String path = "/berth/" + cluster + "/journal";
        stranger(its -> {
            for (String place : its.getChildren(path, false)) {
                its.delete(path + "/" + place, -1);
            }
            its.delete(path, -1);
        });

        assertThat(write(0, view(1, 1), entry(1, "told to nobody"))).isEqualTo(Outcome.DONE);
        assertThat(write(0, view(2, 1), entry(2, "in vain"))).isEqualTo(Outcome.CONFLICT);
        assertThat(write(1, view(2, 1), entry(2, "told again"))).isEqualTo(Outcome.DONE);

        assertThat(journal()).extracting(JournalEntry::reason).containsExactly("told again");
    }

    @Test
    void entryThatCannotBeRead_isSaid_andTheOthersAreRead() throws Exception {
        assertThat(write(0, view(1, 1), entry(1, "first"))).isEqualTo(Outcome.DONE);
        assertThat(write(1, view(2, 1), entry(2, "second"))).isEqualTo(Outcome.DONE);
        byte[] garbage = "not an entry".getBytes(StandardCharsets.UTF_8);
        stranger(its -> its.setData("/berth/" + cluster + "/journal/1", garbage, -1));

        JournalPage page = page(0);
        assertThat(page.entries()).extracting(JournalEntry::reason).containsExactly("second");
        assertThat(page.problem()).contains("/journal/1: ");
        assertThat(page(JournalRing.PLACES).problem()).contains("asked for " + JournalRing.PLACES);
        assertThat(write(2, view(3, 1), entry(3, "third"))).isEqualTo(Outcome.DONE);
    }

    @Test
    void entryThatIsTooLong_losesLines_andOneBesideAHugeViewTheRest() throws Exception {
        JournalLine line = new JournalLine.SlotMoved(
                new SlotId("role", 1), SlotState.Free.CLEAN, SlotState.Free.CLEAN, "because".repeat(25));
        JournalLine[] lines = Collections.nCopies(JournalEntry.LINES_MAX, line).toArray(JournalLine[]::new);

        assertThat(write(0, view(1, 1), entry(1, "long", lines))).isEqualTo(Outcome.DONE);
        assertThat(write(1, view(2, 21_000), entry(2, "huge", lines))).isEqualTo(Outcome.DONE);

        List<JournalEntry> journal = journal();
        assertThat(journal.getFirst().lines()).hasSizeBetween(100, 512);
        assertThat(journal.getFirst().omitted())
                .isEqualTo(JournalEntry.LINES_MAX - journal.getFirst().lines().size());
    }
}
