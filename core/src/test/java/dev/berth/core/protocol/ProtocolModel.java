package dev.berth.core.protocol;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// Read from the annotations alone, apart from the codec: what is documented is what the records say, and the tests that
// compare bytes with it notice when the codec says something else.

/** The protocol as data: which messages, records, choices and constants there are, with their numbers and bounds. */
final class ProtocolModel {
    /** What a component is, in the words of protocol buffers. */
    enum Kind {
        BOOL,
        SINT32,
        SINT64,
        STRING,
        BYTES,
        ENUM,
        MESSAGE
    }

    /**
     * A component of a record.
     *
     * @param of the class of a constant, record or choice
     * @param listMax most elements, or 0 for what is no list
     * @param bytesMax most bytes of each string or byte string, or 0
     */
    record Component(int number, String name, Kind kind, Class<?> of, int listMax, int bytesMax, boolean optional) {
        boolean repeated() {
            return listMax > 0;
        }
    }

    /** A record; {@code code} is its frame type or its number within a choice, or 0. */
    record Message(String name, Class<?> type, int code, List<Component> components) {}

    /** A sealed interface: one of its cases. */
    record Choice(String name, List<Message> cases) {}

    record Constant(int code, String name) {}

    private final List<Class<?>> frames;
    private final Map<Class<?>, Message> messages = new LinkedHashMap<>();
    private final Map<Class<?>, Choice> choices = new LinkedHashMap<>();
    private final Map<Class<?>, List<Constant>> constants = new LinkedHashMap<>();

    private ProtocolModel(List<Class<?>> frames, List<Class<?>> bodies, List<Class<?>> durable) {
        this.frames = frames;
        frames.forEach(this::message);
        bodies.forEach(this::choice);
        durable.forEach(this::message);
    }

    static ProtocolModel ofThisVersion() {
        return new ProtocolModel(Travellers.ofNodes(), Travellers.bodies(), Travellers.durableRecords());
    }

    static ProtocolModel ofClients() {
        return new ProtocolModel(Travellers.ofClients(), List.of(), List.of());
    }

    /** Messages that are frames, in the order of their types. */
    List<Message> frames() {
        return frames.stream().map(this::message).toList();
    }

    Message message(Class<?> type) {
        Message known = messages.get(type);
        if (known != null) {
            return known;
        }
        List<Component> components = new ArrayList<>();
        Code code = type.getAnnotation(Code.class);
        Message message = new Message(name(type), type, code == null ? 0 : code.value(), components);
        messages.put(type, message);
        for (RecordComponent component : type.getRecordComponents()) {
            components.add(component(component));
        }
        return message;
    }

    private Component component(RecordComponent component) {
        Field field = component.getAnnotation(Field.class);
        boolean list = component.getType() == List.class;
        Class<?> of = list
                ? (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                : component.getType();
        while (isWrapper(of)) {
            of = of.getRecordComponents()[0].getType();
        }
        Kind kind = kind(of);
        int listMax = !list ? 0 : field.max() > 0 ? field.max() : Limits.LIST_MAX;
        int own = list ? 0 : field.max();
        int bytesMax = switch (kind) {
            case STRING -> own > 0 ? own : Limits.TEXT_MAX;
            case BYTES -> own > 0 ? own : Limits.BYTES_MAX;
            case BOOL, SINT32, SINT64, ENUM, MESSAGE -> 0;
        };
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new Component(field.value(), component.getName(), kind, of, listMax, bytesMax, optional);
    }

    private Kind kind(Class<?> of) {
        if (of == boolean.class || of == Boolean.class) {
            return Kind.BOOL;
        } else if (of == int.class || of == Integer.class) {
            return Kind.SINT32;
        } else if (of == long.class || of == Long.class) {
            return Kind.SINT64;
        } else if (of == String.class) {
            return Kind.STRING;
        } else if (of == Bytes.class) {
            return Kind.BYTES;
        } else if (of.isEnum()) {
            constants.computeIfAbsent(of, ProtocolModel::constantsOf);
            return Kind.ENUM;
        }
        if (of.isSealed()) {
            choice(of);
        } else {
            message(of);
        }
        return Kind.MESSAGE;
    }

    private void choice(Class<?> sealed) {
        if (choices.containsKey(sealed)) {
            return;
        }
        SortedMap<Integer, Message> cases = new TreeMap<>();
        choices.put(sealed, new Choice(name(sealed), List.of()));
        addCases(sealed, cases);
        choices.put(sealed, new Choice(name(sealed), List.copyOf(cases.values())));
    }

    private void addCases(Class<?> sealed, SortedMap<Integer, Message> cases) {
        for (Class<?> one : sealed.getPermittedSubclasses()) {
            if (one.isRecord()) {
                Message message = message(one);
                cases.put(message.code(), message);
            } else {
                addCases(one, cases);
            }
        }
    }

    private static List<Constant> constantsOf(Class<?> type) {
        List<Constant> all = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name();
            try {
                all.add(new Constant(
                        type.getField(name).getAnnotation(Code.class).value(), name));
            } catch (NoSuchFieldException e) {
                throw new AssertionError(e);
            }
        }
        return all;
    }

    static boolean isWrapper(Class<?> type) {
        return type.isRecord()
                && type.getRecordComponents().length == 1
                && type.getRecordComponents()[0].getAnnotation(Field.class) == null;
    }

    /** Frames have their own names; what is nested in another type has that one's in front. */
    String name(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return outer == null || isFrames(outer) ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }

    private boolean isFrames(Class<?> type) {
        return frames.stream().anyMatch(type::isAssignableFrom);
    }

    /** Records that are neither frames nor cases of a choice, by name. */
    SortedMap<String, Message> records() {
        SortedMap<String, Message> records = new TreeMap<>();
        messages.forEach((type, message) -> {
            if (message.code() == 0) {
                records.put(message.name(), message);
            }
        });
        return records;
    }

    SortedMap<String, Choice> choices() {
        SortedMap<String, Choice> byName = new TreeMap<>();
        choices.values().forEach(choice -> byName.put(choice.name(), choice));
        return byName;
    }

    SortedMap<String, List<Constant>> constants() {
        SortedMap<String, List<Constant>> byName = new TreeMap<>();
        constants.forEach((type, all) -> byName.put(name(type), all));
        return byName;
    }
}
