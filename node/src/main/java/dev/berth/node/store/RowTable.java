package dev.berth.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.EnvOptions;
import org.rocksdb.HistogramType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.Options;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileWriter;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.TickerType;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ordered rows on disk, by RocksDB: docs/decisions/0040. Any thread reads, one writes; nobody while it is closed. */
final class RowTable implements AutoCloseable {
    /** What it may need at a time to write out what it has in memory and to merge what it has on disk. */
    static final long ROOM_MIN_BYTES = 128L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RowTable.class);

    private final Statistics statistics = new Statistics();
    private final Options options;
    private final WriteOptions honest = new WriteOptions().setSync(true);
    private final RocksDB rocks;

    private RowTable(Path directory, boolean direct) throws RocksDBException {
        statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
        options = new Options()
                .setCreateIfMissing(true)
                .setStatistics(statistics)
                // A log whose end was cut off by a crash is read up to there: that end was never acknowledged. Any
                // other damage is an error, where RocksDB's default would drop what follows it in silence.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setWriteBufferSize(32L << 20)
                // The log's fsync waits for what else the system has to write: 100 to 300 ms if that is a whole table.
                .setUseDirectIoForFlushAndCompaction(direct)
                .setBytesPerSync(direct ? 0 : 1 << 20)
                .setMaxTotalWalSize(128L << 20)
                .setMaxOpenFiles(512)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(4L << 20)
                .setKeepLogFileNum(4);
        // Of all tables of this virtual machine. Merges have time, whoever waits for a commit has not.
        Env.getDefault().lowerThreadPoolCPUPriority(Priority.LOW);
        try {
            rocks = RocksDB.open(options, directory.toString());
        } catch (RocksDBException closed) {
            closeSettings();
            throw closed;
        }
    }

    /**
     * @param natives where the engine's native code is unpacked: always the same place, because what is unpacked into the
     *     system's directory for temporary files stays there whenever a process is killed
     */
    static RowTable open(Path directory, Path natives) throws RocksDBException, IOException {
        Files.createDirectories(natives);
        Files.createDirectories(directory);
        NativeLibraryLoader.getInstance().loadLibrary(natives.toString());
        return new RowTable(directory, isDirect(directory));
    }

    /** Whether its file system lets files be written past the system's cache. */
    private static boolean isDirect(Path directory) throws IOException {
        Path file = directory.resolve("direct.probe");
        try (EnvOptions direct = new EnvOptions().setUseDirectWrites(true);
                Options any = new Options();
                SstFileWriter probe = new SstFileWriter(direct, any)) {
            probe.open(file.toString());
            probe.put(new byte[1], new byte[1]);
            probe.finish();
            return true;
        } catch (RocksDBException cached) {
            LOG.info("store {}: its tables are written through the system's cache: {}", directory, cached.getMessage());
            return false;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    byte @Nullable [] get(byte[] row) throws RocksDBException {
        return rocks.get(row);
    }

    /** Returns when all of it is on disk. */
    void commit(WriteBatch batch) throws RocksDBException {
        rocks.write(honest, batch);
    }

    /**
     * Shows rows in order, from one on, as long as they begin with the prefix and the visitor wants more; all as they are at
     * this moment.
     */
    void scan(byte[] prefix, byte[] from, BiPredicate<byte[], byte[]> visitor) throws RocksDBException {
        try (RocksIterator at = rocks.newIterator()) {
            at.seek(from);
            while (at.isValid() && beginsWith(at.key(), prefix) && visitor.test(at.key(), at.value())) {
                at.next();
            }
            at.status();
        }
    }

    private static boolean beginsWith(byte[] row, byte[] prefix) {
        return row.length >= prefix.length && Arrays.equals(row, 0, prefix.length, prefix, 0, prefix.length);
    }

    long fsyncs() {
        return statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
    }

    long fsyncP50Micros() {
        return (long)
                statistics.getHistogramData(HistogramType.WAL_FILE_SYNC_MICROS).getMedian();
    }

    @Override
    public void close() {
        rocks.close();
        closeSettings();
    }

    private void closeSettings() {
        honest.close();
        options.close();
        statistics.close();
    }
}
