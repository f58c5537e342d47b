package dev.berth.core.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.OperationId;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedLog;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An entity's log, step by step, and its parts: splices and answers. What happens when things fail is EntityStormTest's. */
class EntityLogTest {
    private final EntityLog log = new EntityLog(1);
    private final List<EntityAction> out = new ArrayList<>();

    private List<EntityAction> taken() {
        List<EntityAction> taken = List.copyOf(out);
        out.clear();
        return taken;
    }

    private static Change gold(int gold) {
        return Change.of(new TreeMap<>(Map.of("gold", Bytes.utf8("gold " + gold))), null);
    }

    @Test
    @Tag("S2.4")
    void nothingLeaves_beforeItsWriteIsDurable() throws Exception {
        log.loaded(List.of(), out::add);
        log.changed(1, gold(1), out::add);
        log.changed(2, gold(2), out::add);
        assertThat(taken())
                .hasSize(2)
                .allMatch(EntityAction.Append.class::isInstance)
                .extracting(action -> ((EntityAction.Append) action).version())
                .containsExactly(0L, 1L);
        // It has seen what is not durable yet.
        log.read(3, out::add);
        assertThat(taken()).isEmpty();

        log.written(0, out::add);
        assertThat(taken()).containsExactly(new EntityAction.Release(1));
        log.written(1, out::add);
        assertThat(taken()).containsExactly(new EntityAction.Release(2), new EntityAction.Release(3));
        log.read(4, out::add);
        assertThat(taken()).containsExactly(new EntityAction.Release(4));
        assertThat(log.isAtRest()).isTrue();
    }

    @Test
    void anImage_makesAnotherLogTheSame_andItsCountersNeverGoBack() throws Exception {
        log.loaded(List.of(), out::add);
        log.changed(1, gold(7), out::add);
        Change timer = new Change(
                new TreeMap<>(),
                null,
                List.of(new Alarm("rent", 5, log.nextAlarm())),
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>());
        log.changed(2, timer, out::add);
        EntityImage image = EntityImage.CODEC.decode(log.image().toArray());

        EntityLog other = new EntityLog(1);
        List<EntityAction> does = new ArrayList<>();
        other.loaded(List.of(), does::add);
        assertThat(other.isBlank()).isTrue();
        for (int i = 1; i <= 3; i++) {
            other.changed(
                    i,
                    new Change(
                            new TreeMap<>(),
                            null,
                            List.of(new Alarm("a" + i, 1, i)),
                            List.of(),
                            List.of(),
                            List.of(),
                            new TreeMap<>()),
                    does::add);
        }
        assertThat(other.isLike(image)).isFalse();
        does.clear();
        OperationId put = new OperationId(3, 9);
        other.replaced(4, image, new Remembered(put, Bytes.utf8("done"), 0), does::add);
        assertThat(other.isLike(image)).isTrue();
        assertThat(other.cells()).isEqualTo(log.cells());
        assertThat(other.nextAlarm()).isEqualTo(4);
        assertThat(other.operations().find(put, true)).isEqualTo(new Operations.Found.Known(Bytes.utf8("done")));
        // It is one write, behind those before, and nothing is told before it is durable.
        assertThat(does)
                .singleElement()
                .isInstanceOfSatisfying(
                        EntityAction.Snapshot.class,
                        write -> assertThat(write.version()).isEqualTo(3));
    }

    /** Of so many bytes, so many are other ones each time: what leads to a snapshot is the deltas' number, their weight, their most. */
    @ParameterizedTest
    @CsvSource({"8, 8", "3000, 60", "3000, 4"})
    void snapshotsOfManyThatGoInStep_areSpread(int bytes, int changed) throws Exception {
        int logs = 500;
        int[] snapshots = new int[1_000];
        for (int each = 0; each < logs; each++) {
            EntityLog one = new EntityLog(new SplittableRandom(each).nextLong());
            one.loaded(List.of(), out::add);
            boolean has = false;
            for (int i = 1; i < snapshots.length && !has; i++) {
                one.changed(i, filled("state", bytes, changed, i), out::add);
                has = taken().getFirst() instanceof EntityAction.Snapshot;
                snapshots[i] += has ? 1 : 0;
            }
            assertThat(has).isTrue();
        }
        // A store that has to take one of each at once is blocked by them for seconds.
        assertThat(Arrays.stream(snapshots).max().orElseThrow()).isLessThan(logs / 10);
    }

