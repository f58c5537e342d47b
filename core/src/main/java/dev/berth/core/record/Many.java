package dev.berth.core.record;

import dev.berth.core.wire.Sink;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

// Numbers stand side by side in one field, everything else in a field per element. Within another collection, where
// there are no fields, a collection is a message whose only field, number 1, is the collection.

/** A collection: several fields of one number, gathered and then finished. Any thread. */
abstract sealed class Many implements Form {
    private static final int ONLY = 1;

    /** Writes fields of this number; none for an empty collection. */
    abstract void writeAll(Draft out, int number, Object many);

    /** What elements are gathered in. */
    abstract Object begin();

    abstract void gather(Source in, int wireType, Object gathered) throws WireException;

    /** The immutable collection; of nothing gathered an empty one. */
    abstract Object finish(@Nullable Object gathered);

    @Override
    public int wireType() {
        return Source.CHUNK;
    }

    @Override
    public boolean isKey() {
        return false;
    }

    @Override
    public void write(Draft out, Object value) {
        writeAll(out, ONLY, value);
    }

    @Override
    public Object read(Source in) throws WireException {
        int outer = in.enter();
        Object gathered = null;
        while (in.more()) {
            int tag = in.tag();
            if (tag >>> 3 != ONLY) {
                in.skip(tag);
                continue;
            }
            if (gathered == null) {
                gathered = begin();
            }
            gather(in, tag & 7, gathered);
        }
        in.leave(outer);
        return finish(gathered);
    }

