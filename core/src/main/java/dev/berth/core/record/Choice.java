package dev.berth.core.record;

import dev.berth.core.wire.Lexicon;
import dev.berth.core.wire.Sink;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// Which record it is, is written by name: 1 = the name, 2 = its fields. A sealed interface is one such choice, and the
// whole book, from which a value on its own is taken, is another.

/** A place where any of several records may stand. */
final class Choice implements Form {
    private static final int TYPE = 1 << 3 | Source.CHUNK;
    private static final int BODY = 2 << 3 | Source.CHUNK;

    private final String name;
    private final String remedy;
    private final boolean nested;
    private final Map<Class<?>, RecordForm> byClass = new LinkedHashMap<>();
    private Lexicon<RecordForm> byName = new Lexicon<>(Collections.emptyMap());

    /** The records come afterwards, so that a type may contain itself. */
    Choice(String name, String remedy, boolean nested) {
        this.name = name;
        this.remedy = remedy;
        this.nested = nested;
    }

    /** The records that may stand here. */
    void complete(Collection<RecordForm> forms) {
        Map<String, RecordForm> names = new LinkedHashMap<>();
        for (RecordForm form : forms) {
            byClass.put(form.type(), form);
            names.put(form.name(), form);
        }
        byName = new Lexicon<>(names);
    }

    @Override
    public String kind() {
        return "sealed";
    }

    @Override
    public int wireType() {
        return Source.CHUNK;
    }

    @Override
    public List<String> kin() {
        return byClass.values().stream().map(RecordForm::kind).toList();
    }

    @Override
    public boolean isKey() {
        return false;
    }

    @Override
    public void write(Draft out, Object value) {
        RecordForm form = form(value);
        out.count(1);
        out.sink.raw(form.heading());
        int start = out.begin(BODY);
        form.write(out, value);
        out.end(start);
    }

    RecordForm form(Object value) {
        RecordForm form = byClass.get(value.getClass());
        if (form == null) {
            throw new IllegalArgumentException(value.getClass().getName() + " is not in " + name + "; " + remedy);
        }
        return form;
    }

    RecordForm form(String record) throws WireException {
        return byName.find(record)
                .orElseThrow(() -> new WireException(
                        Kind.UNKNOWN, WireNames.shown(record) + " is not in " + name + "; " + remedy));
    }

    /** What {@link RecordForm#heading} is: a name, ready to be written. */
    static byte[] heading(String name) {
        Sink out = new Sink();
        int start = out.begin(TYPE);
        out.text(name);
        out.end(start);
        return out.take();
    }

    @Override
    public Object read(Source in) throws WireException {
        int outer = in.enter();
        Object value = readRest(in);
        in.leave(outer);
        return value;
    }

    /** Reads up to the end of the source. */
    Object readRest(Source in) throws WireException {
        RecordForm form = null;
        Object value = null;
        while (in.more()) {
            int tag = in.tag();
            if (tag == TYPE && form == null) {
                form = form(in);
            } else if (tag == BODY && value == null) {
                value = body(form, in);
            } else if (tag == TYPE || tag == BODY) {
                throw new WireException(Kind.MALFORMED, "field " + (tag >>> 3) + " comes twice");
            } else {
                in.skip(tag);
            }
        }
        if (value == null) {
            throw new WireException(Kind.MISSING, "a record's name and its fields must be there");
        }
        return value;
    }

    private Object body(@Nullable RecordForm form, Source in) throws WireException {
        if (form == null) {
            throw new WireException(Kind.MISSING, "the name of a record comes before its fields");
        }
        try {
            return form.read(in);
        } catch (WireException e) {
            throw e.within(nested ? "(" + form.name() + ")" : form.name());
        }
    }

    private RecordForm form(Source in) throws WireException {
        RecordForm form = in.known(byName);
        return form == null ? form(in.text(WireNames.BYTES_MAX)) : form;
    }
}
