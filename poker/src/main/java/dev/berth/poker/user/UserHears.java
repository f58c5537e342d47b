package dev.berth.poker.user;

import dev.berth.core.record.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What users hear. Money in cents; a card is a text as "Td". Any thread. */
public sealed interface UserHears {
    // ---- Answers

    /** @param next to go on from; 0 at the end */
    @WireName("games")
    record Games(List<Listed> games, long next) implements UserHears {
        public Games {
            games = List.copyOf(games);
        }
    }

    /** @param kind TEXAS_FIXED and so on */
    @WireName("listed")
    record Listed(long game, String kind, int seats, int taken, long low, long high) {}

    /**
     * A table as everybody sees it.
     *
     * @param last the position in its feed of what was said last
     * @param acting the seat whose turn it is, or 0
     * @param seats those that are taken
     */
    @WireName("table")
    record Shown(
            long game,
            long last,
            String kind,
            int size,
            long low,
            long high,
            int turnMillis,
            long hand,
            long pot,
            int button,
            int acting,
            List<String> board,
            List<Seat> seats)
            implements UserHears {
        public Shown {
            board = List.copyOf(board);
            seats = List.copyOf(seats);
        }
    }

    /** @param state playing, folded, allIn, sittingOut or makingUp */
    @WireName("seat")
    record Seat(int number, long player, String state, long stack, long bet) {}

    /**
     * For his own eyes.
     *
     * @param last as of {@link Shown}
     * @param seat 0 if he has none
     * @param turn null if he is not asked to bet
     * @param discard whether he is asked which cards he gives away
     */
    @WireName("ownHand")
    record Own(
            long game,
            long last,
            int seat,
            List<String> cards,
            @Nullable Turn turn,
            boolean discard) implements UserHears {
        public Own {
            cards = List.copyOf(cards);
        }
    }

    /**
     * @param call what may be called; 0 is a check
     * @param raiseMax 0 if he cannot raise
     */
    @WireName("turn")
    record Turn(long call, long raiseMin, long raiseMax) {}

    /**
     * What was said at a table in this hand.
     *
     * @param first the position in its feed of the first step
     * @param last of what was said last; behind the last step there may be more to ask for
     */
    @WireName("heard")
    record Past(long game, long first, List<Said> said, long last) implements UserHears {
        public Past {
            said = List.copyOf(said);
        }
    }

    /** @param here whether he plays by this session */
    @WireName("money")
    record Purse(long player, String nick, long balance, long inPlay, boolean here, List<Long> games)
            implements UserHears {
        public Purse {
            games = List.copyOf(games);
        }
    }

    @WireName("player")
    record Who(long player, String nick, boolean online) implements UserHears {}

    // ---- What a table's feed says; its name is the game's number to the base of 36

    /**
     * What one step says.
     *
     * @param seq the number of the first line in its hand
     * @param acting the seat whose turn it is now; 0 if this step asks nobody
     */
    @WireName("said")
    record Said(int seq, List<Line> lines, int acting) implements UserHears {
        public Said {
            lines = List.copyOf(lines);
        }
    }

    /**
     * @param what chat, start, cancel, end, join, leave, button, small, big, bet, call, raise, fold, allIn, dealt, card, stage, discard or win
     * @param player 0 if it is about nobody
     * @param text of a chat; of a card "Td"
     */
    @WireName("line")
    record Line(String what, int seat, long player, long amount, String text) {}

    // ---- What his own feed says

    /** He has logged in by something else, which plays for him now, until he says {@link UserSays.Enter} here. */
    @WireName("elsewhere")
    record Elsewhere() implements UserHears {}

    /** What he had at a table is his balance's again. */
    @WireName("cashed")
    record Cashed(long game, long cents, long balance) implements UserHears {}
}
