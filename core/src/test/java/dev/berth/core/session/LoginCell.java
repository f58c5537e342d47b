package dev.berth.core.session;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** How a user is, and who has just died, when he comes: a cell of the table of OpenPoker's log-in, and what is to happen in it. */
record LoginCell(Socket socket, Player player, Game game, Comes comes, Dead dead) {
    /** The connection that he had. */
    enum Socket {
        NONE,
        ALIVE,
        /** Nothing goes through, and the gate has not noticed. */
        DEAD
    }

    /** His session. */
    enum Player {
        NEVER,
        IN_MEMORY,
        EVICTED,
        ELSEWHERE
    }

    enum Game {
        NONE,
        ON,
        /** While he was away. */
        OVER
    }

    enum Comes {
        SAME_WITH_TOKEN,
        SAME_WITHOUT_TOKEN,
        ANOTHER,
        /** Two others at the same instant. */
        TWO
    }

    enum Dead {
        NONE,
        GATE,
        SESSION_OWNER,
        GAME_OWNER,
        ALL
    }

    static List<LoginCell> all() {
        List<LoginCell> all = new ArrayList<>();
        for (Socket socket : Socket.values()) {
            for (Player player : Player.values()) {
                for (Game game : Game.values()) {
                    for (Comes comes : Comes.values()) {
                        for (Dead dead : Dead.values()) {
                            LoginCell cell = new LoginCell(socket, player, game, comes, dead);
                            if (cell.isPossible()) {
                                all.add(cell);
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    private boolean isPossible() {
        if (player == Player.NEVER) {
            return socket == Socket.NONE
                    && game == Game.NONE
                    && comes != Comes.SAME_WITH_TOKEN
                    && dead != Dead.GAME_OWNER;
        }
        return game != Game.NONE || dead != Dead.GAME_OWNER;
    }

    boolean gateDies() {
        return dead == Dead.GATE || dead == Dead.ALL;
    }

    boolean sessionOwnerDies() {
        return dead == Dead.SESSION_OWNER || dead == Dead.ALL;
    }

    boolean gameOwnerDies() {
        return dead == Dead.GAME_OWNER || dead == Dead.ALL;
    }

    /** Whether the device that he had goes on by itself. */
    boolean formerLives() {
        return player != Player.NEVER && (comes == Comes.SAME_WITH_TOKEN || socket == Socket.ALIVE || lostSight());
    }

    /** It has lost its connection and will come back with its token, when somebody else is in. */
    private boolean lostSight() {
        return socket == Socket.DEAD && (comes == Comes.ANOTHER || comes == Comes.TWO);
    }

    // ---- What is to happen

    /** How he is found, if he logs in. */
    Set<Condition> conditions() {
        if (player == Player.NEVER) {
            return EnumSet.of(Condition.OFFLINE);
        }
        if (game == Game.ON) {
            return EnumSet.of(Condition.BUSY);
        }
        if (socket == Socket.NONE || (gateDies() && !formerLives())) {
            return EnumSet.of(Condition.CLIENT_DOWN);
        }
        if (gateDies() || socket == Socket.DEAD) {
            // The former device may be back, or the gate have noticed, before his session is asked.
            return EnumSet.of(Condition.CLIENT_DOWN, Condition.ONLINE);
        }
        return EnumSet.of(Condition.ONLINE);
    }

    /** What the former connection is told, in words that its gate has said at least; "" for nothing. */
    Set<String> told() {
        if (player == Player.NEVER || socket == Socket.NONE || gateDies()) {
            return Set.of("");
        }
        String why = comes == Comes.SAME_WITH_TOKEN ? "RESUMED" : "REPLACED";
        return socket == Socket.DEAD ? Set.of(why, "IDLE") : Set.of(why);
    }
}