    private static Object present(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("a collection with null in it cannot be written");
        }
        return value;
    }

    /** A list, or a set in the order of its elements' bytes. */
    static final class Elements extends Many {
        private final boolean set;
        private final Form element;
        private final String kind;

        Elements(boolean set, Form element) {
            this.set = set;
            this.element = element;
            this.kind = (set ? "set<" : "list<") + element.kind() + ">";
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public List<String> kin() {
            return element.kin();
        }

        @Override
        void writeAll(Draft out, int number, Object many) {
            Collection<?> all = (Collection<?>) many;
            if (all.isEmpty()) {
                return;
            }
            Pieces pieces = set ? new Pieces(all.size()) : null;
            if (element.wireType() == Source.CHUNK) {
                int tag = number << 3 | Source.CHUNK;
                for (Object one : all) {
                    int from = out.sink.size();
                    out.field(tag, element, present(one));
                    note(pieces, from, out.sink);
                }
                sort(pieces, out.sink);
            } else {
                int start = out.begin(number << 3 | Source.CHUNK);
                for (Object one : all) {
                    int from = out.sink.size();
                    out.count(1);
                    element.write(out, present(one));
                    note(pieces, from, out.sink);
                }
                sort(pieces, out.sink);
                out.end(start);
            }
        }

        private static void note(@Nullable Pieces pieces, int from, Sink sink) {
            if (pieces != null) {
                pieces.add(from, from, sink.size(), sink.size());
            }
        }

        private static void sort(@Nullable Pieces pieces, Sink sink) {
            if (pieces != null) {
                pieces.sort(sink);
            }
        }

        @Override
        Object begin() {
            return set ? new LinkedHashSet<>() : new ArrayList<>();
        }

        @Override
        @SuppressWarnings("unchecked")
        void gather(Source in, int wireType, Object gathered) throws WireException {
            SequencedCollection<Object> all = (SequencedCollection<Object>) gathered;
            try {
                if (element.wireType() == Source.CHUNK) {
                    Source.require(wireType, Source.CHUNK);
                    add(all, element.read(in));
                } else if (wireType == element.wireType()) {
                    in.count();
                    add(all, element.read(in));
                } else {
                    Source.require(wireType, Source.CHUNK);
                    int outer = in.enter();
                    while (in.more()) {
                        in.count();
                        add(all, element.read(in));
                    }
                    in.leave(outer);
                }
            } catch (WireException e) {
                throw e.within("[" + all.size() + "]");
            }
        }

        Form element() {
            return element;
        }

        @SuppressWarnings("unchecked")
        void add(Object gathered, Object one) throws WireException {
            add((SequencedCollection<Object>) gathered, one);
        }

        private static void add(SequencedCollection<Object> all, Object one) throws WireException {
            try {
                if (!all.add(one)) {
                    throw new WireException(Kind.MALFORMED, "the element comes twice in a set");
                }
            } catch (RuntimeException e) {
                throw new WireException(Kind.INVALID, "the element cannot be compared: " + e.getMessage());
            }
        }

        @Override
        Object finish(@Nullable Object gathered) {
            if (set) {
                return gathered == null ? Collections.emptySet() : Collections.unmodifiableSet((Set<?>) gathered);
            }
            return gathered == null ? List.of() : Collections.unmodifiableList((List<?>) gathered);
        }
    }

    /** A map in the order of its keys' bytes: per entry a message, 1 = key, 2 = value. */
    static final class Entries extends Many {
        private final Form key;
        private final Form value;
        private final int keyTag;
        private final int valueTag;
        private final String kind;

        Entries(Form key, Form value) {
            this.key = key;
            this.value = value;
            this.keyTag = 1 << 3 | key.wireType();
            this.valueTag = 2 << 3 | value.wireType();
            this.kind = "map<" + key.kind() + "," + value.kind() + ">";
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        void writeAll(Draft out, int number, Object many) {
            Map<?, ?> map = (Map<?, ?>) many;
            if (map.isEmpty()) {
                return;
            }
            int tag = number << 3 | Source.CHUNK;
            Pieces pieces = new Pieces(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                int from = out.sink.size();
                int start = out.begin(tag);
                out.count(2);
                out.field(keyTag, key, present(entry.getKey()));
                int keyEnd = out.sink.size();
                out.field(valueTag, value, present(entry.getValue()));
                int before = out.sink.size();
                out.end(start);
                int moved = out.sink.size() - before; // a long entry makes room for its length
                pieces.add(from, start + moved, keyEnd + moved, out.sink.size());
            }
            pieces.sort(out.sink);
        }

        @Override
        Object begin() {
            return new LinkedHashMap<>();
        }

        @Override
        @SuppressWarnings("unchecked")
        void gather(Source in, int wireType, Object gathered) throws WireException {
            Map<Object, Object> map = (Map<Object, Object>) gathered;
            Source.require(wireType, Source.CHUNK);
            try {
                entry(in, map);
            } catch (WireException e) {
                throw e.within("[" + map.size() + "]");
            }
        }

        private void entry(Source in, Map<Object, Object> map) throws WireException {
            int outer = in.enter();
            in.count(2);
            Object k = null;
            Object v = null;
            while (in.more()) {
                int tag = in.tag();
                if (tag == keyTag && k == null) {
                    k = key.read(in);
                } else if (tag == valueTag && v == null) {
                    v = value.read(in);
                } else {
                    throw new WireException(Kind.MALFORMED, "an entry has its key and its value, got the tag " + tag);
                }
            }
            in.leave(outer);
            if (k == null || v == null) {
                throw new WireException(Kind.MISSING, "an entry needs its key and its value");
            }
            put(map, k, v);
        }

        Form key() {
            return key;
        }

        Form value() {
            return value;
        }

        /** In JSON: a key that is a record can be no name there. */
        boolean hasPairs() {
            return key instanceof RecordForm;
        }

        @SuppressWarnings("unchecked")
        void add(Object gathered, Object itsKey, Object itsValue) throws WireException {
            put((Map<Object, Object>) gathered, itsKey, itsValue);
        }

        private static void put(Map<Object, Object> map, Object key, Object value) throws WireException {
            try {
                if (map.put(key, value) != null) {
                    throw new WireException(Kind.MALFORMED, "the key comes twice");
                }
            } catch (RuntimeException e) {
                throw new WireException(Kind.INVALID, "the key cannot be compared: " + e.getMessage());
            }
        }

        @Override
        Object finish(@Nullable Object gathered) {
            return gathered == null ? Collections.emptyMap() : Collections.unmodifiableMap((Map<?, ?>) gathered);
        }
    }
}
