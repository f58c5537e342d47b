package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The original test's observer: hears who sits down and who wins, and ends where the original crashes. */
final class HandObserver implements Mind {
    /** The original does not look at cents: a pot shared by three is not what it was. */
    private static final long TOLERANCE = 200;

    private static final int FIXED_LIMIT = 1;

    private final long game;
    private final Sequence sequence = new Sequence();
    private final SortedMap<Long, Integer> seats = new TreeMap<>();
    private final SortedMap<Integer, Long> winners = new TreeMap<>();
    private boolean isDone;

    HandObserver(long game) {
        this.game = game;
    }

    @Override
    public void hear(Notice notice, Consumer<Command> say) throws Complaint {
        if (notice instanceof Packet.Broadcast broadcast) {
            if (broadcast.game() != game) {
                throw new Complaint("heard of another game: " + broadcast);
            }
            sequence.next(broadcast);
        }
        switch (notice) {
            case Packet.GameInfo info
            when info.limitType() != FIXED_LIMIT -> throw new Complaint("a limit that clients do not know: " + info);
            case Packet.NotifyJoin joined -> joined(joined);
            case Packet.NotifyWin won -> won(won);
            case Packet.NotifyEndGame _ -> {
                say.accept(new Packet.Unwatch(game));
                isDone = true;
            }
            default -> {}
        }
    }

    private void joined(Packet.NotifyJoin joined) throws Complaint {
        if (seats.putIfAbsent(joined.player(), joined.seat()) != null) {
            throw new Complaint("a second NOTIFY_JOIN: " + joined);
        }
    }

    private void won(Packet.NotifyWin won) throws Complaint {
        Integer seat = seats.get(won.player());
        if (seat == null) {
            throw new Complaint("a winner who was not seen joining: " + won);
        }
        if (winners.putIfAbsent(seat, won.amount()) != null) {
            throw new Complaint("a second NOTIFY_WIN of seat %d: %s".formatted(seat, won));
        }
    }

    @Override
    public boolean isDone() {
        return isDone;
    }

    SortedMap<Integer, Long> winners() {
        return new TreeMap<>(winners);
    }

    /** What differs from these winners, in words. */
    List<String> differences(SortedMap<Integer, Long> expected) {
        List<String> differences = new ArrayList<>();
        for (var each : expected.entrySet()) {
            Long amount = winners.get(each.getKey());
            if (amount == null || Math.abs(amount - each.getValue()) >= TOLERANCE) {
                differences.add("seat %d won %s cents, expected %d".formatted(each.getKey(), amount, each.getValue()));
            }
        }
        winners.forEach((seat, amount) -> {
            if (!expected.containsKey(seat)) {
                differences.add("seat %d won %d cents, expected nothing".formatted(seat, amount));
            }
        });
        return differences;
    }
}
