package dev.berth.test;

import dev.berth.node.App;
import dev.berth.node.Berth;
import dev.berth.node.entity.Alarmed;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Returned;
import dev.berth.node.entity.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the tests play with: purses with gold, that say what befalls them. */
final class Purses {
    record Gold(long gold) {}

    record Looks(int times) {}

    interface Purse extends Entity<Long> {
        long gold();

        long spend(long gold);

        long steal(long from, long gold);

        void pay(long to, long gold);

        /** Takes no odd sums. */
        void receive(long gold);

        void payTwice(long to, long gold, long more);

        /** An answer so long that others are soon forgotten. */
        String story();

        int look();

        void ringAt(Instant when);

        void tickEvery(Duration period);

        void hardenEvery(Duration period);
    }

    /** What has run, and when, in whichever life of whichever node. */
    static final List<String> RAN = new ArrayList<>();

    private Purses() {}

    static App app() {
        return Berth.app("purses").entity(Purse.class, PurseCode::new).records(Gold.class, Looks.class);
    }

    private static final class PurseCode implements Purse, Alarmed, Returned {
        private final Context<Long> me;
        private final State<Gold> gold;
        private final State<Looks> looks;

        PurseCode(Context<Long> me) {
            this.me = me;
            gold = me.state(new Gold(100));
            looks = me.soft(new Looks(0), Duration.ofMinutes(1));
        }

        private void ran(String what) {
            RAN.add(me.now() + " " + me.key() + " " + what);
        }

        @Override
        public long gold() {
            ran("gold");
            return gold.get().gold();
        }

        @Override
        public long spend(long much) {
            ran("spend");
            long left = gold.get().gold() - much;
            if (left < 0) {
                throw new Denied("not enough gold");
            }
            return gold.set(new Gold(left)).gold();
        }

        @Override
        public long steal(long from, long much) {
            // It waits in the middle of a method.
            me.agent(Purse.class, from).spend(much);
            return gold.set(new Gold(gold.get().gold() + much)).gold();
        }

        @Override
        public void pay(long to, long much) {
            spend(much);
            me.deliver(Purse.class, to).receive(much);
        }

        @Override
        public void payTwice(long to, long much, long more) {
            pay(to, much);
            pay(to, more);
        }

        @Override
        public String story() {
            gold.set(gold.get());
            return "x".repeat(60_000);
        }

        @Override
        public void returned(String message, @Nullable Object[] arguments, String why) {
            gold.set(new Gold(gold.get().gold() + (Long) Objects.requireNonNull(arguments[0])));
        }

        @Override
        public void receive(long much) {
            if (much % 2 != 0) {
                throw new Denied("it takes no odd sums");
            }
            gold.set(new Gold(gold.get().gold() + much));
        }

        @Override
        public int look() {
            return looks.set(new Looks(looks.get().times() + 1)).times();
        }

        @Override
        public void ringAt(Instant when) {
            me.at(when, "ring");
        }

        @Override
        public void tickEvery(Duration period) {
            me.every(period, () -> ran("tick"));
        }

        @Override
        public void hardenEvery(Duration period) {
            me.every(period, me::harden);
        }

        @Override
        public void alarm(String name) {
            ran(name);
        }
    }
}
