package dev.berth.lab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

// The agenda is compared with a list that is sorted by time and then by the order of entry, over many random entries,
// some of which are made by events that fire.

/** Virtual time goes forward, and ties keep their order. */
class AgendaTest {
    private record Entry(long due, int number) {}

    @Test
    void events_fireByTimeAndThenInTheOrderOfEntry() {
        Agenda agenda = new Agenda();
        Dice dice = new Dice(7);
        List<Entry> entered = new ArrayList<>();
        List<Entry> fired = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            enter(agenda, dice.nextLong(300), entered, fired);
        }

        while (agenda.step()) {
            if (dice.oneIn(3) && entered.size() < 20_000) {
                enter(agenda, agenda.now() + dice.nextLong(50), entered, fired);
            }
        }

        List<Entry> expected = new ArrayList<>(entered);
        expected.sort(Comparator.comparingLong(Entry::due).thenComparingInt(Entry::number));
        assertThat(fired).isEqualTo(expected);
        assertThat(agenda.fired()).isEqualTo(entered.size());
    }

    private static void enter(Agenda agenda, long due, List<Entry> entered, List<Entry> fired) {
        Entry entry = new Entry(due, entered.size());
        entered.add(entry);
        agenda.at(due, () -> fired.add(entry));
    }

    @Test
    void event_inThePast_isRefusedWithBothTimes() {
        Agenda agenda = new Agenda();
        agenda.at(10, () -> {});
        agenda.step();

        assertThatThrownBy(() -> agenda.at(9, () -> {}))
                .hasMessageContaining("9ns")
                .hasMessageContaining("10ns");
    }
}
