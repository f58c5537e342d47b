package dev.berth.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Load;
import dev.berth.core.store.StoreMessage.Page;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.StoreRefused;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// An engine in this process, on a real directory; connections are customers who wait for their answers. Everything is
// asked again of a second engine on the same directory after the first has been closed.

/** What is acknowledged is there, in order, once, and behind its fence; also after a restart. */
class StoreEngineTest {
    private static final SlotId SLOT = new SlotId("role", 3);
    private static final Grant OLD = new Grant(SLOT, 5);
    private static final Grant NEW = new Grant(SLOT, 9);

    @TempDir
    private Path directory;

    private StoreEngine engine;
    private Customer owner;

    @BeforeEach
    void open() throws StoreException {
        engine = StoreEngine.open(StoreConfig.of(directory, "test"), bug -> {});
        owner = new Customer(engine);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void restart() throws StoreException {
        engine.close();
        open();
    }

    private static List<String> texts(List<StorePiece> pieces) {
        return pieces.stream()
                .map(piece -> switch (piece) {
                    case StorePiece.State state ->
                        state.key().utf8() + "#" + state.version() + "="
                                + state.state().utf8();
                    case StorePiece.Delta delta ->
                        delta.key().utf8() + "#" + delta.version() + "+"
                                + delta.delta().utf8();
                })
                .toList();
    }

    /** Whoever writes one after the other waits for it each time but the first. */
    @Test
    void fsyncs_keepTheirPace() throws StoreException {
        long paceNanos = 50_000_000;
        engine.close();
        engine = StoreEngine.open(
                StoreConfig.of(directory, "test").withPaceMicros((int) (paceNanos / 1_000)), bug -> {});
        owner = new Customer(engine);
        assertThat(owner.fence(OLD)).isNull();
        long begun = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            assertThat(owner.written(owner.append(OLD, "a", i, "x"))).isEqualTo(i + 1);
        }
        assertThat(System.nanoTime() - begun).isGreaterThan(3 * paceNanos);
        assertThat(texts(owner.load(SLOT))).containsExactly("a#1+x", "a#2+x", "a#3+x", "a#4+x");
    }

    @Test
    void writes_areLoadedInOrder_snapshotsReplaceWhatWasBefore() throws StoreException {
        assertThat(owner.fence(OLD)).isNull();
        assertThat(owner.written(owner.append(OLD, "a", 0, "1"))).isEqualTo(1);
        assertThat(owner.written(owner.append(OLD, "a", 1, "2"))).isEqualTo(2);
        assertThat(owner.written(owner.append(OLD, "bb", 0, "3"))).isEqualTo(1);
        assertThat(owner.written(owner.snapshot(OLD, "a", 2, "all"))).isEqualTo(3);
        assertThat(owner.written(owner.append(OLD, "a", 3, "4"))).isEqualTo(4);

        List<String> expected = List.of("a#3=all", "a#4+4", "bb#1+3");
        assertThat(texts(owner.load(SLOT))).isEqualTo(expected);
        assertThat(texts(owner.load(SLOT, Bytes.utf8("bb")))).containsExactly("bb#1+3");
        restart();
        assertThat(texts(owner.load(SLOT))).isEqualTo(expected);
        owner.fence(OLD);
        assertThat(owner.written(owner.append(OLD, "a", 4, "5"))).isEqualTo(5);
    }

    @Test
    void slotsAndKeys_doNotMix() {
        Grant other = new Grant(new SlotId("role", 2), 5);
        Grant longer = new Grant(new SlotId("role2", 3), 5);
        for (Grant grant : List.of(OLD, other, longer)) {
            owner.fence(grant);
            for (String key : List.of("a", "aa", "b")) {
                owner.written(owner.append(grant, key, 0, grant.slot() + key));
            }
        }
        assertThat(texts(owner.load(SLOT))).containsExactly("a#1+role/3a", "b#1+role/3b", "aa#1+role/3aa");
        assertThat(texts(owner.load(other.slot(), Bytes.utf8("a")))).containsExactly("a#1+role/2a");
        assertThat(owner.load(new SlotId("role", 1))).isEmpty();
    }

