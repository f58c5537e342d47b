package dev.berth.poker;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.Listing;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Requests;
import dev.berth.node.entity.Returned;
import dev.berth.node.entity.State;
import dev.berth.poker.user.UserHears;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Which connection is his is kept: he plays on for hours without a word to his player, who leaves the memory meanwhile,
// and the next log-in has to find the one before it, whoever owns the player by then. Whether that connection is still
// there the newest view says, since it ends with its gate. What an older one does means nothing: log-ins have numbers.

/** A player's entity. One thread: its own. */
final class PlayerCode implements Player, Returned {
    private final Context<Long> me;
    private final State<PlayerKept> kept;
    private final State<Opened> opened;

    PlayerCode(Context<Long> me) {
        this.me = me;
        this.kept = me.state(PlayerKept.NONE);
        this.opened = me.state(Opened.NONE);
    }

    private PlayerKept known() {
        if (kept.get().nick().isEmpty()) {
            me.stop();
            throw new Denied("there is no player " + me.key());
        }
        return kept.get();
    }

    @Override
    public void enroll(String nick, long balance) {
        if (kept.get().nick().isEmpty()) {
            kept.set(new PlayerKept(nick, balance, List.of(), 0, false, 0));
        }
    }

    @Override
    public Attached attach(long its) {
        PlayerKept now = known();
        boolean connected = isConnected(now.way());
        Was was;
        if (connected) {
            was = now.joined().isEmpty() ? Was.ONLINE : Was.BUSY;
        } else {
            was = now.joined().isEmpty() ? Was.OFFLINE : Was.DOWN;
        }
        long before = connected ? now.way() : 0;
        boolean isSession = its == 0;
        PlayerKept next =
                kept.set(new PlayerKept(now.nick(), now.balance(), now.joined(), now.login() + 1, isSession, its));
        if (isSession && before != 0) {
            me.topic(ELSEWHERE).publish(new TakenOver(before, me.key(), next.login()));
        } else if (!isSession && now.session()) {
            me.send(me.key(), new UserHears.Elsewhere());
        }
        return new Attached(next.login(), was, before, next.joined());
    }

    /** A gate that is not listed any more has no connections. */
    private static boolean isConnected(long way) {
        if (way == 0) {
            return false;
        }
        Address address = new Address(way);
        Listing listing = Requests.current("").view().member(address.node());
        return listing != null && address.isOf(listing.incarnation());
    }

    @Override
    public void detach(long login) {
        PlayerKept now = kept.get();
        if (login == now.login() && (now.session() || now.way() != 0)) {
            kept.set(new PlayerKept(now.nick(), now.balance(), now.joined(), login, false, 0));
        }
    }

    @Override
    public List<Joined> logOut(long login) {
        List<Joined> joined = known().joined();
        if (joined.isEmpty()) {
            detach(login);
        }
        return joined;
    }

    @Override
    public Info info() {
        PlayerKept now = known();
        return new Info(
                now.nick(),
                now.balance(),
                now.inPlay(),
                now.session() || isConnected(now.way()),
                now.joined(),
                now.session() ? now.login() : 0);
    }

    @Override
    public void join(long login, long game, int seat, long buyIn) {
        PlayerKept now = known();
        boolean sits = now.joined().stream().anyMatch(joined -> joined.game() == game);
        if (login == now.login() && !sits && buyIn >= 0 && buyIn <= now.balance()) {
            List<Joined> joined = new ArrayList<>(now.joined());
            joined.add(new Joined(game, buyIn));
            kept.set(now.with(now.balance() - buyIn, joined));
            me.deliver(OpenTable.class, game).sit(me.key(), login, seat, buyIn);
        }
    }

    @Override
    public long newGame(long login) {
        if (login != known().login()) {
            throw new Denied("player " + me.key() + " has logged in elsewhere");
        }
        List<Long> games = new ArrayList<>(
                opened.get().games().stream().filter(this::isOpen).toList());
        if (games.size() >= GAMES_MAX) {
            throw new Denied("player " + me.key() + " has " + games.size() + " games open");
        }
        long game = me.agent(Numbers.class, Numbers.GAMES).take(1);
        games.add(game);
        opened.set(new Opened(games));
        return game;
    }

    private boolean isOpen(long game) {
        try {
            return me.agent(OpenTable.class, game).look(0).last() >= 0;
        } catch (Denied gone) {
            return false;
        }
    }

    @Override
    public void cash(long game, long cents) {
        PlayerKept now = kept.get();
        List<Joined> joined =
                now.joined().stream().filter(each -> each.game() != game).toList();
        PlayerKept next = kept.set(now.with(now.balance() + cents, joined));
        if (next.session()) {
            me.send(me.key(), new UserHears.Cashed(game, cents, next.balance()));
        }
    }

    /** The table was none: the buy-in is his again. */
    @Override
    public void returned(String message, @Nullable Object[] arguments, String why) {
        String game = message.substring(message.indexOf(' ') + 1, message.lastIndexOf('.'));
        if (arguments.length == 4 && arguments[3] instanceof Long buyIn) {
            cash(Long.parseLong(game), buyIn);
        }
    }
}
