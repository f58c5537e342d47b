package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.BetReq;
import dev.berth.poker.wire.Packet.GameCommand;

/** How a script answers a BET_REQ. Any thread. */
public enum Answer {
    BLIND,
    CALL,
    CHECK,
    BET,
    RAISE,
    ALL_IN_CALL,
    ALL_IN_RAISE,
    FOLD;

    /** @param stack what the player has left */
    GameCommand to(BetReq asked, long stack) {
        long game = asked.game();
        return switch (this) {
            case BLIND, CALL -> new Packet.Call(game, asked.call());
            case CHECK -> new Packet.Call(game, 0);
            case BET, RAISE -> new Packet.Raise(game, asked.raiseMin());
            case ALL_IN_CALL -> new Packet.Call(game, stack);
            case ALL_IN_RAISE -> new Packet.Raise(game, stack - asked.call());
            case FOLD -> new Packet.Fold(game);
        };
    }

    /** What goes from the stack to the pot by it. */
    long cost(BetReq asked, long stack) {
        return switch (this) {
            case BLIND, CALL -> asked.call();
            case CHECK, FOLD -> 0;
            case BET, RAISE -> asked.call() + asked.raiseMin();
            case ALL_IN_CALL, ALL_IN_RAISE -> stack;
        };
    }
}
