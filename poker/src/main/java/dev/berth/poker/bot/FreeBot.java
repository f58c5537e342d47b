package dev.berth.poker.bot;

import dev.berth.poker.bot.Finding.Kind;
import dev.berth.poker.rules.Card;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.BetReq;
import dev.berth.poker.wire.Packet.Broadcast;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// It outlives its connections, and believes nothing: numbers, history, what is to be called and its chips are reckoned
// beside what the server says. When it has missed a hand it does not know its chips any more; then it leaves, looks at
// its account and sits down again.

/** Plays as it likes, at one seat of one table, whatever happens to the servers. One thread. */
final class FreeBot implements Mind {
    private enum Place {
        LOBBY,
        JOINING,
        SEATED,
        LEAVING
    }

    /** As many raises per round as a table has in a casino; the server does not count them. */
    private static final int RAISES_MAX = 3;

    private static final long NOBODY = -1;

    private final Regular who;
    private final Tally tally;
    private final SplittableRandom dice;
    private final HandHistory history;
    private final Reckoning reckoning;
    private Place place = Place.LOBBY;
    private long self = NOBODY;
    private long brought;
    private long savings;
    private long cards;
    private @Nullable String refusal;

    FreeBot(Regular who, Tally tally) {
        this(who, tally, _ -> {});
    }

    FreeBot(Regular who, Tally tally, Consumer<HeardHand> memory) {
        this.who = who;
        this.tally = tally;
        this.dice = new SplittableRandom(who.seed());
        this.history = new HandHistory(this::find, told -> memory.accept(heard(told)));
        this.reckoning = new Reckoning(this::find);
    }

    /** First on each connection. */
    void connected(Consumer<Command> say) {
        history.connected(place == Place.SEATED);
        reckoning.connected();
        cards = 0;
        say.accept(new Packet.Login(who.nick(), who.password()));
    }

    private HeardHand heard(List<Broadcast> told) {
        return new HeardHand(who.game(), self, told, reckoning.answers());
    }

    /** It plays no more. */
    void ends() {
        history.over();
    }

    /** Nothing was heard for a while: perhaps what it said was not. */
    void quiet(Consumer<Command> say) {
        say.accept(new Packet.Ping());
        again(say);
    }

    @Override
    public void hear(Notice notice, Consumer<Command> say) throws Complaint {
        switch (notice) {
            case Packet.Pid pid -> loggedIn(pid.player(), say);
            case Packet.Bad bad when bad.command() == 1 -> throw refused(bad);
            case Packet.BalanceInfo info -> balance(info, say);
            case BetReq asked when asked.game() == who.game() -> asked(asked, say);
            case Packet.NotifyDraw draw when draw.game() == who.game() -> card(draw.card());
            case Broadcast broadcast when broadcast.game() == who.game() -> broadcast(broadcast, say);
            default -> {}
        }
    }

    private Complaint refused(Packet.Bad bad) {
        refusal = "cannot log in: " + bad;
        return new Complaint(refusal);
    }

    /** A bot that the server does not want comes back no more. */
    @Override
    public boolean isDone() {
        return refusal != null && self == NOBODY;
    }

    private void loggedIn(long player, Consumer<Command> say) {
        self = player;
        history.self(player);
        reckoning.self(player);
        if (place != Place.SEATED) {
            say.accept(new Packet.BalanceReq());
        }
    }

    private void balance(Packet.BalanceInfo info, Consumer<Command> say) {
        if (place == Place.SEATED) {
            return;
        }
        if (info.inPlay() > 0) {
            // At a table from before, or the LEAVE is still on its way.
            boolean isNews = place != Place.LEAVING;
            place = Place.LEAVING;
            if (isNews) {
                again(say);
            }
            return;
        }
        if (place == Place.LEAVING && reckoning.isSure() && info.balance() != savings + reckoning.stack()) {
            find(Kind.CHIPS, "account %d, reckoned %d + %d".formatted(info.balance(), savings, reckoning.stack()));
        }
        place = Place.JOINING;
        brought = Math.min(who.buyIn(), info.balance());
        savings = info.balance() - brought;
        history.wentAway();
        // What is on the board by now may be another hand's.
        cards = 0;
        say.accept(new Packet.Watch(who.game()));
        again(say);
    }

    /** What was said and perhaps ignored. */
    private void again(Consumer<Command> say) {
        switch (place) {
            case LOBBY, SEATED -> {}
            case JOINING -> say.accept(new Packet.Join(who.game(), who.seat(), brought));
            case LEAVING -> {
                say.accept(new Packet.Leave(who.game()));
                say.accept(new Packet.BalanceReq());
            }
        }
    }

    private void broadcast(Broadcast broadcast, Consumer<Command> say) {
        history.hear(broadcast);
        reckoning.hear(broadcast);
        switch (broadcast) {
            case Packet.NotifyStartGame _ -> cards = 0;
            case Packet.NotifyShared shared -> card(shared.card());
            case Packet.NotifyJoin joined
            when joined.player() == self && place == Place.JOINING -> {
                place = Place.SEATED;
                reckoning.bought(brought);
            }
            case Packet.NotifyCancelGame _ -> again(say);
            case Packet.NotifyEndGame _ -> {
                tally.hand();
                if (place == Place.SEATED && (reckoning.stack() <= 0 || !reckoning.isSure())) {
                    place = Place.LEAVING;
                }
                again(say);
            }
            default -> {}
        }
    }

    private void card(byte card) {
        if ((cards & 1L << card) != 0) {
            find(Kind.CARDS, "a card for the second time: " + Card.text(card));
        }
        cards |= 1L << card;
    }

    private void asked(BetReq asked, Consumer<Command> say) {
        reckoning.asked(asked, history.isWhole());
        reckoning.answered();
        tally.action();
        say.accept(answer(asked));
    }

    private Command answer(BetReq asked) {
        long stack = reckoning.stack();
        int throwOf100 = dice.nextInt(100);
        boolean isBlind = asked.raiseMax() == 0;
        if (!isBlind && asked.call() > 0 && throwOf100 < 12) {
            return new Packet.Fold(who.game());
        }
        boolean canRaise = !isBlind && reckoning.raises() < RAISES_MAX && stack >= asked.call() + asked.raiseMin();
        if (canRaise && throwOf100 >= 80) {
            return new Packet.Raise(who.game(), asked.raiseMin());
        }
        return new Packet.Call(who.game(), Math.min(asked.call(), stack));
    }

    /** From 1 to this. */
    int chance(int most) {
        return 1 + dice.nextInt(most);
    }

    private void find(Kind kind, String detail) {
        tally.find(new Finding(kind, who.nick(), detail));
    }
}