    @Test
    void earlierOwner_isRefused_beforeAndAfterARestart() throws StoreException {
        owner.fence(OLD);
        owner.written(owner.append(OLD, "a", 0, "1"));
        Customer next = new Customer(engine);
        assertThat(next.fence(NEW)).isNull();

        assertThat(owner.refusal(owner.append(OLD, "a", 1, "2"))).isEqualTo(new StoreRefusal.Fenced(9));
        assertThat(owner.fence(OLD)).isEqualTo(new StoreRefusal.Fenced(9));
        restart();
        assertThat(owner.refusal(owner.append(OLD, "a", 1, "2"))).isEqualTo(new StoreRefusal.Fenced(9));
        assertThat(owner.fence(OLD)).isEqualTo(new StoreRefusal.Fenced(9));
        assertThat(owner.refusal(owner.snapshot(NEW, "a", 1, "2"))).isEqualTo(new StoreRefusal.FenceMissing(9));
        assertThat(owner.fence(NEW)).isNull();
        assertThat(owner.written(owner.snapshot(NEW, "a", 1, "2"))).isEqualTo(2);
    }

    @Test
    void fenceOverANewConnection_endsWhatTheOldOneStillSends() {
        owner.fence(OLD);
        owner.written(owner.append(OLD, "a", 0, "1"));
        Customer again = new Customer(engine);
        assertThat(again.refusal(again.append(OLD, "a", 1, "2"))).isEqualTo(new StoreRefusal.FenceMissing(5));
        assertThat(again.fence(OLD)).isNull();
        assertThat(texts(again.load(SLOT))).containsExactly("a#1+1");

        assertThat(owner.refusal(owner.append(OLD, "a", 1, "late"))).isEqualTo(new StoreRefusal.FenceMissing(5));
        assertThat(again.written(again.append(OLD, "a", 1, "2"))).isEqualTo(2);
    }

    @Test
    void pipelinedWrites_seeEachOther_withinOneBatch() {
        owner.fence(OLD);
        for (int i = 0; i < 500; i++) {
            owner.send(owner.append(OLD, "a", i, "" + i));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(owner.answer()).isEqualTo(new Written(i + 2L, i + 1L, false));
        }
        assertThat(engine.status(1).fsyncs()).isBetween(1L, 400L);
        assertThat(engine.status(1).acknowledged()).isEqualTo(500);
    }

    @Test
    void sameOperationTwice_isOneEffect_alsoInOneBatch_afterASnapshot_andAfterARestart() throws StoreException {
        OperationId operation = new OperationId(7, 1);
        owner.fence(OLD);
        owner.send(owner.append(OLD, "a", 0, operation, "1"));
        owner.send(owner.append(OLD, "a", 0, operation, "1"));
        assertThat(owner.answer()).isEqualTo(new Written(2, 1, false));
        assertThat(owner.answer()).isEqualTo(new Written(3, 1, true));
        owner.written(owner.snapshot(OLD, "a", 1, "all"));
        assertThat(owner.ask(owner.append(OLD, "a", 2, operation, "1"))).isEqualTo(new Written(5, 1, true));
        assertThat(owner.written(owner.append(OLD, "b", 0, operation, "1"))).isEqualTo(1);

        restart();
        owner.fence(OLD);
        assertThat(owner.ask(owner.append(OLD, "a", 2, operation, "1"))).isEqualTo(new Written(2, 1, true));
        assertThat(texts(owner.load(SLOT, Bytes.utf8("a")))).containsExactly("a#2=all");
    }

    @Test
    void operations_areRememberedForAsManyWritesAsPromised_andThenForgotten() {
        owner.fence(OLD);
        OperationId first = new OperationId(7, 0);
        owner.written(owner.append(OLD, "a", 0, first, "x"));
        for (int i = 1; i < StoreLimits.OPERATIONS_MAX; i++) {
            owner.written(owner.append(OLD, "a", i, new OperationId(7, i), "x"));
        }
        int version = StoreLimits.OPERATIONS_MAX;
        assertThat(((Written) owner.ask(owner.append(OLD, "a", version, first, "x"))).repeated())
                .isTrue();
        owner.written(owner.append(OLD, "a", version, new OperationId(8, 0), "x"));
        assertThat(((Written) owner.ask(owner.append(OLD, "a", version + 1, first, "x"))).repeated())
                .isFalse();
    }

