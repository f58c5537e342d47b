import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

// What a store does for each append: read the key's head (16 bytes), write it anew, write a delta (64 bytes) under
// its own key. Some such appends make a batch; a batch ends with an honest fsync. 10,000 keys, drawn at random.

/**
 * Compares engines for the store (docs/decisions/0040). A file of its own, so that the losers' libraries burden no build:
 * {@code java -cp rocksdbjni.jar:sqlite-jdbc.jar:h2.jar lab/engines/EngineBench.java rate|life|full rocksdb|sqlite|h2 DIR}.
 */
public final class EngineBench {
    private static final int KEYS = 10_000;
    private static final long RATE_NANOS = 6_000_000_000L;

    interface Engine extends AutoCloseable {
        byte[] get(byte[] key) throws Exception;

        void put(byte[] key, byte[] value) throws Exception;

        void commit() throws Exception;

        void rollback() throws Exception;

        @Override
        void close() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[2]);
        Files.createDirectories(directory);
        switch (args[0]) {
            case "rate" -> rates(args[1], directory);
            case "write" -> write(args[1], directory);
            case "count" -> count(args[1], directory);
            case "full" -> full(args[1], directory);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static Engine open(String name, Path directory) throws Exception {
        return switch (name) {
            case "rocksdb" -> new Rocks(directory);
            case "sqlite" -> new Sqlite(directory);
            case "h2" -> new H2(directory);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static void rates(String name, Path directory) throws Exception {
        for (int size : new int[] {1, 64, 256}) {
            Path own = directory.resolve("rate" + size);
            Files.createDirectories(own);
            try (Engine engine = open(name, own)) {
                run(engine, size, RATE_NANOS / 3);
                long[] fsyncs = new long[1_000_000];
                long begin = System.nanoTime();
                int batches = 0;
                while (System.nanoTime() - begin < RATE_NANOS) {
                    fsyncs[batches++] = batch(engine, size, batches);
                }
                long took = System.nanoTime() - begin;
                Arrays.sort(fsyncs, 0, batches);
                System.out.printf(
                        "%s batch=%d appends/s=%d commit_p50_us=%d commit_p99_us=%d%n",
                        name,
                        size,
                        (long) batches * size * 1_000_000_000L / took,
                        fsyncs[batches / 2] / 1_000,
                        fsyncs[batches * 99 / 100] / 1_000);
            }
        }
    }

    private static void run(Engine engine, int size, long nanos) throws Exception {
        long begin = System.nanoTime();
        for (int i = 0; System.nanoTime() - begin < nanos; i++) {
            batch(engine, size, i);
        }
    }

    private static final SplittableRandom RANDOM = new SplittableRandom(1);

    /** How long the commit took. */
    private static long batch(Engine engine, int size, long number) throws Exception {
        for (int i = 0; i < size; i++) {
            append(engine, RANDOM.nextInt(KEYS));
        }
        long before = System.nanoTime();
        engine.commit();
        return System.nanoTime() - before;
    }

    private static long append(Engine engine, int key) throws Exception {
        byte[] head = ByteBuffer.allocate(12).putLong(0).putInt(key).array();
        byte[] old = engine.get(head);
        long version = old == null ? 1 : ByteBuffer.wrap(old).getLong() + 1;
        engine.put(head, ByteBuffer.allocate(16).putLong(version).putLong(7).array());
        engine.put(
                ByteBuffer.allocate(20).putLong(1).putInt(key).putLong(version).array(), new byte[64]);
        return version;
    }

    // life: the parent kills this with -9 and compares the last number printed with what `count` finds.
    private static void write(String name, Path directory) throws Exception {
        Engine engine = open(name, directory);
        for (int batch = 1; ; batch++) {
            for (int i = 0; i < 64; i++) {
                append(engine, i);
            }
            engine.commit();
            System.out.println(batch);
        }
    }

    private static void count(String name, Path directory) throws Exception {
        long begin = System.nanoTime();
        try (Engine engine = open(name, directory)) {
            long least = Long.MAX_VALUE;
            long most = 0;
            for (int i = 0; i < 64; i++) {
                byte[] head =
                        engine.get(ByteBuffer.allocate(12).putLong(0).putInt(i).array());
                long version = head == null ? 0 : ByteBuffer.wrap(head).getLong();
                least = Math.min(least, version);
                most = Math.max(most, version);
            }
            System.out.printf(
                    "%s found %d..%d open_ms=%d%n", name, least, most, (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private static void full(String name, Path directory) throws Exception {
        Path filler = directory.resolve("filler");
        Files.write(filler, new byte[8 << 20]);
        Engine engine = open(name, Files.createDirectories(directory.resolve("db")));
        long acknowledged = 0;
        try {
            while (true) {
                for (int i = 0; i < 64; i++) {
                    append(engine, i);
                }
                engine.commit();
                acknowledged++;
            }
        } catch (Exception e) {
            System.out.println(name + " full after " + acknowledged + ": " + e);
        }
        try {
            engine.rollback();
        } catch (Exception e) {
            System.out.println(name + " rollback: " + e);
        }
        try {
            byte[] head = engine.get(new byte[12]);
            System.out.println(name + " reads while full: "
                    + (head == null ? "nothing" : ByteBuffer.wrap(head).getLong()));
        } catch (Exception e) {
            System.out.println(name + " reads while full: " + e);
        }
        Files.delete(filler);
        for (int i = 0; i < 3; i++) {
            Thread.sleep(3_000);
            try {
                System.out.println(name + " room again: version " + append(engine, 0));
                engine.commit();
                System.out.println(name + " writes again without a restart");
                break;
            } catch (Exception e) {
                System.out.println(name + " room again, still: " + e);
            }
        }
        try {
            engine.close();
        } catch (Exception e) {
            System.out.println(name + " close: " + e);
        }
        try (Engine again = open(name, directory.resolve("db"))) {
            System.out.println(name + " after a restart: version " + append(again, 0));
            again.commit();
            System.out.println(name + " after a restart it writes");
        }
    }

    private static final class Rocks implements Engine {
        private final Options options = new Options()
                .setCreateIfMissing(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setWriteBufferSize(16 << 20);
        private final WriteOptions sync = new WriteOptions().setSync(true);
        private final java.util.HashMap<ByteBuffer, byte[]> pending = new java.util.HashMap<>();
        private final RocksDB db;

        Rocks(Path directory) throws Exception {
            db = RocksDB.open(options, directory.toString());
        }

        @Override
        public byte[] get(byte[] key) throws Exception {
            byte[] own = pending.get(ByteBuffer.wrap(key));
            return own == null ? db.get(key) : own;
        }

        @Override
        public void put(byte[] key, byte[] value) {
            pending.put(ByteBuffer.wrap(key), value);
        }

        @Override
        public void commit() throws Exception {
            try (WriteBatch batch = new WriteBatch()) {
                for (var each : pending.entrySet()) {
                    batch.put(each.getKey().array(), each.getValue());
                }
                db.write(sync, batch);
                pending.clear();
            }
        }

        @Override
        public void rollback() {
            pending.clear();
        }

        @Override
        public void close() {
            db.close();
        }
    }

    private static final class Sqlite implements Engine {
        private final Connection connection;
        private final PreparedStatement get;
        private final PreparedStatement put;

        Sqlite(Path directory) throws Exception {
            connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("store.db"));
            try (var s = connection.createStatement()) {
                s.execute("PRAGMA journal_mode=WAL");
                s.execute("PRAGMA synchronous=FULL");
                s.execute("CREATE TABLE IF NOT EXISTS kv (k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID");
            }
            connection.setAutoCommit(false);
            get = connection.prepareStatement("SELECT v FROM kv WHERE k = ?");
            put = connection.prepareStatement(
                    "INSERT INTO kv VALUES (?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v");
        }

        @Override
        public byte[] get(byte[] key) throws Exception {
            get.setBytes(1, key);
            try (var found = get.executeQuery()) {
                return found.next() ? found.getBytes(1) : null;
            }
        }

        @Override
        public void put(byte[] key, byte[] value) throws Exception {
            put.setBytes(1, key);
            put.setBytes(2, value);
            put.executeUpdate();
        }

        @Override
        public void commit() throws Exception {
            connection.commit();
        }

        @Override
        public void rollback() throws Exception {
            connection.rollback();
        }

        @Override
        public void close() throws Exception {
            connection.close();
        }
    }

    private static final class H2 implements Engine {
        private final MVStore store;
        private final MVMap<byte[], byte[]> map;

        H2(Path directory) {
            store = new MVStore.Builder()
                    .fileName(directory.resolve("store.mv").toString())
                    .autoCommitDisabled()
                    .open();
            map = store.openMap(
                    "kv",
                    new MVMap.Builder<byte[], byte[]>()
                            .keyType(ByteArrayDataType.INSTANCE)
                            .valueType(ByteArrayDataType.INSTANCE));
        }

        @Override
        public byte[] get(byte[] key) {
            return map.get(key);
        }

        @Override
        public void put(byte[] key, byte[] value) {
            map.put(key, value);
        }

        @Override
        public void commit() {
            store.commit();
            store.sync();
        }

        @Override
        public void rollback() {
            store.rollback();
        }

        @Override
        public void close() throws IOException {
            store.close();
        }
    }
}
