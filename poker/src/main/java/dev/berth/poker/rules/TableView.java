package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table for those who look at it. Any thread.
 *
 * @param hand its number, 0 before the first one
 * @param pot what all have paid in this hand, 0 between two
 * @param button the seat that was announced, 0 before the first hand
 * @param acting the seat whose turn it is, or 0
 * @param board a {@link Card} each
 * @param seats all of them, from 1, also empty ones
 */
public record TableView(long hand, long pot, int button, int acting, Bytes board, List<Seat> seats) {
    /**
     * @param player 0 if it is empty
     * @param state bits of {@link SeatState}
     * @param bet since the round began
     * @param cards only for his own eyes
     */
    public record Seat(int number, long player, int state, long stack, long bet, Bytes cards) {
        public boolean isTaken() {
            return state != 0;
        }
    }

    public TableView {
        seats = List.copyOf(seats);
    }

    /** His seat's number, or 0. */
    public int seatOf(long player) {
        for (Seat seat : seats) {
            if (seat.isTaken() && seat.player() == player) {
                return seat.number();
            }
        }
        return 0;
    }

    public Seat seat(int number) {
        return seats.get(number - 1);
    }

    static TableView of(Felt felt) {
        List<Seat> seats = new ArrayList<>(felt.seats);
        long pot = 0;
        for (int seat = 1; seat <= felt.seats; seat++) {
            long paid = felt.isHandOn() ? felt.paid(seat) : 0;
            pot += paid;
            seats.add(new Seat(
                    seat,
                    felt.player(seat),
                    felt.state(seat),
                    felt.stack(seat),
                    Math.max(0, paid - felt.base()),
                    cards(felt, seat)));
        }
        byte[] board = new byte[felt.shared()];
        for (int place = 0; place < board.length; place++) {
            board[place] = felt.board(place);
        }
        return new TableView(felt.hand(), pot, felt.button(), felt.acting(), Bytes.wrap(board), seats);
    }

    private static Bytes cards(Felt felt, int seat) {
        byte[] cards = new byte[Felt.CARDS_MAX];
        int count = 0;
        for (int place = 0; place < cards.length; place++) {
            if (felt.card(seat, place) != Card.NONE) {
                cards[count++] = felt.card(seat, place);
            }
        }
        return Bytes.wrap(Arrays.copyOf(cards, count));
    }
}
