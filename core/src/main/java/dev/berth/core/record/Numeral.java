package dev.berth.core.record;

import dev.berth.core.wire.Scalar;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;

/** Integers of all widths, which are one kind, and booleans. */
record Numeral(String kind, Scalar.Primitive type) implements Form {
    @Override
    public int wireType() {
        return Source.VARINT;
    }

    @Override
    public void write(Draft out, Object value) {
        out.sink.varint(type.raw(value));
    }

    @Override
    public Object read(Source in) throws WireException {
        return type.value(in.varint());
    }
}
