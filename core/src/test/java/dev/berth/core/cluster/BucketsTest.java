package dev.berth.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

// The vectors were computed by another program, in another language, from the description at the top of Buckets. The
// resize is compared with the best of all ways to spread the remainder, by trying every one of them.

/** Keys to buckets, buckets to slots. */
class BucketsTest {
    @ParameterizedTest
    @CsvSource({
        "'', 6e789e6aa1b965f4, 7, 442, 28281",
        "a, c73cafda1a5ef526, 13, 797, 51004",
        "table-17, 9cdf2ed9b3025ab6, 10, 628, 40159",
        "player:1000, f8052a3edbdb03ff, 16, 993, 63493",
        "Hafenstraße, 22e867d2ef58f86c, 3, 140, 8937",
    })
    void textVectors_hold(String key, String hash, int of16, int of1024, int of65535) {
        assertThat(Long.toHexString(Buckets.hash(key))).isEqualTo(hash);
        assertThat(Buckets.bucket(Buckets.hash(key), 16)).isEqualTo(of16);
        assertThat(Buckets.bucket(Buckets.hash(key), 1_024)).isEqualTo(of1024);
        assertThat(Buckets.bucket(Buckets.hash(key), 65_535)).isEqualTo(of65535);
    }

    @ParameterizedTest
    @CsvSource({"0, 0ea36f3cc1d96075", "1000, 020cbc28fa5d4217", "-1, 7715df58e4840dfb"})
    void numberVectors_hold(long key, String hash) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(key)
                .array();

        assertThat("%016x".formatted(Buckets.hash(key))).isEqualTo(hash);
        assertThat(Buckets.hash(bytes)).isEqualTo(Buckets.hash(key));
    }

    @Test
    void bytesVector_overSeveralWords_holds() {
        byte[] bytes = new byte[32];
        IntStream.range(0, 32).forEach(i -> bytes[i] = (byte) i);

        assertThat(Buckets.hash(bytes)).isEqualTo(0x37fad0ab4f2642cdL);
    }

    @Test
    void zerosAtTheEnd_count() {
        assertThat(Buckets.hash(new byte[3])).isNotEqualTo(Buckets.hash(new byte[4]));
    }

    @Test
    void oneFlippedBit_flipsEveryBitOfTheHash_halfOfTheTime() {
        int samples = 2_000;
        for (int in = 0; in < 64; in++) {
            int[] flips = new int[64];
            for (long key = 0; key < samples; key++) {
                long changed = Buckets.hash(key) ^ Buckets.hash(key ^ 1L << in);
                for (int out = 0; out < 64; out++) {
                    flips[out] += (int) (changed >>> out & 1);
                }
            }
            // 1,000 on average, with a deviation of 22.
            assertThat(IntStream.of(flips)).as("input bit %s", in).allMatch(n -> n > 870 && n < 1_130);
        }
    }

    @Test
    void consecutiveNumbers_fillBucketsEvenly() {
        int[] counts = new int[256];
        for (long uid = 1_000_000; uid < 1_256_000; uid++) {
            counts[Buckets.bucket(Buckets.hash(uid), 256) - 1]++;
        }
        // 1,000 on average, with a deviation of 32.
        assertThat(IntStream.of(counts)).allMatch(n -> n > 840 && n < 1_160);
    }

    @Property
    void bucket_liesInRange(@ForAll long hash, @ForAll @IntRange(min = 1, max = ServicePlan.SLOTS_MAX) int buckets) {
        assertThat(Buckets.bucket(hash, buckets)).isBetween(1, buckets);
    }

    @Property
    void resize_keepsSlotsEven_withTheFewestMoves(
            @ForAll @IntRange(min = 6, max = 40) int buckets,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 6) Integer> capacities) {
        Service service = Service.planned(ServicePlan.bucketed("role", 3, buckets));
        for (int capacity : capacities) {
            int[] before = counts(service);
            int old = service.plan().capacity();
            List<Change> changes = Buckets.resize(service, capacity);
            Service next = apply(service, changes);

            int[] after = counts(next);
            assertThat(Arrays.stream(after, 1, capacity + 1).boxed())
                    .allMatch(n -> n == buckets / capacity || n == Math.ceilDiv(buckets, capacity));
            assertThat(changes.size() - 1).isEqualTo(fewestMoves(before, buckets, capacity));
            for (int bucket = 1; bucket <= buckets; bucket++) {
                int from = service.slotOf(bucket);
                int to = next.slotOf(bucket);
                assertThat(from == to || (capacity > old ? to > old : from > capacity))
                        .as("bucket %s from %s to %s", bucket, from, to)
                        .isTrue();
            }
            service = next;
        }
    }

    private static int fewestMoves(int[] counts, int buckets, int capacity) {
        int fewest = Integer.MAX_VALUE;
        for (int larger = 0; larger < 1 << capacity; larger++) {
            if (Integer.bitCount(larger) == buckets % capacity) {
                int stay = 0;
                for (int slot = 1; slot <= capacity; slot++) {
                    stay += Math.min(counts[slot], buckets / capacity + (larger >>> (slot - 1) & 1));
                }
                fewest = Math.min(fewest, buckets - stay);
            }
        }
        return fewest;
    }

    private static int[] counts(Service service) {
        int[] counts = new int[7];
        IntStream.rangeClosed(1, service.plan().buckets()).forEach(bucket -> counts[service.slotOf(bucket)]++);
        return counts;
    }

    private static Service apply(Service service, List<Change> changes) {
        Service next = service;
        for (Change change : changes) {
            next = switch (change) {
                case Change.Resized resized -> next.withCapacity(resized.capacity());
                case Change.BucketReassigned moved ->
                    next.withBucketIn(moved.bucket().number(), moved.slot());
                case Change.HomeChosen home -> next.withHome(home.slot().number(), home.home());
                case Change other -> throw new AssertionError("a resize makes no " + other);
            };
        }
        return next;
    }

    @Test
    void removedSlots_loseTheirHome() {
        Incarnation home = new Incarnation(new NodeId(4), 2);
        Service service = Service.planned(ServicePlan.bucketed("role", 2, 4)).withHome(2, home);

        assertThat(Buckets.resize(service, 1)).contains(new Change.HomeChosen(new SlotId("role", 2), Incarnation.NONE));
        assertThat(apply(service, Buckets.resize(service, 1)).home(2)).isEqualTo(Incarnation.NONE);
    }

    @Test
    void capacityOutOfRange_isRefused() {
        Service service = Service.planned(ServicePlan.bucketed("role", 2, 4));

        assertThatThrownBy(() -> Buckets.resize(service, 5)).hasMessageContaining("capacity 5");
        assertThatThrownBy(() -> Buckets.resize(service, 0)).hasMessageContaining("capacity 0");
        assertThatThrownBy(() -> Buckets.resize(Service.planned(ServicePlan.plain("gate", 2)), 3))
                .hasMessageContaining("gate");
    }
}
