package dev.berth.node.simpledb;

import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import org.jspecify.annotations.Nullable;

/** What is kept under one key. */
public interface Entry extends Entity<String> {
    @Nullable
    String get();

    /** Answers what was there before. */
    @Nullable
    String set(String value);

    /** @param text null before the first SET */
    record Value(@Nullable String text) {}

    /** Its code, at the owner of the key. */
    record Kept(State<Value> value) implements Entry {
        Kept(Context<String> me) {
            this(me.state(new Value(null)));
        }

        @Override
        public @Nullable String get() {
            return value.get().text();
        }

        @Override
        public @Nullable String set(String text) {
            String before = get();
            value.set(new Value(text));
            return before;
        }
    }
}
