package dev.berth.node.store;

import java.nio.file.Path;

/**
 * What a store needs to know. Any thread.
 *
 * @param directory where it keeps its files; made if it does not exist
 * @param cluster the cluster that the directory belongs to; another one's is not opened
 * @param queueMax writes and fences that may wait; one more is refused as busy. Too small: owners are refused for a moment's
 *     load; too big: their answers come late
 * @param queueBytesMax bytes that may wait, in the same way; must hold one snapshot
 * @param batchMax writes that share an fsync at most; too small: the disk is the limit, too big: answers come in lumps
 * @param loadsMax loads that may wait for the reader; one more is refused as busy
 * @param fullPercent of the disk, from which on appends and snapshots are refused
 * @param againPercent of the disk, below which they are taken again
 * @param diskCheckMillis how often the disk is asked; too long: it may be full before that is noticed
 * @param paceMicros fsyncs begin so far apart at least, as long as few writes wait: more of them share one, which saves
 *     processor time and costs each up to so long; 0: none waits for another
 */
public record StoreConfig(
        Path directory,
        String cluster,
        int queueMax,
        long queueBytesMax,
        int batchMax,
        int loadsMax,
        int fullPercent,
        int againPercent,
        int diskCheckMillis,
        int paceMicros) {
    /** A second is longer than anybody waits. */
    private static final int PACE_MAX = 1_000_000;

    /** Of a batch; the write that takes it over this many is its last. */
    static final long BATCH_BYTES = 8L << 20;

    /** The usual bounds. */
    public static StoreConfig of(Path directory, String cluster) {
        return new StoreConfig(directory, cluster, 65_536, 64L << 20, 1_024, 1_024, 95, 93, 250, 0);
    }

    public StoreConfig {
        if (!cluster.matches("[a-z0-9._-]{1,63}")) {
            throw new IllegalArgumentException(
                    "a cluster's name is 1 to 63 of a-z, 0-9, '.', '_', '-', got '" + cluster + "'");
        }
        require(queueMax > 0, "queueMax", queueMax, "must be positive");
        require(queueBytesMax >= 2L << 20, "queueBytesMax", queueBytesMax, "must be at least 2 MiB");
        require(batchMax > 0, "batchMax", batchMax, "must be positive");
        require(loadsMax > 0, "loadsMax", loadsMax, "must be positive");
        require(fullPercent <= 99, "fullPercent", fullPercent, "must leave room for fences: at most 99");
        require(againPercent >= 1 && againPercent <= fullPercent, "againPercent", againPercent, "must not be higher");
        require(diskCheckMillis > 0, "diskCheckMillis", diskCheckMillis, "must be positive");
        require(paceMicros >= 0 && paceMicros < PACE_MAX, "paceMicros", paceMicros, "must be 0 to 999,999");
    }

    private static void require(boolean holds, String knob, long value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("store: " + knob + " " + rule + ", got " + value);
        }
    }

    public StoreConfig withQueue(int max, long bytesMax) {
        return new StoreConfig(
                directory,
                cluster,
                max,
                bytesMax,
                batchMax,
                loadsMax,
                fullPercent,
                againPercent,
                diskCheckMillis,
                paceMicros);
    }

    public StoreConfig withDiskCheckMillis(int millis) {
        return new StoreConfig(
                directory,
                cluster,
                queueMax,
                queueBytesMax,
                batchMax,
                loadsMax,
                fullPercent,
                againPercent,
                millis,
                paceMicros);
    }

    public StoreConfig withPaceMicros(int micros) {
        return new StoreConfig(
                directory,
                cluster,
                queueMax,
                queueBytesMax,
                batchMax,
                loadsMax,
                fullPercent,
                againPercent,
                diskCheckMillis,
                micros);
    }
}
