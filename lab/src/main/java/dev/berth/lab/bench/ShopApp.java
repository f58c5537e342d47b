package dev.berth.lab.bench;

import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import java.io.IOException;

/** The game whose servers and gates are killed: every purchase is counted, answered, and told once more. */
public final class ShopApp {
    private ShopApp() {}

    /** What a client says, counted by it. */
    public record Buy(long number) {}

    /** The answer: how many there are by now. */
    public record Bought(long count) {}

    /** What the buyer is told besides. */
    public record Receipt(long count) {}

    /** Somebody's purchases. */
    public interface Till extends Entity<Long> {
        Bought buy(long number);

        Bought count();
    }

    private record TillCode(Context<Long> me, State<Bought> bought) implements Till {
        @Override
        public Bought buy(long number) {
            Bought now = bought.set(new Bought(bought.get().count() + 1));
            me.send(me.key(), new Receipt(now.count()));
            return now;
        }

        @Override
        public Bought count() {
            return bought.get();
        }
    }

    private static Till till(Context<Long> me) {
        return new TillCode(me, me.state(new Bought(0)));
    }

    static UserApp<Long> app() {
        return Berth.app(Harbor.SERVICE)
                .entity(Till.class, ShopApp::till)
                .records(Receipt.class)
                .login(who -> Long.parseLong(who.name()))
                .on(Buy.class, (user, message) -> Berth.agent(Till.class, user).buy(message.number()));
    }

    public static void main(String[] args) throws IOException {
        app().start(args);
    }
}
