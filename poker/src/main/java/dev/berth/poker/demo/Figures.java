package dev.berth.poker.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a demonstration has counted. Any thread.
 *
 * @param hands that have ended
 * @param actions answers of players who were asked to bet
 * @param watchers at gates
 * @param watchersBack how often one has come back
 * @param watchersHeard what they have heard, all in all, each thing once and in order
 * @param gaps for each thing that was done the longest time in which some player could do nothing, in milliseconds
 * @param lost actions that a player was told, and that are not in the table's history
 * @param doubled actions in the table's history that no player has done
 * @param chipsBefore cents of all accounts, before anybody played
 * @param chipsAfter cents of all accounts and on all tables
 * @param doubleOwners answers that show two owners of one slot at a time
 * @param contradictions all, in words; none if {@code held}
 */
record Figures(
        long hands,
        long actions,
        long reconnects,
        int watchers,
        long watchersBack,
        long watchersHeard,
        Map<String, Long> gaps,
        long lost,
        long doubled,
        long chipsBefore,
        long chipsAfter,
        int zombieTried,
        int zombieAccepted,
        long doubleOwners,
        long numbers,
        int rolled,
        List<String> contradictions) {
    private static final int SHOWN = 10;

    boolean held() {
        return hands > 0
                && actions > 0
                && reconnects > 0
                && watchersHeard > 0
                && lost == 0
                && doubled == 0
                && chipsBefore == chipsAfter
                && zombieTried > 0
                && zombieAccepted == 0
                && doubleOwners == 0
                && numbers > 0
                && contradictions.isEmpty();
    }

    private long longestGap() {
        return gaps.values().stream().mapToLong(gap -> gap).max().orElse(0);
    }

    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(line("hands played", hands));
        lines.add(line("bets, calls, raises and folds", actions));
        lines.add(line("connections lost, and logged in again", reconnects));
        lines.add(line("watchers at gates", watchers));
        lines.add(line("times that one has come back by another gate", watchersBack));
        lines.add(line("what they have heard, once and in order", watchersHeard));
        gaps.forEach((what, millis) -> lines.add(line("longest gap, " + what, millis) + " ms"));
        lines.add(line("servers that run the new release", rolled));
        lines.add(line("actions told, and lost", lost));
        lines.add(line("actions done twice", doubled));
        lines.add("%-52s %,12.2f".formatted("chips before", chipsBefore / 100.0));
        lines.add("%-52s %,12.2f".formatted("chips after", chipsAfter / 100.0));
        lines.add(line("late writes of the paused owner, tried", zombieTried));
        lines.add(line("late writes of the paused owner, accepted", zombieAccepted));
        lines.add(line("signs of two owners, in so many answers: " + "%,d".formatted(numbers), doubleOwners));
        contradictions.stream().limit(SHOWN).forEach(each -> lines.add("BROKEN: " + each));
        if (contradictions.size() > SHOWN) {
            lines.add("and " + (contradictions.size() - SHOWN) + " more");
        }
        lines.add(held() ? "every promise was kept" : "A PROMISE WAS BROKEN");
        return lines;
    }

    private static String line(String what, long figure) {
        return "%-52s %,9d".formatted(what, figure);
    }

    Map<String, Object> object() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("hands", hands);
        all.put("actions", actions);
        all.put("reconnects", reconnects);
        all.put("watchers", watchers);
        all.put("watcher_reconnects", watchersBack);
        all.put("watchers_heard", watchersHeard);
        all.put("longest_gap_ms", longestGap());
        all.put("gaps_ms", gaps);
        all.put("lost_actions", lost);
        all.put("doubled_actions", doubled);
        all.put("chips_before_cents", chipsBefore);
        all.put("chips_after_cents", chipsAfter);
        all.put("chips_conserved", chipsBefore == chipsAfter);
        all.put("zombie_writes_tried", zombieTried);
        all.put("zombie_writes_accepted", zombieAccepted);
        all.put("double_owners", doubleOwners);
        all.put("servers_rolled", rolled);
        all.put("contradictions", contradictions);
        all.put("invariants_held", held());
        return all;
    }
}
