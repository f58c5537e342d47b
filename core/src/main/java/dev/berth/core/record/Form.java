package dev.berth.core.record;

import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the values of a type stand on the wire. Any thread. */
sealed interface Form permits Numeral, Real, Chunked, Constants, RecordForm, Choice, Many, Surrogate {
    /** What goes into the number of a field, so that no field is read as one of another kind. */
    String kind();

    /** {@link Source#VARINT}, {@link Source#FIXED64} or {@link Source#CHUNK}. */
    int wireType();

    /** Writes a value without tag and length. */
    void write(Draft out, Object value);

    /** Reads a value; of a chunk its length too. */
    Object read(Source in) throws WireException;

    /** What stands for a field that is not there; null says just that. */
    default @Nullable Object absent() {
        return null;
    }

    /** Kinds that its values, or its elements, may have had before by themselves. */
    default List<String> kin() {
        return List.of();
    }

    /** Whether many different values stay cheap to find in a map, even if somebody chose them to be expensive. */
    default boolean isKey() {
        return true;
    }
}
