package dev.berth.poker;

import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.process.OneWay;
import dev.berth.poker.rules.Terms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which games there are: a {@link #SHELVES sixteenth} of them. How many seats are taken is what the tables have said lately. */
public interface Catalog extends Entity<Integer> {
    int SHELVES = 16;

    /** Whose catalog has this game. */
    static int of(long game) {
        return (int) (game % SHELVES);
    }

    record Shelf(Map<Long, Terms> games) {
        public Shelf {
            games = Map.copyOf(games);
        }
    }

    record Listed(long game, Terms terms, int taken) {}

    void opened(long game, Terms terms);

    void closed(long game);

    @OneWay
    void taken(long game, int seats);

    List<Listed> all();

    /** Its code. */
    record Code(State<Shelf> shelf, Map<Long, Integer> taken) implements Catalog {
        Code(Context<Integer> me) {
            this(me.state(new Shelf(Map.of())), new HashMap<>());
        }

        @Override
        public void opened(long game, Terms terms) {
            Map<Long, Terms> games = new TreeMap<>(shelf.get().games());
            games.put(game, terms);
            shelf.set(new Shelf(games));
        }

        @Override
        public void closed(long game) {
            Map<Long, Terms> games = new TreeMap<>(shelf.get().games());
            games.remove(game);
            taken.remove(game);
            shelf.set(new Shelf(games));
        }

        @Override
        public void taken(long game, int seats) {
            taken.put(game, seats);
        }

        @Override
        public List<Listed> all() {
            return shelf.get().games().entrySet().stream()
                    .map(each -> new Listed(each.getKey(), each.getValue(), taken.getOrDefault(each.getKey(), 0)))
                    .toList();
        }
    }
}
