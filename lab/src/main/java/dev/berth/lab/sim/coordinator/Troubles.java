package dev.berth.lab.sim.coordinator;

import dev.berth.lab.sim.kernel.Dice;

/**
 * How often requests meet which fate, in thousandths.
 *
 * @param lateMostNanos how late a LATE request can be
 * @param expiredMayWrite whether a request of an expired session that was under way is still executed; ZooKeeper would not,
 *     but the protocol does not rely on it
 */
public record Troubles(int lost, int answerLost, int late, int silent, long lateMostNanos, boolean expiredMayWrite) {
    public static final Troubles NONE = new Troubles(0, 0, 0, 0, 1_000_000_000L, false);

    Fate fate(Dice dice) {
        if (lost + answerLost + late + silent == 0) {
            return Fate.NORMAL;
        }
        int draw = dice.nextInt(1_000);
        if (draw < lost) {
            return Fate.LOST;
        }
        if (draw < lost + answerLost) {
            return Fate.ANSWER_LOST;
        }
        if (draw < lost + answerLost + late) {
            return Fate.LATE;
        }
        return draw < lost + answerLost + late + silent ? Fate.SILENT : Fate.NORMAL;
    }
}