    private static Change filled(String name, int bytes, int changed, int with) {
        byte[] state = new byte[bytes];
        Arrays.fill(state, 0, changed, (byte) with);
        return Change.of(new TreeMap<>(Map.of(name, Bytes.wrap(state))), null);
    }

    @ParameterizedTest
    @CsvSource({"10, 1200", "5000, 1200", "59000, 200"})
    void theStoreCanTakeEveryDelta(int bytes, int turns) throws Exception {
        for (int key : new int[] {0, 31, 63}) {
            EntityLog one = new EntityLog(key);
            one.loaded(List.of(), out::add);
            int deltas = 0;
            int deltaBytes = 0;
            for (int i = 0; i < turns; i++) {
                one.changed(i, filled("a" + i % 6, bytes, bytes, i), out::add);
                EntityAction write = taken().getFirst();
                deltas = write instanceof EntityAction.Append ? deltas + 1 : 0;
                deltaBytes = write instanceof EntityAction.Append append
                        ? deltaBytes + append.delta().length()
                        : 0;
                assertThat(deltas).isLessThanOrEqualTo(StoreLimits.DELTAS_MAX);
                assertThat(deltaBytes).isLessThanOrEqualTo(StoreLimits.DELTA_BYTES_MAX);
            }
        }
    }

    @Test
    void aLogThatTheStoreCanTakeNoMoreDeltasOf_goesOnWithASnapshot_alsoWhenItIsLoaded() throws Exception {
        EntityLog writer = new EntityLog(63);
        writer.loaded(List.of(), out::add);
        List<StorePiece> pieces = new ArrayList<>();
        for (int i = 0; pieces.size() == i; i++) {
            writer.changed(i, filled("a" + i % 6, 59_000, 59_000, i), out::add);
            if (taken().getFirst() instanceof EntityAction.Append append) {
                pieces.add(new StorePiece.Delta(Bytes.utf8("key"), i + 1, 1, null, append.delta()));
            }
        }
        EntityLog next = new EntityLog(63);
        next.loaded(pieces, out::add);
        next.changed(1, gold(1), out::add);
        assertThat(taken()).singleElement().isInstanceOf(EntityAction.Snapshot.class);
    }

    @Test
    void aWriteThatFails_takesAllBehindItAlong_andTheStoreSaysWhatHappened() throws Exception {
        log.loaded(List.of(), out::add);
        log.changed(1, gold(1), out::add);
        log.changed(2, gold(2), out::add);
        log.changed(3, gold(3), out::add);
        EntityAction.Append first = (EntityAction.Append) taken().getFirst();

        log.failed(out::add);
        assertThat(log.isOpen()).isFalse();
        log.changed(4, gold(4), out::add);
        assertThat(taken()).containsExactly(new EntityAction.Undo(4));
        log.failed(out::add);
        assertThat(taken()).isEmpty();
        log.failed(out::add);
        assertThat(taken()).containsExactly(new EntityAction.Load());

        log.loaded(List.of(new StorePiece.Delta(Bytes.utf8("k"), 1, 7, null, first.delta())), out::add);
        assertThat(taken())
                .containsExactly(new EntityAction.Release(1), new EntityAction.Undo(2), new EntityAction.Undo(3));
        assertThat(log.cells()).containsEntry("gold", Bytes.utf8("gold 1"));
    }

