package dev.berth.poker.server;

import dev.berth.poker.Numbers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

// Where a table lives its number says, and who makes a game plays it where he is connected. With its table there, what
// is said at it goes through no other server; so of a row of numbers this server takes its own, and the others are
// nobody's: there are 2^32.

/** Numbers of games, of which each is given once: of tables at this server, as long as it has some. Any thread; waits. */
final class NearbyGames {
    private static final int ROW = 16;

    private final PokerServer server;
    private final Queue<Long> ahead = new ConcurrentLinkedQueue<>();

    NearbyGames(PokerServer server) {
        this.server = server;
    }

    long next() {
        for (Long game = ahead.poll(); game != null; game = ahead.poll()) {
            // It may have been handed over meanwhile.
            if (server.owns(game)) {
                return game;
            }
        }
        long first = server.agent(Numbers.class, Numbers.GAMES).take(ROW);
        long given = 0;
        for (long game = first; game < first + ROW; game++) {
            if (server.owns(game)) {
                if (given == 0) {
                    given = game;
                } else {
                    ahead.add(game);
                }
            }
        }
        return given == 0 ? first : given;
    }
}
