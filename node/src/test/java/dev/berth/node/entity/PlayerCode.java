package dev.berth.node.entity;

import dev.berth.node.entity.EntitiesTest.Bag;
import dev.berth.node.entity.EntitiesTest.Player;
import dev.berth.node.entity.EntitiesTest.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A player with a bag of gold and items, who also does what is wrong. */
final class PlayerCode implements Player, Alarmed, Returned {
    static final AtomicInteger RANG = new AtomicInteger();
    static final AtomicInteger MADE = new AtomicInteger();

    private final Context<Long> me;
    private final State<Bag> bag;
    private final State<Seen> seen;

    PlayerCode(Context<Long> me) {
        this.me = me;
        bag = me.state(new Bag(100, Map.of()));
        seen = me.soft(new Seen(0), Duration.ofMinutes(1));
        MADE.incrementAndGet();
    }

    @Override
    public Bag buy(String item, int price) {
        Bag now = bag.get();
        if (now.gold() < price) {
            throw new Denied("not enough gold");
        }
        Map<String, Integer> items = new TreeMap<>(now.items());
        items.merge(item, 1, Integer::sum);
        return bag.set(new Bag(now.gold() - price, items));
    }

    @Override
    public long gold() {
        return bag.get().gold();
    }

    @Override
    public long give(long to, long gold) {
        // Wrong on purpose: it sets and then calls.
        bag.set(new Bag(bag.get().gold() - gold, bag.get().items()));
        return me.agent(Player.class, to).take(gold);
    }

    @Override
    public long take(long gold) {
        return bag.set(new Bag(bag.get().gold() + gold, bag.get().items())).gold();
    }

    @Override
    public void fail() {
        bag.set(new Bag(-1, Map.of()));
        throw new IllegalStateException("it failed after it had set");
    }

    @Override
    public int look() {
        return seen.set(new Seen(seen.get().times() + 1)).times();
    }

    @Override
    public void soon(String what, int millis) {
        me.at(Instant.now().plusMillis(millis), what);
    }

    @Override
    public void alarm(String name) {
        buy(name, 0);
        RANG.incrementAndGet();
    }

    @Override
    public void pass(String note, List<Long> on) {
        on.forEach(each -> me.agent(Player.class, each).note(note));
        buy("passed", 0);
    }

    @Override
    public long circle(long other) {
        return me.agent(Player.class, other).circle(me.key());
    }

    @Override
    public long id() {
        return me.nextId();
    }

    @Override
    public void note(String text) {
        buy(text, 0);
    }

    @Override
    public void leave() {
        me.stop();
    }

    @Override
    public long deep(int more) {
        return more == 0 ? me.key() : me.agent(Player.class, me.key() + 1).deep(more - 1);
    }

    @Override
    public String calm(String timer, int bytes) {
        me.cancel(timer);
        return "x".repeat(bytes);
    }

    @Override
    public String much(int bytes) {
        return "x".repeat(bytes);
    }

    @Override
    public int measure(String text) {
        return text.length();
    }

    @Override
    public void pay(long to, long gold) {
        take(-gold);
        me.deliver(Player.class, to).receive(gold);
    }

    @Override
    public void receive(long gold) {
        if (bag.get().gold() + gold > 150) {
            throw new Denied("my bag is full");
        }
        take(gold);
    }

    @Override
    public void returned(String message, @Nullable Object[] arguments, String why) {
        take((Long) Objects.requireNonNull(arguments[0]));
        buy(message + ": " + why, 0);
    }

    @Override
    public String notes() {
        return String.join(",", bag.get().items().keySet());
    }
}
