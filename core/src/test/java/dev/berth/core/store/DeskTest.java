package dev.berth.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Desk.Verdict;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.wire.Bytes;
import org.junit.jupiter.api.Test;

// Connections are numbers here: 1 is an owner's, 2 the same owner's after it has dialled again, 3 the next owner's.

/** What a store lets land, in which order it looks, and what it says to the rest. */
class DeskTest {
    private static final SlotId SLOT = new SlotId("role", 3);
    private static final Grant OLD = new Grant(SLOT, 5);
    private static final Grant NEW = new Grant(SLOT, 9);
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Brim ROOM = new Brim(95, 93, 0);

    private final Desk desk = new Desk(new Fences());

    private static Append append(long version, int bytes) {
        return new Append(1, OLD, KEY, version, new OperationId(1, 2), Bytes.wrap(new byte[bytes]));
    }

    private static Append by(Grant grant) {
        return new Append(1, grant, KEY, 0, null, Bytes.EMPTY);
    }

    @Test
    void write_landsOnlyOverTheConnectionThatAssertedTheFence() {
        assertThat(desk.admits(1, by(OLD))).isEqualTo(new StoreRefusal.FenceMissing(0));

        assertThat(desk.fence(1, OLD)).isNull();

        assertThat(desk.admits(1, by(OLD))).isNull();
        assertThat(desk.admits(2, by(OLD))).isEqualTo(new StoreRefusal.FenceMissing(5));
    }

    @Test
    void sameFenceOverAnotherConnection_shutsTheFirstOneOut() {
        desk.fence(1, OLD);
        assertThat(desk.fence(2, OLD)).isNull();

        assertThat(desk.admits(1, by(OLD))).isEqualTo(new StoreRefusal.FenceMissing(5));
        assertThat(desk.admits(2, by(OLD))).isNull();
    }

    @Test
    void laterOwnersFence_shutsTheEarlierOwnerOutForGood() {
        desk.fence(1, OLD);
        assertThat(desk.fence(3, NEW)).isNull();

        assertThat(desk.admits(1, by(OLD))).isEqualTo(new StoreRefusal.Fenced(9));
        assertThat(desk.fence(1, OLD)).isEqualTo(new StoreRefusal.Fenced(9));
        assertThat(desk.admits(3, by(NEW))).isNull();
    }

    @Test
    void refusedFence_leavesTheOwnersConnectionAlone() {
        desk.fence(3, NEW);
        desk.fence(1, OLD);

        assertThat(desk.admits(3, by(NEW))).isNull();
    }

    @Test
    void closedConnection_losesWhatItAsserted_andNothingElse() {
        SlotId other = new SlotId("role", 4);
        desk.fence(1, OLD);
        desk.fence(2, new Grant(other, 7));

        desk.closed(1);

        assertThat(desk.admits(1, by(OLD))).isEqualTo(new StoreRefusal.FenceMissing(5));
        assertThat(desk.admits(2, by(new Grant(other, 7)))).isNull();
        assertThat(desk.fences().epoch(SLOT)).isEqualTo(5);
    }

    @Test
    void versions_riseByOneWithEachWrite() {
        Head head = Head.EMPTY;
        head = applied(append(0, 10), head);
        head = applied(append(1, 20), head);
        assertThat(head).isEqualTo(new Head(2, 0, 30));

        head = applied(new Snapshot(1, OLD, KEY, 2, Bytes.utf8("all")), head);
        assertThat(head).isEqualTo(new Head(3, 3, 0));
        assertThat(applied(append(3, 5), head)).isEqualTo(new Head(4, 3, 5));
    }

    private Head applied(StoreMessage.Write write, Head head) {
        return ((Verdict.Apply) desk.judge(write, head, 0, ROOM)).head();
    }

    @Test
    void anotherVersion_isToldTheRightOne() {
        assertThat(desk.judge(append(4, 1), new Head(5, 0, 9), 0, ROOM))
                .isEqualTo(new Verdict.Refuse(new StoreRefusal.OtherVersion(5)));
    }

    @Test
    void repeatedOperation_isOneEffect_whateverVersionItExpects() {
        assertThat(desk.judge(append(4, 1), new Head(5, 0, 9), 5, ROOM)).isEqualTo(new Verdict.Repeated(5));
    }

