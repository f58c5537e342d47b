package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sealed interface: a message with exactly one field, numbered by the case's {@link Code}. */
final class OneOf implements Message {
    private final String name;
    private final Map<Class<?>, RecordCodec> byClass;
    private final @Nullable RecordCodec[] byCode;

    /** The maps are filled in after construction, so that a type may contain itself. */
    OneOf(String name, Map<Class<?>, RecordCodec> byClass, @Nullable RecordCodec[] byCode) {
        this.name = name;
        this.byClass = byClass;
        this.byCode = byCode;
    }

    @Override
    public void write(Sink out, Object value) {
        RecordCodec codec = byClass.get(value.getClass());
        if (codec == null) {
            throw new IllegalArgumentException(value.getClass().getName() + " is no case of " + name);
        }
        int start = out.begin(codec.code() << 3 | Source.CHUNK);
        codec.write(out, value);
        out.end(start);
    }

    @Override
    public Object readRest(Source in) throws WireException {
        if (!in.more()) {
            throw new WireException(Kind.MISSING, name + " without its case");
        }
        Object value = readCase(in);
        if (in.more()) {
            throw new WireException(Kind.MALFORMED, name + " with a second case, tag " + in.tag());
        }
        return value;
    }

    private Object readCase(Source in) throws WireException {
        int tag = in.tag();
        int code = tag >>> 3;
        RecordCodec codec = code < byCode.length ? byCode[code] : null;
        if (codec == null) {
            throw new WireException(Kind.UNKNOWN, name + " has no case " + code + "; is the sender newer?");
        }
        if ((tag & 7) != Source.CHUNK) {
            throw new WireException(Kind.MALFORMED, "case " + code + " of " + name + " has the wire type " + (tag & 7));
        }
        try {
            return codec.read(in);
        } catch (WireException e) {
            throw e.within("(" + codec.name() + ")");
        }
    }
}
