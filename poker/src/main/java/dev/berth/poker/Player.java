package dev.berth.poker;

import dev.berth.node.entity.Entity;
import java.util.List;

/** A player, by his number: his money, where he sits, and which connection is his. Denied where nobody has enrolled him. */
public interface Player extends Entity<Long> {
    /** A seat that he has taken, or has paid for and not got yet. */
    record Joined(long game, long cents) {}

    /**
     * What is kept. Money in cents.
     *
     * @param joined the last one last
     * @param login the number of the newest log-in
     * @param session whether that is a session's
     * @param way the address of its connection, or 0
     */
    record PlayerKept(String nick, long balance, List<Joined> joined, long login, boolean session, long way) {
        static final PlayerKept NONE = new PlayerKept("", 0, List.of(), 0, false, 0);

        public PlayerKept {
            joined = List.copyOf(joined);
        }

        PlayerKept with(long itsBalance, List<Joined> itsJoined) {
            return new PlayerKept(nick, itsBalance, itsJoined, login, session, way);
        }

        long inPlay() {
            return joined.stream().mapToLong(Joined::cents).sum();
        }
    }

    /** What is kept of games that he has opened; some may be gone. */
    record Opened(List<Long> games) {
        static final Opened NONE = new Opened(List.of());

        public Opened {
            games = List.copyOf(games);
        }
    }

    /** So many games of a player's own may be open at a time. */
    int GAMES_MAX = 4;

    /** How he was when he logged in. */
    enum Was {
        OFFLINE,
        /** His connection was lost. */
        DOWN,
        /** Connected, and in no game. */
        ONLINE,
        /** Connected, and in a game. */
        BUSY
    }

    /**
     * He has logged in.
     *
     * @param before the address of the connection that he had, or 0
     */
    record Attached(long login, Was was, long before, List<Joined> joined) {
        public Attached {
            joined = List.copyOf(joined);
        }
    }

    /** @param session the number of the newest log-in, if it is a session's; otherwise 0 */
    record Info(String nick, long balance, long inPlay, boolean online, List<Joined> joined, long session) {
        public Info {
            joined = List.copyOf(joined);
        }
    }

    /** He gets an account with money; nothing if he has one. */
    void enroll(String nick, long balance);

    /** Under this topic is told which connection, by its address, is a player's no more because his session is. */
    String ELSEWHERE = "poker elsewhere";

    /**
     * By a session.
     *
     * @param way of the connection that he had
     */
    record TakenOver(long way, long player, long login) {}

    /** His newest connection, by its address: that of a process at some gate; 0 for his session. */
    Attached attach(long way);

    /** That connection is gone. */
    void detach(long login);

    /** The same if he has no seat, nor one on the way; otherwise nothing, and these are his. */
    List<Joined> logOut(long login);

    Info info();

    /** Pays a buy-in, which buys a seat or comes back; nothing if he sits there, or cannot pay. */
    void join(long login, long game, int seat, long buyIn);

    /** The number of a game that he is about to open. Denied if {@link #GAMES_MAX} of his are open, or by an older connection. */
    long newGame(long login);

    /** What he has at a table is his balance's again. */
    void cash(long game, long cents);
}