    @Test
    void fullDisk_refusesWrites_notRepetitions() {
        Brim full = new Brim(95, 93, 0);
        full.measured(96, 4);

        assertThat(desk.judge(append(5, 1), new Head(5, 0, 9), 0, full))
                .isEqualTo(new Verdict.Refuse(new StoreRefusal.DiskFull(96)));
        assertThat(desk.judge(new Snapshot(1, OLD, KEY, 5, KEY), new Head(5, 0, 9), 0, full))
                .isEqualTo(new Verdict.Refuse(new StoreRefusal.DiskFull(96)));
        assertThat(desk.judge(append(5, 1), new Head(5, 0, 9), 5, full)).isEqualTo(new Verdict.Repeated(5));
        assertThat(desk.fence(1, OLD)).isNull();
    }

    @Test
    void tooManyDeltas_wantASnapshotFirst() {
        Head many = new Head(StoreLimits.DELTAS_MAX + 2L, 2, 99);
        assertThat(desk.judge(append(many.version(), 1), many, 0, ROOM))
                .isEqualTo(new Verdict.Refuse(new StoreRefusal.SnapshotFirst(StoreLimits.DELTAS_MAX, 99)));
        Head fat = new Head(3, 2, StoreLimits.DELTA_BYTES_MAX - 9);
        assertThat(desk.judge(append(3, 10), fat, 0, ROOM))
                .isEqualTo(new Verdict.Refuse(new StoreRefusal.SnapshotFirst(1, fat.deltaBytes())));
        assertThat(desk.judge(append(3, 9), fat, 0, ROOM)).isInstanceOf(Verdict.Apply.class);
    }

    @Test
    void sizes_areBounded() {
        Bytes longKey = Bytes.wrap(new byte[StoreLimits.KEY_MAX + 1]);
        assertThat(Desk.wrongSize(new Snapshot(1, OLD, Bytes.EMPTY, 0, KEY)))
                .isEqualTo(new StoreRefusal.WrongSize("key", 0, StoreLimits.KEY_MAX));
        assertThat(Desk.wrongSize(new Snapshot(1, OLD, longKey, 0, KEY)))
                .isEqualTo(new StoreRefusal.WrongSize("key", StoreLimits.KEY_MAX + 1, StoreLimits.KEY_MAX));
        desk.fence(1, OLD);
        assertThat(desk.admits(1, append(0, StoreLimits.DELTA_MAX + 1)))
                .isEqualTo(new StoreRefusal.WrongSize("delta", StoreLimits.DELTA_MAX + 1, StoreLimits.DELTA_MAX));
        Bytes fat = Bytes.wrap(new byte[StoreLimits.STATE_MAX + 1]);
        assertThat(Desk.wrongSize(new Snapshot(1, OLD, KEY, 0, fat)))
                .isEqualTo(new StoreRefusal.WrongSize("snapshot", StoreLimits.STATE_MAX + 1, StoreLimits.STATE_MAX));
        assertThat(Desk.wrongSize(append(0, StoreLimits.DELTA_MAX))).isNull();
    }

    @Test
    void brim_isFullAtItsFirstNumber_andFreeOnlyBelowItsSecond() {
        Brim brim = new Brim(95, 93, 0);
        assertThat(brim.measured(949, 51)).isFalse();
        assertThat(brim.measured(950, 50)).isTrue();
        assertThat(brim.isFull()).isTrue();
        assertThat(brim.percent()).isEqualTo(95);
        assertThat(brim.measured(930, 70)).isFalse();
        assertThat(brim.isFull()).isTrue();
        assertThat(brim.measured(929, 71)).isTrue();
        assertThat(brim.isFull()).isFalse();
        assertThat(brim.percent()).isEqualTo(92);
    }

    @Test
    void brim_keepsRoomForTheEngine_onSmallDisks() {
        Brim brim = new Brim(95, 93, 100);
        assertThat(brim.measured(100, 100)).isFalse();
        assertThat(brim.measured(101, 99)).isTrue();
        assertThat(brim.percent()).isEqualTo(50);
        assertThat(brim.measured(51, 149)).isFalse();
        assertThat(brim.measured(50, 150)).isTrue();
        assertThat(brim.isFull()).isFalse();
    }
}
