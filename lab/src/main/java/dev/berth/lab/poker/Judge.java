package dev.berth.lab.poker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

// Slow and simple on purpose: each choice of five cards is looked at, ranks are counted, money is cut into slices.
// Cards are texts, so that not even their numbers are shared with the rules.

/** Says who wins what in a hand of poker. Any thread. */
public final class Judge {
    private static final String RANKS = "23456789TJQKA";

    /**
     * @param paid since the hand began
     * @param cards his own, as {@code "Td"}
     */
    public record Player(int seat, long paid, boolean folded, List<String> cards) {
        public Player {
            cards = List.copyOf(cards);
        }
    }

    /** Who could win a slice of the money, and how much of it there is. */
    private record Pot(List<Player> members, long cents) {}

    private Judge() {}

    /**
     * What each winning seat gets.
     *
     * @param players in the order in which they get cents that cannot be divided
     */
    public static SortedMap<Integer, Long> wins(List<Player> players, List<String> board) {
        SortedMap<Integer, Long> wins = new TreeMap<>();
        for (Pot pot : pots(players)) {
            List<Player> winners = best(pot.members, board);
            long rest = pot.cents;
            for (int i = 0; i < winners.size(); i++) {
                // What is left, divided among those who are left, rounded up.
                long share = (rest + winners.size() - i - 1) / (winners.size() - i);
                wins.merge(winners.get(i).seat, share, Long::sum);
                rest -= share;
            }
        }
        return wins;
    }

    /** Slices between any two amounts that somebody has paid; those that the same players can win are one pot. */
    private static List<Pot> pots(List<Player> players) {
        List<Long> amounts =
                players.stream().map(Player::paid).distinct().sorted().toList();
        List<Pot> pots = new ArrayList<>();
        long below = 0;
        for (long amount : amounts) {
            long slice = (amount - below)
                    * players.stream().filter(player -> player.paid >= amount).count();
            List<Player> members = players.stream()
                    .filter(player -> player.paid >= amount && !player.folded)
                    .toList();
            boolean same = !pots.isEmpty() && (members.isEmpty() || members.equals(pots.getLast().members));
            if (same) {
                Pot last = pots.removeLast();
                pots.add(new Pot(last.members, last.cents + slice));
            } else if (slice > 0) {
                pots.add(new Pot(members, slice));
            }
            below = amount;
        }
        return pots;
    }

    private static List<Player> best(List<Player> members, List<String> board) {
        if (members.size() == 1) {
            return members;
        }
        List<List<Integer>> worths = new ArrayList<>();
        for (Player member : members) {
            List<String> cards = new ArrayList<>(member.cards);
            cards.addAll(board);
            worths.add(worth(cards));
        }
        List<Integer> best = worths.stream().max(Judge::compare).orElseThrow();
        List<Player> winners = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (worths.get(i).equals(best)) {
                winners.add(members.get(i));
            }
        }
        return winners;
    }

    /** Of the best five: the category, 0 to 8, then ranks in the order in which they decide. */
    public static List<Integer> worth(List<String> cards) {
        List<List<Integer>> all = new ArrayList<>();
        choose(cards, 0, new ArrayList<>(), all);
        return all.stream().max(Judge::compare).orElseThrow();
    }

    private static void choose(List<String> cards, int from, List<String> chosen, List<List<Integer>> all) {
        if (chosen.size() == 5) {
            all.add(worthOfFive(chosen));
            return;
        }
        for (int i = from; i < cards.size(); i++) {
            chosen.add(cards.get(i));
            choose(cards, i + 1, chosen, all);
            chosen.removeLast();
        }
    }

    private static List<Integer> worthOfFive(List<String> five) {
        int[] counts = new int[RANKS.length()];
        five.forEach(card -> counts[RANKS.indexOf(card.charAt(0))]++);
        // Ranks by how often they are there, then by height.
        List<Integer> ranks = five.stream()
                .map(card -> RANKS.indexOf(card.charAt(0)))
                .distinct()
                .sorted(Comparator.comparingInt((Integer rank) -> counts[rank])
                        .thenComparing(rank -> rank)
                        .reversed())
                .toList();
        boolean flush = five.stream().map(card -> card.charAt(1)).distinct().count() == 1;
        boolean wheel = ranks.equals(List.of(12, 3, 2, 1, 0));
        boolean straight = wheel || (ranks.size() == 5 && ranks.getFirst() - ranks.getLast() == 4);
        int most = counts[ranks.getFirst()];
        int category = straight && flush
                ? 8
                : most == 4
                        ? 7
                        : most == 3 && ranks.size() == 2
                                ? 6
                                : flush ? 5 : straight ? 4 : most == 3 ? 3 : most == 2 ? 5 - ranks.size() : 0;
        List<Integer> worth = new ArrayList<>(List.of(category));
        worth.addAll(wheel ? List.of(3) : ranks);
        return worth;
    }

    private static int compare(List<Integer> a, List<Integer> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!a.get(i).equals(b.get(i))) {
                return Integer.compare(a.get(i), b.get(i));
            }
        }
        return 0;
    }
}
