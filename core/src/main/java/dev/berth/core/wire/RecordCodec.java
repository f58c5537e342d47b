package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

// While a record is being read its primitive components wait in an array of longs and the others in an array of
// objects; one method handle takes both and calls the constructor. So nothing is boxed, and no field is looked up by
// reflection.

/** Reads and writes one record type. Any thread. */
final class RecordCodec implements Message {
    /** Fields of a record; what has been seen is a set of 64 bits. */
    static final int FIELDS_MAX = 64;

    private final String name;
    private final int code;
    private FieldCodec[] fields = {};
    private @Nullable FieldCodec[] byNumber = {};
    private @Nullable MethodHandle constructor;
    private @Nullable Shortcut<?> shortcut;

    RecordCodec(String name, int code) {
        this.name = name;
        this.code = code;
    }

    /** Completes the codec; apart from the constructor, so that a type may contain itself. */
    void complete(FieldCodec[] allFields, @Nullable FieldCodec[] fieldsByNumber, MethodHandle canonical) {
        fields = allFields;
        byNumber = fieldsByNumber;
        constructor = canonical;
    }

    /** From now on messages are written and read in this way where it is possible. */
    void shorten(Shortcut<?> faster) {
        shortcut = faster;
    }

    @Nullable
    Shortcut<?> shortcut() {
        return shortcut;
    }

    String name() {
        return name;
    }

    /** The {@link Code} of the type, or 0. */
    int code() {
        return code;
    }

    /** Writes a message, by its shortcut if that will do. */
    @SuppressWarnings("unchecked") // a shortcut is kept by the codec of its own type
    void writeMessage(Sink out, Object value) {
        Shortcut<Object> faster = (Shortcut<Object>) shortcut;
        if (faster == null || !faster.write(out, value)) {
            write(out, value);
        }
    }

    @Override
    public void write(Sink out, Object value) {
        for (FieldCodec field : fields) {
            field.write(out, value);
        }
    }

    @Override
    public Object readRest(Source in) throws WireException {
        long[] numbers = new long[fields.length];
        @Nullable Object[] objects = new @Nullable Object[fields.length];
        long seen = 0;
        while (in.more()) {
            int tag = in.tag();
            int number = tag >>> 3;
            FieldCodec field = number < byNumber.length ? byNumber[number] : null;
            if (field == null) {
                in.skip(tag);
                continue;
            }
            try {
                if ((seen >>> field.index & 1) != 0 && !field.repeated()) {
                    throw new WireException(Kind.MALFORMED, "the field comes twice");
                }
                seen |= 1L << field.index;
                field.read(in, tag & 7, numbers, objects);
            } catch (WireException e) {
                throw e.within("." + field.name);
            }
        }
        for (FieldCodec field : fields) {
            field.complete(objects);
        }
        if (constructor == null) {
            throw new IllegalStateException(name + " is not complete");
        }
        return Access.construct(constructor, numbers, objects, name);
    }
}
