package dev.berth.node.demo;

import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Returned;
import dev.berth.node.entity.State;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

// Gold is added from outside and then only goes from purse to purse. So whatever happens to their owners, in the
// end there is as much as was added; for the demonstration, and for tests that are less gentle.

/** Purses: who pays takes the gold out of his own and delivers it to the other one. */
public final class Purses {
    private Purses() {}

    /** @param added by callers; what was paid and received is not in it */
    public record Gold(long gold, long added, long paid, long received, long returned) {}

    /** Of one person. */
    public interface Purse extends Entity<Long> {
        long add(long gold);

        void pay(long to, long gold);

        /** Now and then a purse does not take what it is given. */
        void receive(long gold);

        Gold count();
    }

    private record PurseCode(Context<Long> me, State<Gold> purse) implements Purse, Returned {
        PurseCode(Context<Long> me) {
            this(me, me.state(new Gold(0, 0, 0, 0, 0)));
        }

        @Override
        public long add(long gold) {
            Gold now = purse.get();
            return purse.set(new Gold(now.gold + gold, now.added + gold, now.paid, now.received, now.returned)).added;
        }

        @Override
        public void pay(long to, long gold) {
            Gold now = purse.get();
            if (now.gold < gold) {
                throw new Denied("not enough gold");
            }
            purse.set(new Gold(now.gold - gold, now.added, now.paid + gold, now.received, now.returned));
            me.deliver(Purse.class, to).receive(gold);
        }

        @Override
        public void receive(long gold) {
            Gold now = purse.get();
            if (now.gold % 7 == 3) {
                throw new Denied("I want nothing today");
            }
            purse.set(new Gold(now.gold + gold, now.added, now.paid, now.received + gold, now.returned));
        }

        @Override
        public void returned(String message, @Nullable Object[] arguments, String why) {
            long gold = (Long) Objects.requireNonNull(arguments[0]);
            Gold now = purse.get();
            purse.set(new Gold(now.gold + gold, now.added, now.paid, now.received, now.returned + gold));
        }

        @Override
        public Gold count() {
            return purse.get();
        }
    }

    /** Their application under this name. */
    public static Entities of(String service) {
        return Entities.named(service).entity(Purse.class, Purses::code).build();
    }

    public static Purse code(Context<Long> me) {
        return new PurseCode(me);
    }

    /** Whether nothing is on its way any more. */
    public static boolean isAtRest(Collection<Gold> all) {
        return all.stream().mapToLong(Gold::paid).sum()
                == all.stream()
                        .mapToLong(gold -> gold.received() + gold.returned())
                        .sum();
    }
}
