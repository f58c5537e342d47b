package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

// All reflection is here and happens once per type: accessors become functions, constructors method handles of exact
// types.

/** The way into one record type: its accessors and its constructor. */
final class Access {
    private static final MethodHandle NUMBER;
    private static final MethodHandle INT;
    private static final MethodHandle FLAG;
    private static final MethodHandle OBJECT;

    static {
        Lookup own = MethodHandles.lookup();
        try {
            NUMBER = own.findStatic(Access.class, "number", MethodType.methodType(long.class, int.class, long[].class));
            INT = own.findStatic(Access.class, "integer", MethodType.methodType(int.class, int.class, long[].class));
            FLAG = own.findStatic(Access.class, "flag", MethodType.methodType(boolean.class, int.class, long[].class));
            OBJECT = MethodHandles.permuteArguments(
                    MethodHandles.arrayElementGetter(Object[].class),
                    MethodType.methodType(Object.class, int.class, Object[].class),
                    1,
                    0);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Class<?> type;
    private final Lookup lookup;

    Access(Class<?> type) {
        this.type = type;
        try {
            this.lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("the codec may not look into " + type.getName(), e);
        }
    }

    /** Reads an int, long or boolean component. */
    @SuppressWarnings("unchecked")
    ToLongFunction<Object> number(RecordComponent component) {
        if (component.getType() == boolean.class) {
            Predicate<Object> flag = (Predicate<Object>) function(component, Predicate.class, "test", boolean.class);
            return holder -> flag.test(holder) ? 1 : 0;
        }
        return (ToLongFunction<Object>) function(component, ToLongFunction.class, "applyAsLong", long.class);
    }

    /** Reads a component that is an object. */
    @SuppressWarnings("unchecked")
    Function<Object, @Nullable Object> object(RecordComponent component) {
        return (Function<Object, @Nullable Object>) function(component, Function.class, "apply", Object.class);
    }

    private Object function(RecordComponent component, Class<?> as, String method, Class<?> result) {
        try {
            MethodHandle accessor = lookup.unreflect(component.getAccessor());
            Class<?> specific = result.isPrimitive() ? result : component.getType();
            return LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(as),
                            MethodType.methodType(result, Object.class),
                            accessor,
                            MethodType.methodType(specific, type))
                    .getTarget()
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("no access to " + type.getName() + "." + component.getName(), e);
        }
    }

    /** The canonical constructor as (long[], Object[]) -> Object. */
    MethodHandle constructor() {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        MethodHandle[] sources = new MethodHandle[components.length];
        int[] order = new int[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            order[i] = types[i].isPrimitive() ? 0 : 1;
            sources[i] = MethodHandles.insertArguments(source(types[i]), 0, i)
                    .asType(MethodType.methodType(types[i], types[i].isPrimitive() ? long[].class : Object[].class));
        }
        MethodHandle filled = MethodHandles.filterArguments(canonical(types), 0, sources);
        return MethodHandles.permuteArguments(
                filled.asType(filled.type().changeReturnType(Object.class)),
                MethodType.methodType(Object.class, long[].class, Object[].class),
                order);
    }

    private static MethodHandle source(Class<?> component) {
        if (component == long.class) {
            return NUMBER;
        } else if (component == int.class) {
            return INT;
        } else {
            return component == boolean.class ? FLAG : OBJECT;
        }
    }

    /** The canonical constructor of a wrapper around a number, as (long) -> Object. */
    MethodHandle wrapperOfNumber() {
        Class<?> inner = type.getRecordComponents()[0].getType();
        MethodHandle make = canonical(inner);
        if (inner == int.class) {
            make = MethodHandles.explicitCastArguments(make, MethodType.methodType(type, long.class));
        } else if (inner == boolean.class) {
            make = MethodHandles.explicitCastArguments(make, MethodType.methodType(type, long.class));
        }
        return make.asType(MethodType.methodType(Object.class, long.class));
    }

    /** The canonical constructor of a wrapper around an object, as (Object) -> Object. */
    MethodHandle wrapperOfObject() {
        return canonical(type.getRecordComponents()[0].getType())
                .asType(MethodType.methodType(Object.class, Object.class));
    }

    private MethodHandle canonical(Class<?>... types) {
        try {
            return lookup.findConstructor(type, MethodType.methodType(void.class, types));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no access to the constructor of " + type.getName(), e);
        }
    }

    // Whatever a record's constructor throws at values from outside is its refusal of them; anything that is not an
    // exception (no memory left) is not.

    static Object construct(MethodHandle constructor, long[] numbers, @Nullable Object[] objects, String name)
            throws WireException {
        try {
            return (Object) constructor.invokeExact(numbers, objects);
        } catch (Throwable e) {
            throw refusal(name, e);
        }
    }

    static Object wrapNumber(MethodHandle wrap, long value, String name) throws WireException {
        try {
            return (Object) wrap.invokeExact(value);
        } catch (Throwable e) {
            throw refusal(name, e);
        }
    }

    static Object wrapObject(MethodHandle wrap, Object value, String name) throws WireException {
        try {
            return (Object) wrap.invokeExact(value);
        } catch (Throwable e) {
            throw refusal(name, e);
        }
    }

    private static WireException refusal(String name, Throwable why) {
        if (why instanceof Error error) {
            throw error;
        }
        return new WireException(Kind.INVALID, name + " refuses it: " + why.getMessage());
    }

    static long number(int index, long[] numbers) {
        return numbers[index];
    }

    static int integer(int index, long[] numbers) {
        return (int) numbers[index];
    }

    static boolean flag(int index, long[] numbers) {
        return numbers[index] != 0;
    }
}
