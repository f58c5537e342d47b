package dev.berth.core.cluster;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word that somebody meant. Stateless; any thread. */
public final class Spelling {
    private Spelling() {}

    /** The known word that is nearest, if no more than every third letter of it would be wrong; else null. */
    public static @Nullable String nearest(String word, Collection<String> known) {
        String nearest = null;
        int fewest = Integer.MAX_VALUE;
        for (String each : known) {
            // Words of very different lengths cannot be near, and a long one from outside is not worth a table.
            int tolerated = Math.ceilDiv(each.length(), 3);
            if (Math.abs(each.length() - word.length()) <= tolerated) {
                int distance = distance(word, each);
                if (distance <= tolerated && distance < fewest) {
                    nearest = each;
                    fewest = distance;
                }
            }
        }
        return nearest;
    }

    /** How many letters are missing, too many, wrong, or in the wrong order with their neighbour. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + same, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
