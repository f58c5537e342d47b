package dev.berth.poker;

import dev.berth.node.entity.Denied;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Output.BetAsked;
import dev.berth.poker.rules.Output.DiscardAsked;
import dev.berth.poker.rules.Table;
import dev.berth.poker.rules.TableView;

// A client of 2008 that says what it may not is ignored, or folds. Nobody should lose a hand because a page has a bug,
// so
// sessions are told what is wrong, and nothing happens.

/** What a session may not say to a table. Any thread. */
final class Manners {
    static final String ELSEWHERE =
            "you have logged in by something else, which plays for you now: say poker/enter to play here";

    private Manners() {}

    /** His seat. */
    static TableView.Seat requireSeat(Table table, long game, long player) {
        TableView view = table.view();
        int seat = view.seatOf(player);
        if (seat == 0) {
            throw new Denied("you have no seat in game " + game);
        }
        return view.seat(seat);
    }

    static void requireTurn(Table table, long game, Event.Act act) {
        TableView.Seat seat = requireSeat(table, game, act.player());
        int acting = table.view().acting();
        if (acting != seat.number()) {
            throw new Denied("it is not your turn: "
                    + (acting == 0 ? "nobody is asked at this moment" : "seat " + acting + " is asked"));
        }
        if (act instanceof Event.Discard && table.asked().orElse(null) instanceof DiscardAsked) {
            return;
        }
        if (!(table.asked().orElse(null) instanceof BetAsked asked) || !(act instanceof Event.Bet bet)) {
            throw new Denied(
                    act instanceof Event.Bet
                            ? "you are asked which cards you give away"
                            : "you are asked for a bet, not for cards");
        }
        switch (bet) {
            case Event.Call call -> requireCall(asked, seat.stack(), call.amount());
            case Event.Raise raise -> requireRaise(asked, seat.stack(), raise.amount());
            case Event.Fold _ -> {
                // Always.
            }
        }
    }

    private static void requireCall(BetAsked asked, long stack, long amount) {
        long call = Math.min(asked.call(), stack);
        if (amount != call) {
            throw new Denied("a call is " + call + " here, not " + amount);
        }
    }

    private static void requireRaise(BetAsked asked, long stack, long amount) {
        long left = stack - asked.call();
        long most = Math.min(asked.raiseMax(), left);
        if (most <= 0) {
            throw new Denied("there is nothing to raise here: call " + Math.min(asked.call(), stack) + " or fold");
        }
        long least = Math.min(asked.raiseMin(), left);
        if (amount < least || amount > most) {
            throw new Denied("a raise is " + least + " to " + most + " on top of the call here, not " + amount);
        }
    }
}
