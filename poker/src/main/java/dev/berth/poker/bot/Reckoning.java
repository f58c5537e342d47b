package dev.berth.poker.bot;

import dev.berth.poker.bot.Finding.Kind;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.util.function.BiConsumer;

// An all-in of somebody else does not say how much it was. It need not: it never changes what is to be called, unless
// it is a raise,
// and a raise says it. One's own is the stack.

/** What a player can reckon from what it hears: its chips, and what it has to pay to stay in. Decides only. One thread. */
final class Reckoning {
    private static final int PREFLOP = 1;

    private final BiConsumer<Kind, String> find;
    private long self;
    private long stack;
    private boolean isSure;
    private long stackBefore;
    private boolean isInHand;
    private int stage;
    private long level;
    private long own;
    private int raises;
    private boolean isFolded;
    private boolean isAllIn;
    private boolean allInIsNews;
    private int actions;
    private int answers;
    private boolean isReplay;

    Reckoning(BiConsumer<Kind, String> find) {
        this.find = find;
    }

    void self(long player) {
        self = player;
    }

    /** So much was brought to the table. */
    void bought(long buyIn) {
        stack = buyIn;
        isSure = true;
        isInHand = false;
    }

    /** The hand's history comes again: back to its start. What was missed, if it is another hand, nobody says. */
    void connected() {
        stack = isInHand ? stackBefore : stack;
        isSure = false;
        isInHand = false;
        isReplay = true;
        stage = 0;
    }

    long stack() {
        return stack;
    }

    /** Whether no hand was missed since chips were bought. */
    boolean isSure() {
        return isSure;
    }

    int raises() {
        return raises;
    }

    void answered() {
        answers++;
    }

    int answers() {
        return answers;
    }

    static boolean isAction(Broadcast broadcast, long player) {
        return switch (broadcast) {
            case Packet.NotifyBet bet -> bet.player() == player;
            case Packet.NotifyCall call -> call.player() == player;
            case Packet.NotifyRaise raise -> raise.player() == player;
            case Packet.PlayerState state -> state.player() == player && state.state() == Packet.PlayerState.ALL_IN;
            default -> false;
        };
    }

    void hear(Broadcast broadcast) {
        switch (broadcast) {
            case Packet.NotifyStartGame _ -> start();
            case Packet.GameStage begun -> stage(begun.stage());
            case Packet.NotifyBet bet -> {
                level = bet.amount();
                pay(bet.player(), bet.amount());
            }
            case Packet.NotifyCall call -> pay(call.player(), call.amount());
            case Packet.NotifyRaise raise -> {
                level += raise.amount();
                raises++;
                pay(raise.player(), level - own);
            }
            case Packet.PlayerState state when state.player() == self -> state(state.state());
            case Packet.NotifyWin won -> stack += won.player() == self ? won.amount() : 0;
            case Packet.NotifyEndGame _ -> isInHand = false;
            case Packet.NotifyCancelGame _ -> isInHand = false;
            default -> {}
        }
    }

    /** A request to bet, and whether all of the hand up to it was heard. */
    void asked(Packet.BetReq asked, boolean isWhole) {
        if (!isWhole || stage < PREFLOP) {
            return;
        }
        if (isFolded || isAllIn) {
            find.accept(Kind.EARLY_REQUEST, "folded or all-in, got " + asked);
        } else if (asked.call() != level - own) {
            find.accept(Kind.EARLY_REQUEST, "%d cents are missing, got %s".formatted(level - own, asked));
        }
    }

    private void start() {
        stackBefore = stack;
        isInHand = true;
        stage = 0;
        level = 0;
        own = 0;
        raises = 0;
        isFolded = false;
        isAllIn = false;
        allInIsNews = false;
        actions = 0;
        // The start that comes again may be that of the hand in which these answers were given.
        answers = isReplay ? answers : 0;
        isReplay = false;
    }

    private void stage(int begun) {
        stage = begun;
        raises = 0;
        if (begun != PREFLOP) {
            level = 0;
            own = 0;
        }
    }

    private void pay(long player, long amount) {
        if (player != self) {
            return;
        }
        if (allInIsNews) {
            // The PLAYER_STATE before this has taken the stack already.
            allInIsNews = false;
            return;
        }
        own += amount;
        stack -= amount;
        acted();
    }

    private void state(int state) {
        isFolded |= state == Packet.PlayerState.FOLD;
        if (state == Packet.PlayerState.ALL_IN) {
            isAllIn = true;
            allInIsNews = true;
            own += stack;
            stack = 0;
            acted();
        }
    }

    private void acted() {
        actions++;
        if (actions > answers) {
            find.accept(Kind.DOUBLED_ACTION, "%d actions, %d answers".formatted(actions, answers));
        }
        if (isSure && stack < 0) {
            find.accept(Kind.CHIPS, "paid %d cents more than there were".formatted(-stack));
        }
    }
}