    @Test
    void manyDeltas_endInASnapshot_thatHasAllOfIt() throws Exception {
        log.loaded(List.of(), out::add);
        EntityAction.Snapshot snapshot = null;
        for (int i = 1; snapshot == null; i++) {
            log.changed(
                    i,
                    new Change(
                            new TreeMap<>(Map.of("gold", Bytes.utf8("gold " + i))),
                            new Remembered(new OperationId(1, i), Bytes.utf8("answer " + i), i),
                            List.of(new Alarm("alarm", i, log.nextAlarm())),
                            List.of(),
                            List.of(new Parcel(
                                    log.nextParcel(), new EntityCall("T", Bytes.utf8("k"), "m", Bytes.EMPTY, false))),
                            List.of(i - 1L),
                            new TreeMap<>()),
                    out::add);
            snapshot = taken().getFirst() instanceof EntityAction.Snapshot it ? it : null;
        }
        EntityLog next = new EntityLog(1);
        next.loaded(
                List.of(new StorePiece.State(Bytes.utf8("k"), snapshot.version() + 1, 7, snapshot.image())), out::add);
        assertThat(next.cells()).isEqualTo(log.cells());
        assertThat(next.alarms()).isEqualTo(log.alarms());
        assertThat(next.parcels()).isEqualTo(log.parcels()).hasSize(1);
        assertThat(next.nextParcel()).isEqualTo(log.nextParcel());
        assertThat(next.nextAlarm()).isEqualTo(log.nextAlarm());
        assertThat(next.operations().all()).isEqualTo(log.operations().all());
    }

    private static Change told(String... texts) {
        List<FeedItem> items = Arrays.stream(texts)
                .map(text -> new FeedItem("t", Bytes.utf8(text)))
                .toList();
        return new Change(
                new TreeMap<>(),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>(Map.of("table", items)));
    }

    // A line in a room that is full is a write of that line, and not of the room.

    @Test
    void whatAFeedTells_isADelta_andComesBack_fromDeltasAndSnapshots() throws Exception {
        log.loaded(List.of(), out::add);
        List<StorePiece> stored = new ArrayList<>();
        String line = "x".repeat(100);
        for (int i = 1; i <= 1_000; i++) {
            log.changed(i, told(line + i), out::add);
            switch (taken().getFirst()) {
                case EntityAction.Append(long version, Bytes delta) -> {
                    assertThat(delta.length()).isLessThan(150);
                    stored.add(new StorePiece.Delta(Bytes.utf8("k"), version + 1, 7, null, delta));
                }
                case EntityAction.Snapshot(long version, Bytes image) -> {
                    stored.clear();
                    stored.add(new StorePiece.State(Bytes.utf8("k"), version + 1, 7, image));
                }
                default -> throw new AssertionError();
            }
        }
        assertThat(log.feed("table").first()).isEqualTo(1_000 - SessionLimits.HISTORY_MAX + 1);
        assertThat(stored).hasSizeGreaterThan(50);
        assertThat(stored.getFirst()).isInstanceOf(StorePiece.State.class);

        EntityLog next = new EntityLog(1);
        next.loaded(stored, out::add);
        assertThat(next.feed("table")).isEqualTo(log.feed("table"));
        assertThat(next.feed("another")).isEqualTo(FeedLog.EMPTY);
    }

    @Test
    void whatAFeedHasTold_isGoneWithItsWrite_andNeverGoesBackByAnImage() throws Exception {
        log.loaded(List.of(), out::add);
        log.changed(1, told("a", "b"), out::add);
        EntityAction.Append first = (EntityAction.Append) taken().getFirst();
        EntityImage old = EntityImage.CODEC.decode(log.image().toArray());
        log.changed(2, told("c"), out::add);
        assertThat(log.feed("table").last()).isEqualTo(3);
        log.written(0, out::add);
        log.failed(out::add);
        log.loaded(List.of(new StorePiece.Delta(Bytes.utf8("k"), 1, 7, null, first.delta())), out::add);
        assertThat(log.feed("table").last()).isEqualTo(2);
        assertThat(log.isLike(old)).isTrue();

        log.changed(3, told("d"), out::add);
        assertThat(log.isLike(old)).isFalse();
        log.replaced(4, old, new Remembered(new OperationId(3, 9), Bytes.EMPTY, 0), out::add);
        assertThat(log.feed("table").items())
                .extracting(item -> item.body().utf8())
                .containsExactly("a", "b", "d");
    }

