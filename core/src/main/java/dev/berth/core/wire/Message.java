package dev.berth.core.wire;

/** A value made of fields: the body of a frame, or nested with its length in front. Any thread. */
sealed interface Message extends Chunk permits RecordCodec, OneOf {
    /** Reads fields up to the end of the source. */
    Object readRest(Source in) throws WireException;

    @Override
    default Object read(Source in) throws WireException {
        int outer = in.enter();
        Object value = readRest(in);
        in.leave(outer);
        return value;
    }
}
