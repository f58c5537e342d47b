package dev.berth.core.wire;

import org.jspecify.annotations.Nullable;

// A few messages are most of the traffic. For these there is code written by hand that knows their usual shape: all
// fields in order, none that is rare. Whatever looks different, and whatever is wrong, is left to the codec made from
// the record, so that it alone says what is understood and what is refused, and why.

/**
 * A faster way to write and read one type of message in its usual shape; the bytes are the same. Any thread.
 *
 * @param <M> the record
 */
public interface Shortcut<M> {
    /** Which record it is for. */
    Class<M> type();

    /** Writes the fields as the record's codec does; false, with nothing written, if the shape is not the usual one. */
    boolean write(Sink out, M message);

    /** For one reader, since it may remember what came before. */
    Reading<M> reading();

    /** The way back. One thread. */
    @FunctionalInterface
    interface Reading<M> {
        /**
         * The message whose fields the source holds; null if the shape is not the usual one. It may stop anywhere and throw:
         * the record's codec then begins anew.
         */
        @Nullable
        M read(Source in) throws WireException;
    }
}