    @Test
    void histories_countAmongTheStates() throws Exception {
        log.loaded(List.of(), out::add);
        Bytes most = Bytes.wrap(new byte[EntityLimits.STATE_MAX - 5]);
        log.changed(1, Change.of(new TreeMap<>(Map.of("gold", most)), null), out::add);
        log.changed(2, told("1", "2"), out::add);
        assertThatThrownBy(() -> log.changed(3, told("3"), out::add)).hasMessageContaining("bytes of state");
        assertThat(log.feed("table").last()).isEqualTo(2);
        for (int i = 1; i < EntityLimits.FEEDS_MAX; i++) {
            Change another = new Change(
                    new TreeMap<>(Map.of("gold", Bytes.EMPTY)),
                    null,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    new TreeMap<>(Map.of("feed" + i, List.of(new FeedItem("t", Bytes.EMPTY)))));
            log.changed(3 + i, another, out::add);
        }
        Change more = new Change(
                new TreeMap<>(),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>(Map.of("one more", List.of(new FeedItem("t", Bytes.EMPTY)))));
        assertThatThrownBy(() -> log.changed(20, more, out::add)).hasMessageContaining("feeds");
    }

    @Test
    void whatIsTooMuch_isRefused_andNothingHasChanged() throws Exception {
        log.loaded(List.of(), out::add);
        Change much = Change.of(new TreeMap<>(Map.of("gold", Bytes.wrap(new byte[EntityLimits.STATE_MAX + 1]))), null);
        assertThatThrownBy(() -> log.changed(1, much, out::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("divide it");
        assertThat(taken()).isEmpty();
        assertThat(log.cells()).isEmpty();
        assertThat(log.isAtRest()).isTrue();
    }

    @Test
    void whatCannotBeWritten_isRefused_andTheNextChangeIsAsIfItHadNotBeen() throws Exception {
        log.loaded(List.of(), out::add);
        log.changed(1, gold(1), out::add);
        EntityAction.Append first = (EntityAction.Append) taken().getFirst();
        Parcel tooLong =
                new Parcel(log.nextParcel(), new EntityCall("T", Bytes.wrap(new byte[600]), "m", Bytes.EMPTY, false));
        Change change = new Change(
                new TreeMap<>(Map.of("gold", Bytes.utf8("gold 2"))),
                null,
                List.of(),
                List.of(),
                List.of(tooLong),
                List.of(),
                new TreeMap<>());
        assertThatThrownBy(() -> log.changed(2, change, out::add)).isInstanceOf(IllegalArgumentException.class);
        assertThat(log.cells()).containsEntry("gold", Bytes.utf8("gold 1"));
        assertThat(log.parcels()).isEmpty();
        Change named = new Change(
                new TreeMap<>(),
                null,
                List.of(new Alarm("x".repeat(200), 1, 1)),
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>());
        assertThatThrownBy(() -> log.changed(2, named, out::add)).hasMessageContaining("at most 120 bytes");

        log.changed(3, gold(3), out::add);
        EntityAction.Append second = (EntityAction.Append) taken().getFirst();
        EntityLog next = new EntityLog(1);
        next.loaded(
                List.of(
                        new StorePiece.Delta(Bytes.utf8("k"), 1, 7, null, first.delta()),
                        new StorePiece.Delta(Bytes.utf8("k"), 2, 7, null, second.delta())),
                out::add);
        assertThat(next.cells()).containsEntry("gold", Bytes.utf8("gold 3"));
    }

    @Test
    void aChangeInVeryManyPlaces_isOneLargePlace() {
        byte[] before = new byte[100_000];
        byte[] after = before.clone();
        for (int i = 0; i < after.length; i += 14) {
            after[i] = 1;
        }
        List<Splice> splices = Splice.between(Bytes.wrap(before), Bytes.wrap(after));
        assertThat(splices).hasSize(1);
        assertThat(Splice.apply(Bytes.wrap(before), splices)).isEqualTo(Bytes.wrap(after));
    }

    @Test
    void whatCannotBeRead_undoesWhoWaits_andStaysClosed() throws Exception {
        log.loaded(List.of(), out::add);
        log.changed(1, gold(1), out::add);
        log.failed(out::add);
        taken();
        Bytes garbage = Bytes.utf8("this is no delta");
        assertThatThrownBy(
                        () -> log.loaded(List.of(new StorePiece.Delta(Bytes.utf8("k"), 1, 7, null, garbage)), out::add))
                .isInstanceOf(dev.berth.core.wire.WireException.class);
        assertThat(taken()).containsExactly(new EntityAction.Undo(1));
        assertThat(log.isOpen()).isFalse();
    }

    @Test
    void largeChange_isASnapshot() throws Exception {
        log.loaded(List.of(), out::add);
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 7);
        log.changed(1, Change.of(new TreeMap<>(Map.of("gold", Bytes.wrap(large))), null), out::add);
        assertThat(taken()).singleElement().isInstanceOf(EntityAction.Snapshot.class);
    }

    @Test
    void splices_makeTheOneOfTheOther_whateverTheyAre() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] before = new byte[random.nextInt(60)];
            random.nextBytes(before);
            byte[] after = Arrays.copyOf(before, random.nextInt(4) == 0 ? random.nextInt(60) : before.length);
            for (int change = random.nextInt(5); change > 0 && after.length > 0; change--) {
                after[random.nextInt(after.length)]++;
            }
            List<Splice> splices = Splice.between(Bytes.wrap(before), Bytes.wrap(after));
            assertThat(Splice.apply(Bytes.wrap(before), splices)).isEqualTo(Bytes.wrap(after));
            if (Arrays.equals(before, after)) {
                assertThat(splices.stream()
                                .mapToInt(splice -> splice.put().length())
                                .sum())
                        .isZero();
            }
        }
    }

    @Test
    void oneNumberInALargeState_isASmallSplice() {
        byte[] before = new byte[10_000];
        byte[] after = before.clone();
        after[17] = 1;
        after[9_000] = 2;
        assertThat(Splice.between(Bytes.wrap(before), Bytes.wrap(after)))
                .containsExactly(
                        new Splice(17, 1, Bytes.wrap(new byte[] {1})),
                        new Splice(9_000, 1, Bytes.wrap(new byte[] {2})));
    }

    @Test
    void spliceThatDoesNotFit_isRefused() {
        assertThatThrownBy(() -> Splice.apply(Bytes.utf8("short"), List.of(new Splice(3, 9, Bytes.EMPTY))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFirstAttempt_isNeverTooOld_inWhateverOrderItComes() {
        Operations operations = new Operations();
        for (long i = 20_000; i > 0; i--) {
            OperationId id = new OperationId(i % 3 == 0 ? 1 : i, i);
            assertThat(operations.find(id, false)).isInstanceOf(Operations.Found.New.class);
            operations.remember(new Remembered(id, Bytes.EMPTY, 0));
        }
        assertThat(operations.find(new OperationId(1, 3), true)).isInstanceOf(Operations.Found.Known.class);
        assertThat(operations.find(new OperationId(1, 19_998), true)).isInstanceOf(Operations.Found.TooOld.class);
        assertThat(operations.find(new OperationId(-7, 1), true)).isInstanceOf(Operations.Found.TooOld.class);
    }

    @Test
    void anOperationIsNeverRunTwice_howeverManyAreForgotten() {
        // Against a memory without bounds: whatever has run is Known or TooOld, and most of the others are New.
        for (long seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Operations answers = new Operations();
            List<OperationId> run = new ArrayList<>();
            long[] counters = new long[seed % 2 == 0 ? 5 : 4_000];
            long millis = 0;
            int refused = 0;
            for (int i = 0; i < 6_000; i++) {
                millis += random.nextInt(2_000);
                int client = random.nextInt(counters.length);
                OperationId id = new OperationId(client, ++counters[client]);
                Operations.Found found = answers.find(id, false);
                if (found instanceof Operations.Found.New) {
                    answers.remember(new Remembered(id, Bytes.utf8("a"), millis));
                    run.add(id);
                } else {
                    refused++;
                }
                OperationId former = run.get(random.nextInt(run.size()));
                assertThat(answers.find(former, true)).isNotInstanceOf(Operations.Found.New.class);
            }
            assertThat(refused).isZero();
            Collections.reverse(run);
            for (OperationId recent : run.subList(0, 5)) {
                assertThat(answers.find(recent, true)).isEqualTo(new Operations.Found.Known(Bytes.utf8("a")));
            }
            assertThat(answers.size()).isLessThanOrEqualTo(EntityLimits.ANSWERS_MAX);
            assertThat(answers.allForgotten()).hasSizeLessThanOrEqualTo(EntityLimits.CLIENTS_MAX);
        }
    }
}
