package dev.berth.poker.bot;

import java.util.List;
import java.util.SortedMap;

/**
 * What became of a rigged hand. Any thread.
 *
 * @param game 0 if there was none
 * @param winners by seat, as an observer heard it
 * @param failures empty if all was as it should be
 */
public record RiggedResult(long game, SortedMap<Integer, Long> winners, List<String> failures) {
    public boolean passed() {
        return failures.isEmpty();
    }
}
