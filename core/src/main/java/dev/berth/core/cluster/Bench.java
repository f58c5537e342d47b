package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// Give the next unit to the emptiest; move one from the fullest to the emptiest while they differ by two. That is all
// of the planner's wisdom. Moving so is also the least movement: who gives never gets below the final level, who takes
// never above it, so nobody does both.

/** The candidates of one service, in the order of how much they have. Confined to one plan. */
final class Bench {
    /** Is told of one unit's move; returns whether more moves are wanted. */
    @FunctionalInterface
    interface Mover {
        boolean move(Seat from, Seat to);
    }

    private static final Comparator<Seat> LIVELY_FIRST =
            Comparator.comparing(Seat::isQuiet).thenComparing(Comparator.naturalOrder());

    private final TreeMap<Incarnation, Seat> seats = new TreeMap<>();
    private final PriorityQueue<Seat> open = new PriorityQueue<>(LIVELY_FIRST);

    /** A service offered twice by the same candidate counts as it was offered first. */
    void add(Candidate candidate, Seat.Tally tally, int limit) {
        seats.putIfAbsent(candidate.incarnation(), new Seat(candidate, tally, limit));
    }

    /** The seat of exactly this incarnation, or null if it is no candidate. */
    @Nullable
    Seat seat(Incarnation incarnation) {
        return seats.get(incarnation);
    }

    /** How many units more all candidates together may take at once. */
    int room() {
        return seats.values().stream().mapToInt(Seat::room).sum();
    }

    /** How many candidates have nothing of this service. */
    int idle() {
        return (int) seats.values().stream().filter(seat -> seat.share() == 0).count();
    }

    /** How many units could go to others and leave everybody one. */
    int spare() {
        return seats.values().stream()
                .mapToInt(seat -> Math.max(0, seat.share() - 1))
                .sum();
    }

    /** Orders the candidates by what they have now; to be called after other services have been dealt out. */
    void lineUp() {
        open.clear();
        for (Seat seat : seats.values()) {
            seat.weigh();
            if (seat.room() > 0) {
                open.add(seat);
            }
        }
    }

    /**
     * Takes a unit for the emptiest candidate with room, or returns null if nobody has any.
     *
     * @param failures how many have already given the unit up: as many are passed over, so that another one tries
     */
    @Nullable
    Seat deal(int failures) {
        if (open.isEmpty()) {
            return null;
        }
        List<Seat> passedOver = new ArrayList<>();
        for (int i = failures % open.size(); i > 0; i--) {
            passedOver.add(open.remove());
        }
        Seat seat = open.remove();
        seat.take();
        if (seat.room() > 0) {
            open.add(seat);
        }
        open.addAll(passedOver);
        return seat;
    }

    /** The same for a unit that is to be drained, and has an owner who serves it meanwhile: only to somebody lively. */
    @Nullable
    Seat dealLively() {
        Seat first = open.peek();
        return first == null || first.isQuiet() ? null : deal(0);
    }

    /** Evens out the shares with the fewest moves; stops early when the mover has had enough. */
    void level(Mover mover) {
        if (isLevel()) {
            return;
        }
        seats.values().forEach(Seat::weigh);
        TreeSet<Seat> all = new TreeSet<>();
        TreeSet<Seat> growing = new TreeSet<>();
        all.addAll(seats.values());
        seats.values().stream().filter(Seat::canGrow).forEach(growing::add);
        boolean more = true;
        while (more
                && !growing.isEmpty()
                && all.last().share() - growing.first().share() >= 2) {
            Seat from = all.last();
            Seat to = growing.first();
            all.remove(from);
            all.remove(to);
            growing.remove(from);
            growing.remove(to);
            from.shrink();
            to.grow();
            more = mover.move(from, to);
            all.add(from);
            all.add(to);
            growing.add(from);
            if (to.canGrow()) {
                growing.add(to);
            }
        }
    }

    /** Whether no move would even anything out. */
    boolean isLevel() {
        int most = seats.values().stream().mapToInt(Seat::share).max().orElse(0);
        int least = seats.values().stream()
                .filter(Seat::canGrow)
                .mapToInt(Seat::share)
                .min()
                .orElse(most);
        return most - least < 2;
    }
}
