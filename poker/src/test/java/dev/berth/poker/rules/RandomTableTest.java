package dev.berth.poker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random players at random tables; after each event everything is checked that always holds, against a second count of who sits where and who has
 * brought what. Then nobody answers any more, and every table must come to rest between two hands.
 */
final class RandomTableTest {
    private static final int TABLES = Boolean.getBoolean("berth.soak") ? 3_000 : 100;
    private static final int EVENTS = 600;
    private static final RecordBook BOOK =
            RecordBook.named("poker").with(Table.class).build();

    private RandomPlay play = new RandomPlay(0);
    /** By seats. */
    private final TreeMap<Integer, Long> seats = new TreeMap<>();

    private final LinkedHashSet<Long> watchers = new LinkedHashSet<>();
    private final List<String> said = new ArrayList<>();
    private final Set<Byte> cards = new LinkedHashSet<>();
    private long brought;
    private int seq;
    private int hands;
    private int wins;

    @Test
    @Tag("S3.2")
    @Tag("S3.20")
    void whatAlwaysHolds_holds_whateverPlayersDo() throws WireException {
        for (int seed = 0; seed < TABLES; seed++) {
            begin(seed);
            for (int i = 0; i < EVENTS; i++) {
                check("seed " + seed + " event " + i, play::next);
            }
            for (int i = 0; i < 200; i++) {
                check("seed " + seed + " timeout " + i, this::timeOver);
            }
            assertThat(play.table.view().acting()).as("seed %d", seed).isZero();
            assertThat(play.table.view().pot()).as("seed %d", seed).isZero();
        }
        assertThat(hands).isGreaterThan(TABLES * 5);
        assertThat(wins).isGreaterThan(hands);
    }

    private void begin(int seed) {
        play = new RandomPlay(seed);
        seats.clear();
        watchers.clear();
        said.clear();
        cards.clear();
        brought = 0;
        seq = 0;
    }

    private void timeOver() {
        play.table.wake().ifPresent(wake -> play.put(new Event.TimeOver(wake.number(), play.deck())));
    }

    private void check(String where, Runnable event) throws WireException {
        Table before = play.table;
        event.run();
        if (play.event instanceof Event.Watch watch && !seats.containsValue(watch.watcher())) {
            watchers.add(watch.watcher());
        } else if (play.event instanceof Event.Unwatch unwatch) {
            watchers.remove(unwatch.watcher());
        }
        play.outputs.forEach(output -> hear(where, output));

        Table table = play.table;
        assertThat(table.chips()).as(where).isEqualTo(brought);
        assertThat(table.view().acting() != 0).as(where).isEqualTo(table.asked().isPresent());
        assertThat(table.wake().isPresent() || (seats.isEmpty() && watchers.isEmpty()))
                .as(where)
                .isTrue();
        assertThat(BOOK.read(BOOK.write(table), Table.class)).as(where).isEqualTo(table);
        if (play.event instanceof Event.TimeOver over) {
            boolean due = before.wake().isPresent() && before.wake().get().number() == over.number();
            assertThat(!table.equals(before)).as(where).isEqualTo(due);
        }
    }

    private void hear(String where, Output output) {
        switch (output) {
            case Output.HandBegins(long hand) -> {
                said.clear();
                cards.clear();
                seq = 0;
                hands++;
            }
            case Output.Broadcast broadcast -> heardByAll(where, broadcast);
            case Output.Dealt(long player, int seat, byte card, int place, int at) -> {
                assertThat(seats.get(seat)).as(where + " " + output).isEqualTo(player);
                assertThat(cards.add(card)).as(where + " " + output).isTrue();
                assertThat(at).as(where).isEqualTo(seq);
            }
            case Output.BetAsked(long player, int seat, long call, long min, long max) -> {
                assertThat(seats.get(seat)).as(where).isEqualTo(player);
                assertThat(0 <= call && 0 <= min && min <= max)
                        .as(where + " " + output)
                        .isTrue();
                assertThat(play.table.asked()).as(where).hasValue(output);
            }
            case Output.DiscardAsked(long player, int seat) -> {
                assertThat(seats.get(seat)).as(where).isEqualTo(player);
                assertThat(play.table.asked()).as(where).hasValue(output);
            }
            case Output.Wake wake -> assertThat(play.table.wake()).as(where).hasValue(wake);
            case Output.Left(long player, long cents) -> {
                assertThat(seats.values()).as(where).doesNotContain(player);
                brought -= cents;
            }
            case Output.Refused(long player, long cents) ->
                assertThat(play.event).as(where).isInstanceOf(Event.Join.class);
        }
    }

    private void heardByAll(String where, Output.Broadcast broadcast) {
        switch (broadcast.said()) {
            case Said.Joined(long player, int seat) -> {
                assertThat(seats.put(seat, player)).as(where).isNull();
                watchers.remove(player);
                brought += ((Event.Join) play.event).buyIn();
            }
            case Said.Left(long player, int seat) ->
                assertThat(seats.remove(seat)).as(where).isEqualTo(player);
            case Said.Won(long player, int seat, long amount) -> {
                assertThat(seats.get(seat)).as(where).isEqualTo(player);
                assertThat(said.stream().filter(line -> line.contains("Won[player=" + player + ",")))
                        .as(where)
                        .isEmpty();
                wins++;
            }
            case Said.Shared(byte card) -> assertThat(cards.add(card)).as(where).isTrue();
            default -> {}
        }
        assertThat(broadcast.seq()).as(where).isEqualTo(seq);
        seq = seq + 1 & 0xFFFF;
        assertThat(broadcast.to())
                .as(where)
                .isEqualTo(Stream.concat(seats.values().stream(), watchers.stream())
                        .toList());
        said.add(broadcast.seq() + " " + broadcast.said());
    }
}
