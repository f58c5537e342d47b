package dev.berth.poker;

import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;

/** Hands out numbers from 1 on, each once: of games, and of players. */
public interface Numbers extends Entity<String> {
    String GAMES = "games";
    String PLAYERS = "players";

    record Given(long last) {}

    /** So many in a row, of which this is the first. */
    long take(int count);

    /** The last one that was given, or 0. */
    long last();

    /** Its code. */
    record Code(State<Given> given) implements Numbers {
        Code(Context<String> me) {
            this(me.state(new Given(0)));
        }

        @Override
        public long last() {
            return given.get().last();
        }

        @Override
        public long take(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("at least one number is taken, got " + count);
            }
            long first = given.get().last() + 1;
            given.set(new Given(given.get().last() + count));
            return first;
        }
    }
}
