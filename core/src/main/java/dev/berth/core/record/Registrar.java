package dev.berth.core.record;

import dev.berth.core.wire.Access;
import dev.berth.core.wire.Cases;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Builds the forms of a book's types, each once. One thread. */
final class Registrar {
    private final String book;
    private final List<Upcast> upcasts;
    private final SortedMap<String, RecordForm> byName = new TreeMap<>();
    private final Map<Class<?>, Form> forms = new LinkedHashMap<>();

    Registrar(String book, List<Upcast> upcasts, List<Surrogate> surrogates) {
        this.book = book;
        this.upcasts = upcasts;
        surrogates.forEach(surrogate -> forms.put(surrogate.type(), surrogate));
    }

    /** The records by their names: these, those below sealed interfaces, and those in components. */
    SortedMap<String, RecordForm> register(List<Class<?>> types) {
        for (Class<?> type : types) {
            if (!type.isRecord() && !isSealed(type)) {
                throw new IllegalArgumentException(type.getName() + " is registered in the book '" + book
                        + "' and is neither a record nor a sealed interface of records");
            }
            named(type, type.getName());
        }
        for (Upcast upcast : upcasts) {
            if (!forms.containsKey(upcast.record())) {
                throw new IllegalArgumentException("there is an upcaster for " + upcast + ", and "
                        + upcast.record().getName() + " is not in the book '" + book + "'");
            }
        }
        byName.values().forEach(RecordForm::findStrays);
        return byName;
    }

    /** What a method takes and answers. */
    Signature signature(Method method, RecordBook of) {
        String where = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        Type[] types = method.getGenericParameterTypes();
        List<Form> parameters = new ArrayList<>();
        boolean[] primitives = new boolean[types.length];
        for (int i = 0; i < types.length; i++) {
            parameters.add(form(types[i], where));
            primitives[i] = method.getParameterTypes()[i].isPrimitive();
        }
        Class<?> answer = method.getReturnType();
        return new Signature(
                where,
                of,
                parameters,
                primitives,
                answer == void.class ? null : form(method.getGenericReturnType(), where),
                answer.isPrimitive());
    }

    private static boolean isSealed(Class<?> type) {
        return type.isSealed() && type.isInterface();
    }

    /** The form of a component's type, or of what is in a collection. */
    Form form(Type type, String where) {
        if (type instanceof Class<?> plain) {
            return named(plain, where);
        }
        if (type instanceof ParameterizedType parameterized) {
            Type[] of = parameterized.getActualTypeArguments();
            if (parameterized.getRawType() == List.class) {
                return new Many.Elements(false, form(of[0], where));
            } else if (parameterized.getRawType() == Set.class) {
                return new Many.Elements(true, key(of[0], where));
            } else if (parameterized.getRawType() == Map.class) {
                return new Many.Entries(key(of[0], where), form(of[1], where));
            } else if (forms.get(parameterized.getRawType()) instanceof Surrogate surrogate) {
                return surrogate;
            }
        }
        throw Unwritable.type(type, where);
    }

    private Form key(Type type, String where) {
        Form form = form(type, where);
        if (!form.isKey()) {
            throw new IllegalArgumentException(where + ": " + type.getTypeName()
                    + " cannot be a key of a map or an element of a set; those are text, integers, enums, UUIDs, times,"
                    + " and records that implement Comparable of themselves");
        }
        return form;
    }

    private Form named(Class<?> type, String where) {
        Form simple = Simple.form(type);
        if (simple != null) {
            return simple;
        }
        Form known = forms.get(type);
        if (known != null) {
            return known;
        }
        if (type.isRecord() && type.getTypeParameters().length == 0) {
            return record(type);
        } else if (type.isEnum()) {
            Form constants = new Constants(type);
            forms.put(type, constants);
            return constants;
        } else if (isSealed(type)) {
            return sealed(type);
        }
        throw Unwritable.type(type, where);
    }

