package dev.berth.core.audit;

import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Every addition that was done has a place in order, which is its answer. So the answers are all different, later
// calls are told later places, and none is further than the additions that may have been done.

/** I7 for one number: what is acknowledged is there once, and stays. One thread. */
final class Tally {
    /** Two calls are told the same place while both are under way, so it is enough to remember the newest places. */
    private static final int REMEMBERED = 1_024;

    /** One addition, however often it is asked for. */
    static final class Addition {
        private final @Nullable Told known;
        private @Nullable Told told;
        private boolean refused;

        private Addition(@Nullable Told known) {
            this.known = known;
        }
    }

    private final Consumer<? super Finding> found;
    private final TreeMap<Long, Told> places = new TreeMap<>();
    private @Nullable Told highest;
    private long begun;
    private long lost;

    Tally(Consumer<? super Finding> found) {
        this.found = found;
    }

    Addition begin() {
        begun++;
        return new Addition(highest);
    }

    /** It surely was not done, by none of the calls that asked for it. */
    void refused(Addition addition) {
        if (!addition.refused && addition.told == null) {
            addition.refused = true;
            begun--;
        }
    }

    void added(Addition addition, Told told) {
        Told before = addition.told;
        if (before != null) {
            if (before.count().value() != told.count().value()) {
                add(before.toString(), told + " for the same addition");
            }
            return;
        }
        addition.told = told;
        Told known = addition.known;
        Told twin = places.putIfAbsent(told.count().value(), told);
        if (known != null && told.count().value() <= known.count().value()) {
            missing(known, told, known.count().value() + 1 - told.count().value());
        } else if (twin != null) {
            missing(twin, told, 1);
        }
        bounded(told);
        if (places.size() > REMEMBERED) {
            places.pollFirstEntry();
        }
    }

    /** @param known what had been acknowledged when it was asked for */
    void read(@Nullable Told known, Told told) {
        if (known != null && told.count().value() < known.count().value()) {
            missing(known, told, known.count().value() - told.count().value());
        }
        bounded(told);
    }

    private void missing(Told known, Told told, long count) {
        lost = Math.max(lost, count);
        add(known.toString(), told.toString());
    }

    private void bounded(Told told) {
        if (told.count().value() > begun) {
            add(
                    "until " + Told.seconds(told.toldNanos()) + " only " + begun
                            + " additions may have been done to it",
                    told.toString());
        }
        Told before = highest;
        if (before == null || told.count().value() > before.count().value()) {
            highest = told;
        }
    }

    private void add(String earlier, String later) {
        found.accept(new Finding(Invariant.I7, earlier, later));
    }

    @Nullable
    Told highest() {
        return highest;
    }

    /** How many acknowledged additions were missing at the worst moment. */
    long lost() {
        return lost;
    }
}