    @Test
    void otherVersion_isRefused_andSaid() {
        owner.fence(OLD);
        owner.written(owner.append(OLD, "a", 0, "1"));
        assertThat(owner.refusal(owner.append(OLD, "a", 0, "again"))).isEqualTo(new StoreRefusal.OtherVersion(1));
        assertThat(owner.refusal(owner.snapshot(OLD, "a", 7, "x"))).isEqualTo(new StoreRefusal.OtherVersion(1));
        assertThat(texts(owner.load(SLOT))).containsExactly("a#1+1");
    }

    @Test
    void tooManyDeltas_wantASnapshot_afterWhichThereIsRoom() {
        owner.fence(OLD);
        for (int i = 0; i < StoreLimits.DELTAS_MAX; i++) {
            owner.send(owner.append(OLD, "a", i, "x"));
        }
        for (int i = 0; i < StoreLimits.DELTAS_MAX; i++) {
            assertThat(owner.answer()).isInstanceOf(Written.class);
        }
        int full = StoreLimits.DELTAS_MAX;
        assertThat(owner.refusal(owner.append(OLD, "a", full, "x")))
                .isEqualTo(new StoreRefusal.SnapshotFirst(full, full));
        owner.written(owner.snapshot(OLD, "a", full, "all"));
        owner.written(owner.append(OLD, "a", full + 1, "x"));
        assertThat(owner.load(SLOT)).hasSize(2);
    }

    @Test
    void largestPieces_areWritten_andComeInPagesThatFitAFrame() {
        owner.fence(OLD);
        Bytes state = Bytes.wrap(new byte[StoreLimits.STATE_MAX]);
        Bytes delta = Bytes.wrap(new byte[StoreLimits.DELTA_MAX]);
        Bytes key = Bytes.wrap(new byte[StoreLimits.KEY_MAX]);
        owner.written(new Snapshot(owner.nextRequest(), OLD, key, 0, state));
        for (int i = 1; i <= 20; i++) {
            owner.written(new Append(owner.nextRequest(), OLD, key, i, null, delta));
        }
        assertThat(owner.load(SLOT)).hasSize(21).extracting(StorePiece::version).isSorted();
        Page first = owner.page(SLOT, Bytes.EMPTY, Bytes.EMPTY);
        assertThat(first.pieces()).hasSize(1);
        assertThat(owner.page(SLOT, Bytes.EMPTY, first.next()).pieces()).hasSize(4);
    }

    @Test
    void strangeCursors_findNothingOfOthers() {
        Grant other = new Grant(new SlotId("role", 4), 5);
        owner.fence(other);
        owner.written(owner.append(other, "z", 0, "secret"));
        for (byte[] cursor : List.of(new byte[] {1}, new byte[] {-1, -1, -1}, new byte[StoreLimits.CURSOR_MAX])) {
            assertThat(owner.page(SLOT, Bytes.EMPTY, Bytes.wrap(cursor)).pieces())
                    .isEmpty();
        }
    }

    @Test
    void moreThanMayWait_isRefusedAsBusy_andTheRestIsDone() throws StoreException {
        engine.close();
        engine = StoreEngine.open(StoreConfig.of(directory, "test").withQueue(16, 4 << 20), bug -> {});
        owner = new Customer(engine);
        owner.fence(OLD);
        int sent = 5_000;
        for (int i = 0; i < sent; i++) {
            owner.send(owner.append(OLD, "k" + i, 0, "x"));
        }
        List<FromStore> answers = new ArrayList<>();
        for (int i = 0; i < sent; i++) {
            answers.add(owner.answer());
        }
        long busy = answers.stream()
                .filter(answer ->
                        answer instanceof StoreRefused refused && refused.reason() instanceof StoreRefusal.Busy)
                .count();
        assertThat(busy).isPositive();
        assertThat(owner.load(SLOT)).hasSize((int) (sent - busy));
    }

    @Test
    void closedEngine_refusesWhatComesLater() {
        engine.close();
        assertThat(owner.refusal(owner.append(OLD, "a", 0, "1"))).isInstanceOf(StoreRefusal.Unavailable.class);
        assertThat(owner.refusal(new Load(9, SLOT, Bytes.EMPTY, Bytes.EMPTY))).isInstanceOf(StoreRefusal.class);
    }
}
