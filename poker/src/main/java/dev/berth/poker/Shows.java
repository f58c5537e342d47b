package dev.berth.poker;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Card;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Output.BetAsked;
import dev.berth.poker.rules.Said;
import dev.berth.poker.rules.SeatState;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import dev.berth.poker.user.UserHears;
import dev.berth.poker.user.UserHears.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Tables, players and what was said, as users' clients read them. Any thread. */
public final class Shows {
    /** Of what was said in one answer, which a session lets have 4 KiB. */
    private static final int ANSWER_BYTES = 3_600;

    private static final int LINE_BYTES = 64;
    private static final int LETTER_BYTES = 2;

    private Shows() {}

    static UserHears.Listed listed(Catalog.Listed listed) {
        Terms terms = listed.terms();
        return new UserHears.Listed(
                listed.game(), terms.game().name(), terms.seats(), listed.taken(), terms.low(), terms.high());
    }

    static UserHears.Shown table(long game, OpenTable.Look look) {
        Terms terms = look.terms();
        TableView view = look.view();
        return new UserHears.Shown(
                game,
                look.last(),
                terms.game().name(),
                terms.seats(),
                terms.low(),
                terms.high(),
                terms.turnMillis(),
                view.hand(),
                view.pot(),
                view.button(),
                view.acting(),
                cards(view.board()),
                view.seats().stream()
                        .filter(TableView.Seat::isTaken)
                        .map(Shows::seat)
                        .toList());
    }

    private static UserHears.Seat seat(TableView.Seat seat) {
        return new UserHears.Seat(seat.number(), seat.player(), state(seat.state()), seat.stack(), seat.bet());
    }

    private static String state(int state) {
        return switch (state & ~SeatState.LEAVING) {
            case SeatState.FOLDED -> "folded";
            case SeatState.ALL_IN -> "allIn";
            case SeatState.SITTING_OUT -> "sittingOut";
            case SeatState.MAKING_UP -> "makingUp";
            default -> "playing";
        };
    }

    private static List<String> cards(Bytes cards) {
        return IntStream.range(0, cards.length())
                .mapToObj(place -> Card.text(cards.at(place)))
                .toList();
    }

    static UserHears.Own own(long game, OpenTable.Own own) {
        BetAsked asked = own.asked();
        return new UserHears.Own(
                game,
                own.last(),
                own.seat(),
                cards(own.cards()),
                asked == null ? null : new UserHears.Turn(asked.call(), asked.raiseMin(), asked.raiseMax()),
                own.discards());
    }

    static UserHears.Purse purse(long player, Player.Info info) {
        return new UserHears.Purse(
                player,
                info.nick(),
                info.balance(),
                info.inPlay(),
                info.session() != 0,
                info.joined().stream().map(Player.Joined::game).toList());
    }

    /** Whose turn it is everybody sees; what he is asked is his own. */
    public static UserHears.Said said(OpenTable.Heard heard) {
        Lines.Told told = Lines.read(heard.lines());
        BetAsked asked = told.asked();
        return new UserHears.Said(
                told.seq(), told.said().stream().map(Shows::line).toList(), asked == null ? 0 : asked.seat());
    }

    /** As much as an answer holds, and one step at least. */
    static UserHears.Past past(long game, OpenTable.Past past) {
        List<UserHears.Said> steps = new ArrayList<>();
        int bytes = 0;
        for (OpenTable.Heard heard : past.heard()) {
            UserHears.Said step = said(heard);
            for (Line line : step.lines()) {
                bytes += LINE_BYTES + LETTER_BYTES * line.text().length();
            }
            if (bytes > ANSWER_BYTES && !steps.isEmpty()) {
                break;
            }
            steps.add(step);
        }
        return new UserHears.Past(game, past.first(), steps, past.last());
    }

    private static Line line(Said said) {
        return switch (said) {
            case Said.Chat(long player, String text) -> new Line("chat", 0, player, 0, text);
            case Said.Started() -> new Line("start", 0, 0, 0, "");
            case Said.Cancelled() -> new Line("cancel", 0, 0, 0, "");
            case Said.Ended() -> new Line("end", 0, 0, 0, "");
            case Said.Joined(long player, int seat) -> new Line("join", seat, player, 0, "");
            case Said.Left(long player, int seat) -> new Line("leave", seat, player, 0, "");
            case Said.Button(int seat) -> new Line("button", seat, 0, 0, "");
            case Said.SmallBlind(int seat) -> new Line("small", seat, 0, 0, "");
            case Said.BigBlind(int seat) -> new Line("big", seat, 0, 0, "");
            case Said.Bet(long player, int seat, long amount) -> new Line("bet", seat, player, amount, "");
            case Said.Called(long player, int seat, long amount) -> new Line("call", seat, player, amount, "");
            case Said.Raised(long player, int seat, long amount) -> new Line("raise", seat, player, amount, "");
            case Said.State(long player, int seat, int state) ->
                new Line(state == SeatState.FOLDED ? "fold" : "allIn", seat, player, 0, "");
            case Said.Private(long player, int seat) -> new Line("dealt", seat, player, 0, "");
            case Said.Shared(byte card) -> new Line("card", 0, 0, 0, Card.text(card));
            case Said.Stage(int stage) -> new Line("stage", 0, 0, stage, "");
            case Said.Discarded(long player, int seat, int count) -> new Line("discard", seat, player, count, "");
            case Said.Won(long player, int seat, long amount) -> new Line("win", seat, player, amount, "");
        };
    }
}
