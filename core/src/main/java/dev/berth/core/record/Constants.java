package dev.berth.core.record;

import dev.berth.core.wire.Lexicon;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/** An enum: the names of its constants. */
final class Constants implements Form {
    private final String type;
    private final Lexicon<Object> byName;
    private final String[] names;

    Constants(Class<?> type) {
        this.type = type.getSimpleName();
        Object[] constants = type.getEnumConstants();
        Map<String, Object> all = new LinkedHashMap<>();
        names = new String[constants.length];
        for (int i = 0; i < constants.length; i++) {
            Enum<?> constant = (Enum<?>) constants[i];
            names[i] = WireNames.of(constant);
            Object other = all.put(names[i], constant);
            if (other != null) {
                throw new IllegalArgumentException(type.getName() + " has two constants that are " + names[i]
                        + " on the wire: " + other + " and " + constant + "; give one another @WireName");
            }
        }
        byName = new Lexicon<>(all);
    }

    @Override
    public String kind() {
        return "enum";
    }

    @Override
    public int wireType() {
        return Source.CHUNK;
    }

    @Override
    public void write(Draft out, Object value) {
        out.sink.text(name(value));
    }

    @Override
    public Object read(Source in) throws WireException {
        Object constant = in.known(byName);
        return constant == null ? constant(in.text(WireNames.BYTES_MAX)) : constant;
    }

    @SuppressWarnings("EnumOrdinal") // an index into a table of this very class, built when the program starts
    String name(Object constant) {
        return names[((Enum<?>) constant).ordinal()];
    }

    Object constant(String name) throws WireException {
        return byName.find(name)
                .orElseThrow(() -> new WireException(
                        Kind.UNKNOWN,
                        type + " has no constant " + WireNames.shown(name)
                                + " in this build; is the writer newer? Then roll forward"));
    }
}
