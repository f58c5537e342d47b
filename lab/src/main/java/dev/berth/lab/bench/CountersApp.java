package dev.berth.lab.bench;

import dev.berth.node.Berth;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import java.io.IOException;

/** The owner that {@link EntitiesBench} calls: numbers that are added to. */
public final class CountersApp {
    private CountersApp() {}

    /** A number. */
    public record Total(long value) {}

    /** Anybody may add to it. */
    public interface Counter extends Entity<Long> {
        long add(long more);
    }

    private record CounterCode(State<Total> total) implements Counter {
        @Override
        public long add(long more) {
            return total.set(new Total(total.get().value() + more)).value();
        }
    }

    private static Counter counter(Context<Long> me) {
        return new CounterCode(me.state(new Total(0)));
    }

    static Entities entities() {
        return Entities.named(Harbor.SERVICE)
                .entity(Counter.class, CountersApp::counter)
                .records(Total.class)
                .build();
    }

    public static void main(String[] args) throws IOException {
        Berth.app(Harbor.SERVICE)
                .entity(Counter.class, CountersApp::counter)
                .records(Total.class)
                .start();
    }
}
