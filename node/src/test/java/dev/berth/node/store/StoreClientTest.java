package dev.berth.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.OwnerFence;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StoreMessage.AssertFence;
import dev.berth.core.store.StoreMessage.FenceHeld;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Page;
import dev.berth.core.store.StoreMessage.ToStore;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Door;
import dev.berth.node.link.Lines;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

// Real connections on loopback. Where an outcome has to be unknown for certain, the other end is a store that hears
// and does not answer; elsewhere it is an engine in this process.

/** How requests end, whatever becomes of the connection; and what an owner may do after it. */
class StoreClientTest {
    private static final SlotId SLOT = new SlotId("role", 3);
    private static final Grant GRANT = new Grant(SLOT, 5);
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes ONE = Bytes.utf8("1");

    @TempDir
    private Path directory;

    private final Quay quay = new Quay();
    private final LinkedBlockingQueue<Mute> mutes = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        quay.close();
        assertThat(quay.bugs()).isEmpty();
    }

    /** A store that hears and says nothing. */
    private final class Mute implements PipeEars<ToStore, FromStore> {
        private final LinkedBlockingQueue<ToStore> heard = new LinkedBlockingQueue<>();
        private final CompletableFuture<Pipe<FromStore>> pipe = new CompletableFuture<>();

        @Override
        public void opened(Pipe<FromStore> opened) {
            pipe.complete(opened);
            mutes.add(this);
        }

        @Override
        public void received(ToStore message) {
            heard.add(message);
        }

        @Override
        public void closed(String cause) {}

        ToStore next() throws InterruptedException {
            ToStore message = heard.poll(60, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return message;
        }

        void hangUp() throws Exception {
            Pipe<FromStore> open = Quay.await(pipe);
            open.loop().execute(() -> open.close("the test hangs up"));
        }

        void say(FromStore answer) throws Exception {
            Pipe<FromStore> open = Quay.await(pipe);
            open.loop().execute(() -> open.send(answer));
        }
    }

    private InetSocketAddress listenMute() throws Exception {
        return quay.transport().listen(Quay.ANY, List.of(new Door<>(StoreServer.STORES_END, Mute::new)));
    }

    private Mute mute() throws InterruptedException {
        Mute mute = mutes.poll(60, TimeUnit.SECONDS);
        assertThat(mute).isNotNull();
        return mute;
    }

    private StoreEngine engine() throws StoreException {
        return StoreEngine.open(StoreConfig.of(directory.resolve("store"), Quay.CLUSTER), quay.bugs()::add);
    }

    private InetSocketAddress listen(StoreEngine engine) throws Exception {
        return quay.transport().listen(Quay.ANY, List.of(StoreServer.door(engine)));
    }

    @Test
    void connectionEnds_writesAreUnknownAtOnce_loadsSurelyDidNothing() throws Exception {
        StoreClient client = quay.client(listenMute());
        Quay.await(client.opened());
        Mute mute = mute();
        List<CompletableFuture<StoreOutcome<Written>>> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            writes.add(client.append(GRANT, KEY, i, null, ONE));
        }
        var fence = client.fence(GRANT);
        var load = client.page(SLOT, Bytes.EMPTY, Bytes.EMPTY);
        for (int i = 0; i < 102; i++) {
            mute.next();
        }
        mute.hangUp();

        for (var write : writes) {
            assertThat(Quay.await(write)).isInstanceOf(StoreOutcome.Unknown.class);
        }
        assertThat(Quay.await(fence)).isInstanceOf(StoreOutcome.Unknown.class);
        assertThat(Quay.await(load)).isInstanceOf(StoreOutcome.Refused.class);
        assertThat(mute()).as("it dials again").isNotNull();
    }

    @Test
    void storeThatNeverAnswers_isGivenUp_andDialledAgain() throws Exception {
        StoreClient client = quay.client(listenMute(), StoreClientConfig.DEFAULT.withAnswerMillis(50));
        Quay.await(client.opened());
        mute();
        assertThat(Quay.await(client.append(GRANT, KEY, 0, null, ONE)))
                .isInstanceOfSatisfying(
                        StoreOutcome.Unknown.class,
                        unknown -> assertThat(unknown.cause()).contains("no answer for 50 ms"));
        mute();
    }

    @Test
    void answerToNothing_endsTheConnection_notTheNode() throws Exception {
        StoreClient client = quay.client(listenMute());
        Quay.await(client.opened());
        Mute mute = mute();
        var write = client.append(GRANT, KEY, 0, null, ONE);
        long request = mute.next().request();
        mute.say(new Page(request, List.of(), Bytes.EMPTY));
        assertThat(Quay.await(write)).isInstanceOf(StoreOutcome.Unknown.class);
        Mute again = mute();
        again.say(new Written(99, 1, false));
        mute();
    }

    @Test
    void noStore_isSaidAtOnce() throws Exception {
        InetSocketAddress nobody;
        try (var port = new ServerSocket(0, 1, Quay.ANY.getAddress())) {
            nobody = new InetSocketAddress(Quay.ANY.getAddress(), port.getLocalPort());
        }
        assertThat(Quay.await(quay.client(nobody).append(GRANT, KEY, 0, null, ONE)))
                .isInstanceOfSatisfying(
                        StoreOutcome.Refused.class,
                        refused -> assertThat(refused.reason()).isInstanceOf(StoreRefusal.Unavailable.class));
    }

    @Test
    void moreThanMayBeInFlight_isRefusedAsBusy_andRoomComesBack() throws Exception {
        StoreClient client = quay.client(listenMute(), StoreClientConfig.DEFAULT.withInFlight(2, 2 << 20));
        Quay.await(client.opened());
        Mute mute = mute();
        var first = client.append(GRANT, KEY, 0, null, ONE);
        var second = client.append(GRANT, KEY, 1, null, ONE);
        assertThat(Quay.await(client.append(GRANT, KEY, 2, null, ONE)))
                .isEqualTo(new StoreOutcome.Refused<>(new StoreRefusal.Busy(2)));

        mute.say(new Written(mute.next().request(), 1, false));
        Quay.done(first);
        var third = client.append(GRANT, KEY, 2, null, ONE);
        mute.next();
        assertThat(mute.next()).isNotNull();
        assertThat(second).isNotDone();
        assertThat(third).isNotDone();
    }

    @Test
    void wrongSizes_areRefusedWithoutBeingSent() throws Exception {
        StoreClient client = quay.client(listenMute());
        Quay.await(client.opened());
        Bytes fat = Bytes.wrap(new byte[StoreLimits.STATE_MAX + 1]);
        assertThat(Quay.await(client.snapshot(GRANT, KEY, 0, fat)))
                .isEqualTo(new StoreOutcome.Refused<>(
                        new StoreRefusal.WrongSize("snapshot", fat.length(), StoreLimits.STATE_MAX)));
        var fence = client.fence(GRANT);
        assertThat(mute().next()).isInstanceOf(AssertFence.class);
        assertThat(fence).isNotDone();
    }

    @Test
    void writerAfterAnUnknownWrite_sendsNothingUntilItsFenceStandsAgain_rule26() throws Exception {
        StoreClient client = quay.client(listenMute());
        Quay.await(client.opened());
        Mute mute = mute();
        SlotWriter writer = new SlotWriter(client, GRANT, () -> 5);
        assertThat(Quay.await(writer.append(KEY, 0, null, ONE)))
                .isEqualTo(new StoreOutcome.Refused<>(new StoreRefusal.FenceMissing(0)));
        var fence = writer.assertFence();
        mute.say(new FenceHeld(mute.next().request()));
        Quay.done(fence);
        var write = writer.append(KEY, 0, null, ONE);
        mute.next();
        mute.hangUp();
        assertThat(Quay.await(write)).isInstanceOf(StoreOutcome.Unknown.class);

        Quay.await(client.opened());
        assertThat(Quay.await(writer.append(KEY, 0, null, ONE)))
                .isEqualTo(new StoreOutcome.Refused<>(new StoreRefusal.FenceMissing(0)));
        assertThat(Quay.await(writer.state())).isInstanceOf(OwnerFence.State.Missing.class);
        var again = writer.assertFence();
        assertThat(mute().next()).isInstanceOf(AssertFence.class);
        assertThat(again).isNotDone();
    }

    @Test
    void writer_beginsWithWhatTheStoreHas_andEndsWithALaterOwner() throws Exception {
        try (StoreEngine engine = engine();
                Lines log = new Lines(SlotWriter.class)) {
            StoreClient client = quay.client(listen(engine));
            Quay.await(client.opened());
            SlotWriter old = new SlotWriter(client, GRANT, () -> 9);
            assertThat(Quay.done(old.begin(piece -> {}))).isZero();
            assertThat(Quay.done(old.append(KEY, 0, new OperationId(1, 1), ONE)))
                    .extracting(Written::version, Written::repeated)
                    .containsExactly(1L, false);
            assertThat(Quay.done(old.append(KEY, 0, new OperationId(1, 1), ONE)).repeated())
                    .isTrue();

            List<StorePiece> loaded = new ArrayList<>();
            SlotWriter next = new SlotWriter(client, new Grant(SLOT, 9), () -> 9);
            assertThat(Quay.done(next.begin(loaded::add))).isEqualTo(1);
            assertThat(loaded).containsExactly(new StorePiece.Delta(KEY, 1, 5, new OperationId(1, 1), ONE));
            var fenced = new StoreOutcome.Refused<Written>(new StoreRefusal.Fenced(9));
            assertThat(Quay.await(old.append(KEY, 1, null, ONE))).isEqualTo(fenced);
            assertThat(Quay.await(old.state())).isEqualTo(new OwnerFence.State.Superseded(9));
            assertThat(Quay.await(old.append(KEY, 1, null, ONE))).isEqualTo(fenced);
            assertThat(log.next()).contains("slot role/3@5: the store has epoch 9");
            assertThat(log.rest()).as("it is said once").isEmpty();
            assertThat(Quay.done(next.snapshot(KEY, 1, ONE)).version()).isEqualTo(2);
            assertThat(Quay.done(client.status()).fences()).isEqualTo(1);
        }
    }

    @Test
    void aFormerOwnersThousandWrites_areAllRefused_andChangeNothing() throws Exception {
        try (StoreEngine engine = engine()) {
            InetSocketAddress address = listen(engine);
            StoreClient zombie = quay.client(address);
            StoreClient client = quay.client(address);
            Quay.await(zombie.opened());
            Quay.await(client.opened());
            Quay.done(zombie.fence(GRANT));
            Quay.done(zombie.append(GRANT, KEY, 0, null, ONE));
            Quay.done(client.fence(new Grant(SLOT, 9)));

            List<CompletableFuture<StoreOutcome<Written>>> writes = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                // As it would go on, as it would begin again, and beside what it had.
                writes.add(zombie.append(GRANT, i % 3 == 0 ? KEY : Bytes.utf8("key-" + i), i % 2, null, ONE));
            }
            for (var write : writes) {
                assertThat(Quay.await(write)).isEqualTo(new StoreOutcome.Refused<>(new StoreRefusal.Fenced(9)));
            }

            List<StorePiece> left = new ArrayList<>();
            Quay.done(new SlotWriter(client, new Grant(SLOT, 9), () -> 9).begin(left::add));
            assertThat(left).containsExactly(new StorePiece.Delta(KEY, 1, 5, null, ONE));
        }
    }

    @Test
    void millionRecords_areLoadedInPages_eachBounded() throws Exception {
        int records = 1_000_000;
        try (StoreHome home = StoreHome.open(directory.resolve("store"), Quay.CLUSTER);
                RowTable table = RowTable.open(home.rows(), home.natives())) {
            for (int i = 0; i < records; ) {
                try (WriteBatch rows = new WriteBatch()) {
                    for (int end = i + 50_000; i < end; i++) {
                        rows.put(Rows.delta(SLOT, key(i), 1), Rows.deltaValue(5, null, ONE));
                    }
                    table.commit(rows);
                }
            }
        }
        try (StoreEngine engine = engine()) {
            StoreClient client = quay.client(listen(engine));
            Quay.await(client.opened());
            int found = 0;
            Bytes after = Bytes.EMPTY;
            do {
                Page page = Quay.done(client.page(SLOT, Bytes.EMPTY, after));
                assertThat(page.pieces().size()).isBetween(1, StoreLimits.PIECES_MAX);
                for (StorePiece piece : page.pieces()) {
                    if (!piece.key().equals(key(found))) {
                        throw new AssertionError("record " + found + " is " + piece);
                    }
                    found++;
                }
                after = page.next();
            } while (after.length() > 0);
            assertThat(found).isEqualTo(records);
            assertThat(Quay.done(client.load(SLOT, Bytes.EMPTY, piece -> {}))).isEqualTo(records);
        }
    }

    private static Bytes key(int number) {
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
