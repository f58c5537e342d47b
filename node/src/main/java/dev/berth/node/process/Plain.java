package dev.berth.node.process;

import dev.berth.core.wire.Bytes;
import org.jspecify.annotations.Nullable;

/** What can be said to another node without a record of its own. */
sealed interface Plain {
    record Nothing() implements Plain {}

    record Text(String value) implements Plain {}

    record Int(int value) implements Plain {}

    record Large(long value) implements Plain {}

    record Flag(boolean value) implements Plain {}

    record Real(double value) implements Plain {}

    record Opaque(Bytes value) implements Plain {}

    record Way(ProcessRef<?> value) implements Plain {}

    /** Null for what needs a record. */
    static @Nullable Plain of(Object value) {
        return switch (value) {
            case String text -> new Text(text);
            case Integer whole -> new Int(whole);
            case Long number -> new Large(number);
            case Boolean flag -> new Flag(flag);
            case Double real -> new Real(real);
            case Bytes bytes -> new Opaque(bytes);
            case ProcessRef<?> way -> new Way(way);
            default -> null;
        };
    }

    static @Nullable Object value(Plain plain) {
        return switch (plain) {
            case Nothing() -> null;
            case Text(String text) -> text;
            case Int(int whole) -> whole;
            case Large(long number) -> number;
            case Flag(boolean flag) -> flag;
            case Real(double real) -> real;
            case Opaque(Bytes bytes) -> bytes;
            case Way(ProcessRef<?> way) -> way;
        };
    }
}
