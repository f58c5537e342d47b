import dev.berth.node.*;
import dev.berth.node.entity.*;
import java.time.Duration;
import java.util.*;

public final class Hello {
    public record Bag(long gold, Map<String, Integer> items) {}

    public record Seats(List<Long> players, int left) {}

    public record Buy(String item, int price) {}

    public record Enter(String room) {}

    public record Say(String room, String text) {}

    public record Line(long player, String text) {}

    public interface Player extends Entity<Long> {
        Bag buy(String item, int price);
    }

    public interface Room extends Entity<String> {
        Seats enter(long player);

        Seats look();

        void say(long player, String text);
    }

    record PlayerCode(State<Bag> bag) implements Player {
        PlayerCode(Context<Long> me) {
            this(me.state(new Bag(100, Map.of())));
        }

        public Bag buy(String item, int price) {
            if (price < 1 || bag.get().gold() < price) throw new Denied("not enough gold");
            var items = new TreeMap<>(bag.get().items());
            items.merge(item, 1, Integer::sum);
            return bag.set(new Bag(bag.get().gold() - price, items));
        }
    }

    record RoomCode(State<Seats> seats, Feed chat) implements Room {
        RoomCode(Context<String> me) {
            this(me.state(new Seats(List.of(), 60)), me.feed("chat"));
            me.every(
                    Duration.ofSeconds(1),
                    () -> seats.set(new Seats(look().players(), Math.max(0, look().left() - 1))));
        }

        public Seats look() {
            return seats.get();
        }

        public Seats enter(long player) {
            if (look().players().contains(player)) return look();
            if (look().players().size() == 4) throw new Denied("the room is full");
            var players = new ArrayList<>(look().players());
            players.add(player);
            chat.join(player);
            return seats.set(new Seats(players, look().left()));
        }

        public void say(long player, String text) {
            if (!look().players().contains(player)) throw new Denied("you are not in this room");
            chat.tell(new Line(player, text));
        }
    }

    public static UserApp<Long> app() {
        return Berth.app("hello")
                .entity(Player.class, PlayerCode::new)
                .entity(Room.class, RoomCode::new)
                .records(Line.class)
                .login(who -> Long.parseLong(who.name()))
                .on(Buy.class, (id, it) -> Berth.agent(Player.class, id).buy(it.item(), it.price()))
                .on(Enter.class, (id, it) -> Berth.agent(Room.class, it.room()).enter(id))
                .on(Say.class, (id, it) -> {
                    Berth.agent(Room.class, it.room()).say(id, it.text());
                    return null;
                });
    }

    public static void main(String[] args) throws Exception {
        app().start(args);
    }
}
