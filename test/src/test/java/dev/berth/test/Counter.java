package dev.berth.test;

import dev.berth.node.Berth;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;

public interface Counter extends Entity<String> {
    long add(long more);

    long total();

    record Total(long value) {}

    record Code(State<Total> kept) implements Counter {
        Code(Context<String> me) {
            this(me.state(new Total(0)));
        }

        @Override
        public long add(long more) {
            if (more < 0) {
                throw new Denied("it only goes up");
            }
            return kept.set(new Total(kept.get().value() + more)).value();
        }

        @Override
        public long total() {
            return kept.get().value();
        }
    }

    static void main(String[] args) throws Exception {
        Berth.app("counter")
                .entity(Counter.class, Code::new)
                .records(Total.class)
                .start();
    }
}
