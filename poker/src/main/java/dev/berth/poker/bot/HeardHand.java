package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.util.List;

/**
 * What a player was told of one hand in a row, on one connection. Any thread.
 *
 * @param told one broadcast or more; each is the one with its Seq in that hand
 * @param answers how often he has answered a BET_REQ in it so far, at most
 */
public record HeardHand(long game, long player, List<Broadcast> told, int answers) {
    public HeardHand {
        told = List.copyOf(told);
    }

    /** Bets, calls and raises of a player in a hand; one that takes the stack is told by two packets. */
    public static int actions(List<Broadcast> told, long player) {
        int actions = 0;
        boolean allIn = false;
        for (Broadcast each : told) {
            if (Reckoning.isAction(each, player)) {
                // Whoever is all-in acts no more: what follows says what it was.
                actions += allIn ? 0 : 1;
                allIn |= each instanceof Packet.PlayerState;
            }
        }
        return actions;
    }

    /** Whether this is an action of the player. */
    public static boolean isAction(Broadcast told, long player) {
        return Reckoning.isAction(told, player);
    }
}
