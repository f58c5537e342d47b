package dev.berth.node.demo;

import dev.berth.core.audit.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a demonstration has counted. Any thread.
 *
 * @param gaps for each fault the longest time in which no call of some caller was answered, in milliseconds
 * @param lost acknowledged additions that were missing in a later answer
 * @param doubled answers that show two owners of one slot at a time
 * @param gold what became of that of entities
 * @param findings all contradictions among what was seen
 */
record Figures(
        long done,
        long failed,
        long refused,
        long unknown,
        Map<String, Long> gaps,
        int zombieTried,
        int zombieAccepted,
        long lost,
        long doubled,
        List<Finding> findings,
        Traders.Count gold) {
    /** So many findings are printed; the history has them all. */
    private static final int SHOWN = 10;

    boolean held() {
        return done > 0 && failed == 0 && zombieTried > 0 && zombieAccepted == 0 && findings.isEmpty() && isGoldKept();
    }

    private boolean isGoldKept() {
        return gold.done() > 0 && gold.lost() == 0 && gold.made() == 0;
    }

    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("%-40s %,10d".formatted("calls done", done));
        lines.add("%-40s %,10d".formatted("calls failed", failed));
        lines.add("%-40s %,10d".formatted("calls refused (surely did not run)", refused));
        lines.add("%-40s %,10d".formatted("calls unknown (may have run)", unknown));
        gaps.forEach((fault, millis) -> lines.add("%-40s %,10d ms".formatted("longest gap, " + fault, millis)));
        lines.add("%-40s %,10d".formatted("writes under an old epoch, tried", zombieTried));
        lines.add("%-40s %,10d".formatted("writes under an old epoch, accepted", zombieAccepted));
        lines.add("%-40s %,10d".formatted("acknowledged and lost", lost));
        lines.add("%-40s %,10d".formatted("signs of two owners", doubled));
        lines.add("%-40s %,10d".formatted("calls of entities done", gold.done()));
        lines.add("%-40s %,10d".formatted("gold lost", gold.lost()));
        lines.add("%-40s %,10d".formatted("gold made", gold.made()));
        findings.stream().limit(SHOWN).forEach(finding -> lines.add(finding.toString()));
        if (findings.size() > SHOWN) {
            lines.add("and " + (findings.size() - SHOWN) + " more");
        }
        lines.add(held() ? "every promise was kept" : "A PROMISE WAS BROKEN");
        return lines;
    }

    Map<String, Object> object() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("calls_done", done);
        all.put("calls_failed", failed);
        all.put("calls_refused", refused);
        all.put("calls_unknown", unknown);
        all.put("longest_gap_ms", gaps);
        all.put("zombie_writes_tried", zombieTried);
        all.put("zombie_writes_accepted", zombieAccepted);
        all.put("acknowledged_lost", lost);
        all.put("double_owners", doubled);
        all.put("entities_calls_done", gold.done());
        all.put("gold_lost", gold.lost());
        all.put("gold_made", gold.made());
        all.put("invariants_held", held());
        return all;
    }
}
