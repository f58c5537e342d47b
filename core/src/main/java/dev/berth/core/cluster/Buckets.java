package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

// Key -> bucket is the part of the two stages that never changes, in any language, so it is written down here in full.
// All arithmetic is on 64 bits and wraps; shifts to the right fill with zeros.
//
//   mix(x):   x ^= x >>> 30;  x *= 0xBF58476D1CE4E5B9;  x ^= x >>> 27;  x *= 0x94D049BB133111EB;  x ^= x >>> 31
//   hash(b):  h = (length(b) + 1) * G, where G = 0x9E3779B97F4A7C15
//             for each 8 bytes w of b, little-endian, the last ones filled up with zeros:  h = mix(h ^ w)
//             the hash is mix(h + G)
//   bucket:   (((hash >>> 32) * buckets) >>> 32) + 1
//
// A text is its UTF-8 bytes, a number its 8 bytes little-endian. BucketsTest has test vectors. No secret goes in:
// whoever may choose keys can choose their bucket, as with any placement that strangers can compute.

/** Which bucket a key is in, and which slot a bucket. Any thread. */
@PublicApi
public final class Buckets {
    private static final long G = 0x9E3779B97F4A7C15L;

    private Buckets() {}

    /** The stable hash of a key's bytes. */
    public static long hash(byte[] key) {
        long h = (key.length + 1L) * G;
        for (int start = 0; start < key.length; start += Long.BYTES) {
            h = mix(h ^ word(key, start));
        }
        return mix(h + G);
    }

    public static long hash(String key) {
        return hash(key.getBytes(StandardCharsets.UTF_8));
    }

    public static long hash(long key) {
        return mix(mix((Long.BYTES + 1L) * G ^ key) + G);
    }

    /** The bucket, 1 to {@code buckets}, of a key with this hash. */
    public static int bucket(long hash, int buckets) {
        if (buckets < 1 || buckets > ServicePlan.SLOTS_MAX) {
            throw new IllegalArgumentException(
                    "buckets lies between 1 and " + ServicePlan.SLOTS_MAX + ", got " + buckets);
        }
        return (int) (((hash >>> 32) * buckets) >>> 32) + 1;
    }

    private static long word(byte[] key, int start) {
        long word = 0;
        for (int i = Math.min(start + Long.BYTES, key.length) - 1; i >= start; i--) {
            word = word << 8 | (key[i] & 0xFF);
        }
        return word;
    }

    private static long mix(long x) {
        x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }

    /**
     * The changes that give a bucketed service another capacity: the fewest buckets change their slot, and afterwards every
     * slot has as many as any other, or one more. Growing takes buckets only for the new slots, shrinking only from the
     * removed ones.
     */
    static List<Change> resize(Service service, int capacity) {
        ServicePlan plan = service.plan();
        if (!plan.isBucketed() || capacity < 1 || capacity > plan.buckets()) {
            throw new IllegalArgumentException("service " + service.name() + " with " + plan.buckets()
                    + " buckets cannot have the capacity " + capacity);
        }
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Resized(service.name(), capacity));
        List<ArrayDeque<Integer>> bucketsOf = bucketsOf(service, Math.max(capacity, plan.capacity()));
        int[] quotas = quotas(bucketsOf, plan.buckets(), capacity);
        int taker = 1;
        for (int slot = 1; slot < bucketsOf.size(); slot++) {
            ArrayDeque<Integer> own = bucketsOf.get(slot);
            while (own.size() > quotas[slot]) {
                while (bucketsOf.get(taker).size() >= quotas[taker]) {
                    taker++;
                }
                int bucket = own.removeLast();
                bucketsOf.get(taker).addFirst(bucket);
                changes.add(new Change.BucketReassigned(new SlotId(service.name(), bucket), taker));
            }
        }
        for (int slot = capacity + 1; slot <= plan.capacity(); slot++) {
            if (!service.home(slot).isNone()) {
                changes.add(new Change.HomeChosen(new SlotId(service.name(), slot), Incarnation.NONE));
            }
        }
        return changes;
    }

    /** The buckets of each slot, which are counted from 1. */
    private static List<ArrayDeque<Integer>> bucketsOf(Service service, int slots) {
        List<ArrayDeque<Integer>> bucketsOf = new ArrayList<>();
        IntStream.rangeClosed(0, slots).forEach(_ -> bucketsOf.add(new ArrayDeque<>()));
        for (int bucket = 1; bucket <= service.plan().buckets(); bucket++) {
            bucketsOf.get(service.slotOf(bucket)).addLast(bucket);
        }
        return bucketsOf;
    }

    /** How many buckets each slot is to have: what does not divide evenly stays with those that have the most. */
    private static int[] quotas(List<ArrayDeque<Integer>> bucketsOf, int buckets, int capacity) {
        int[] quotas = new int[bucketsOf.size()];
        List<Integer> fullestFirst = IntStream.rangeClosed(1, capacity)
                .boxed()
                .sorted(Comparator.comparingInt(
                        (Integer slot) -> -bucketsOf.get(slot).size()))
                .toList();
        for (int i = 0; i < capacity; i++) {
            quotas[fullestFirst.get(i)] = buckets / capacity + (i < buckets % capacity ? 1 : 0);
        }
        return quotas;
    }
}