    private Choice sealed(Class<?> type) {
        Choice choice = new Choice(
                type.getSimpleName() + " in this build", "if the writer is the newer build, roll forward", true);
        forms.put(type, choice);
        List<RecordForm> cases = new ArrayList<>();
        for (Class<?> one : Cases.of(type)) {
            if (named(one, type.getName()) instanceof RecordForm form) {
                cases.add(form);
            }
        }
        choice.complete(cases);
        return choice;
    }

    private RecordForm record(Class<?> type) {
        String name = WireNames.of(book, type);
        Version version = type.getAnnotation(Version.class);
        if (version != null && version.value() < 1) {
            throw new IllegalArgumentException(
                    type.getName() + " has the version " + version.value() + "; the first is 1");
        }
        RecordForm form = new RecordForm(type, name, version == null ? 1 : version.value());
        RecordForm other = byName.put(name, form);
        if (other != null) {
            throw new IllegalArgumentException(
                    type.getName() + " and " + other.type().getName() + " are both " + name
                            + " on the wire; give one of them another name with @WireName(\"...\")");
        }
        forms.put(type, form);
        Access access = new Access(type);
        List<Part> parts = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            parts.add(part(access, component, parts.size()));
        }
        List<Part.Former> formers = formers(type, parts);
        check(type, parts, formers);
        form.complete(parts, formers, access.constructor());
        return form;
    }

    private Part part(Access access, RecordComponent component, int index) {
        String name = component.getName();
        String wireName = WireNames.of(component);
        Form form = form(component.getGenericType(), WireNames.where(component));
        boolean primitive = component.getType().isPrimitive();
        if (primitive && form instanceof Numeral numeral) {
            return new Part.Integral(name, wireName, index, numeral, access.number(component));
        } else if (primitive && form instanceof Real real) {
            return new Part.Floating(name, wireName, index, real, access.number(component));
        } else if (form instanceof Many many) {
            return new Part.Several(name, wireName, index, many, access.object(component));
        }
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new Part.Single(name, wireName, index, form, access.object(component), nullable);
    }

    private List<Part.Former> formers(Class<?> type, List<Part> parts) {
        List<Part.Former> formers = new ArrayList<>();
        for (Upcast upcast : upcasts) {
            if (upcast.record() != type) {
                continue;
            }
            Part now = parts.stream()
                    .filter(part -> part.name.equals(upcast.component()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is an upcaster for " + upcast + ", and no such component"));
            Form form = named(upcast.former(), "the upcaster for " + upcast);
            if (form.kind().equals(now.kind)) {
                throw new IllegalArgumentException(
                        "the upcaster for " + upcast + " is never used: both are " + now.kind + " on the wire");
            }
            formers.add(new Part.Former(now, parts.size() + formers.size(), form, upcast.function()));
        }
        return formers;
    }

    private static void check(Class<?> type, List<Part> parts, List<Part.Former> formers) {
        if (parts.size() + formers.size() > RecordForm.PARTS_MAX) {
            throw new IllegalArgumentException(type.getName() + " has " + parts.size() + " components and "
                    + formers.size() + " upcasters, at most " + RecordForm.PARTS_MAX
                    + " together; move some into a record of their own");
        }
        Map<Integer, Part> byNumber = new LinkedHashMap<>();
        TreeSet<String> names = new TreeSet<>();
        for (Part part : parts) {
            if (!names.add(part.wireName)) {
                throw new IllegalArgumentException(type.getName() + " has two components that are " + part.wireName
                        + " on the wire; give one of them another name with @WireName(\"...\")");
            }
            clash(type, byNumber.put(part.number, part), part);
        }
        for (Part.Former former : formers) {
            clash(type, byNumber.put(former.number, former), former);
        }
    }

    private static void clash(Class<?> type, @Nullable Part one, Part other) {
        if (one != null) {
            throw new IllegalArgumentException(
                    type.getName() + ": the names " + one.wireName + " (" + one.kind + ") and "
                            + other.wireName + " (" + other.kind + ") give the same field number " + other.number
                            + "; give the newer component another name with @WireName(\"...\")");
        }
    }
}
