package dev.berth.core.record;

import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;

/** Floating point numbers, always as the 64 bits of a double. */
enum Real implements Form {
    FLOAT,
    DOUBLE;

    @Override
    public String kind() {
        return "float";
    }

    @Override
    public int wireType() {
        return Source.FIXED64;
    }

    @Override
    public void write(Draft out, Object value) {
        out.sink.fixed64(Double.doubleToLongBits(((Number) value).doubleValue()));
    }

    @Override
    public Object read(Source in) throws WireException {
        double value = Double.longBitsToDouble(bits(in.fixed64()));
        return this == FLOAT ? (Object) (float) value : (Object) value;
    }

    /** The same bits, if the value has a place in the type. A float takes the nearest value that it has. */
    long bits(long bits) throws WireException {
        double value = Double.longBitsToDouble(bits);
        if (this == FLOAT && Double.isFinite(value) && Float.isInfinite((float) value)) {
            throw new WireException(Kind.OUT_OF_RANGE, value + " does not fit into a float");
        }
        return bits;
    }

    @Override
    public boolean isKey() {
        return false;
    }
}
