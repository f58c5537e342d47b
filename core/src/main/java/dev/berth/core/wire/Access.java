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
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

// All reflection is here and happens once per type: accessors become functions, constructors method handles of exact
// types.

/** The way into one record type: its accessors and its constructor. Any thread. */
public final class Access {
    private static final MethodHandle NUMBER;
    private static final MethodHandle INT;
    private static final MethodHandle SHORT;
    private static final MethodHandle BYTE;
    private static final MethodHandle FLAG;
    private static final MethodHandle DOUBLE;
    private static final MethodHandle FLOAT;
    private static final MethodHandle OBJECT;

    static {
        Lookup own = MethodHandles.lookup();
        try {
            NUMBER = own.findStatic(Access.class, "number", MethodType.methodType(long.class, int.class, long[].class));
            INT = own.findStatic(Access.class, "integer", MethodType.methodType(int.class, int.class, long[].class));
            SHORT = MethodHandles.explicitCastArguments(INT, INT.type().changeReturnType(short.class));
            BYTE = MethodHandles.explicitCastArguments(INT, INT.type().changeReturnType(byte.class));
            FLAG = own.findStatic(Access.class, "flag", MethodType.methodType(boolean.class, int.class, long[].class));
            DOUBLE = own.findStatic(Access.class, "real", MethodType.methodType(double.class, int.class, long[].class));
            FLOAT = MethodHandles.explicitCastArguments(DOUBLE, DOUBLE.type().changeReturnType(float.class));
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

    public Access(Class<?> type) {
        this.type = type;
        try {
            this.lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "the codec may not look into " + type.getName() + "; its module must open the package "
                            + type.getPackageName(),
                    e);
        }
    }

    /** Reads a component of a primitive type other than char; a float or double as the bits of a double. */
    @SuppressWarnings("unchecked")
    public ToLongFunction<Object> number(RecordComponent component) {
        if (component.getType() == boolean.class) {
            Predicate<Object> flag = lookup.hasFullPrivilegeAccess()
                    ? (Predicate<Object>) function(component, Predicate.class, "test", boolean.class)
                    : flagOf(plain(component, boolean.class));
            return holder -> flag.test(holder) ? 1 : 0;
        }
        if (component.getType() == double.class || component.getType() == float.class) {
            ToDoubleFunction<Object> real = lookup.hasFullPrivilegeAccess()
                    ? (ToDoubleFunction<Object>)
                            function(component, ToDoubleFunction.class, "applyAsDouble", double.class)
                    : realOf(plain(component, double.class));
            return holder -> Double.doubleToLongBits(real.applyAsDouble(holder));
        }
        return lookup.hasFullPrivilegeAccess()
                ? (ToLongFunction<Object>) function(component, ToLongFunction.class, "applyAsLong", long.class)
                : numberOf(plain(component, long.class));
    }

    /** Reads a component that is an object. */
    @SuppressWarnings("unchecked")
    public Function<Object, @Nullable Object> object(RecordComponent component) {
        return lookup.hasFullPrivilegeAccess()
                ? (Function<Object, @Nullable Object>) function(component, Function.class, "apply", Object.class)
                : objectOf(plain(component, Object.class));
    }

    // Where a type comes from another class loader, or another module, no class may be made in its place; its accessors
    // are then called as method handles, which is a little slower.

    private MethodHandle plain(RecordComponent component, Class<?> result) {
        try {
            return lookup.unreflect(component.getAccessor()).asType(MethodType.methodType(result, Object.class));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("no access to " + type.getName() + "." + component.getName(), e);
        }
    }

    private static Predicate<Object> flagOf(MethodHandle get) {
        return holder -> {
            try {
                return (boolean) get.invokeExact(holder);
            } catch (Throwable e) {
                throw thrown(e);
            }
        };
    }

    private static ToDoubleFunction<Object> realOf(MethodHandle get) {
        return holder -> {
            try {
                return (double) get.invokeExact(holder);
            } catch (Throwable e) {
                throw thrown(e);
            }
        };
    }

    private static ToLongFunction<Object> numberOf(MethodHandle get) {
        return holder -> {
            try {
                return (long) get.invokeExact(holder);
            } catch (Throwable e) {
                throw thrown(e);
            }
        };
    }

    private static Function<Object, @Nullable Object> objectOf(MethodHandle get) {
        return holder -> {
            try {
                return (Object) get.invokeExact(holder);
            } catch (Throwable e) {
                throw thrown(e);
            }
        };
    }

    private static RuntimeException thrown(Throwable why) {
        if (why instanceof Error error) {
            throw error;
        }
        return why instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(why);
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
    public MethodHandle constructor() {
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
        } else if (component == boolean.class) {
            return FLAG;
        } else if (component == double.class) {
            return DOUBLE;
        } else if (component == float.class) {
            return FLOAT;
        } else if (component == short.class) {
            return SHORT;
        } else {
            return component == byte.class ? BYTE : OBJECT;
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

    public static Object construct(MethodHandle constructor, long[] numbers, @Nullable Object[] objects, String name)
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

    static double real(int index, long[] numbers) {
        return Double.longBitsToDouble(numbers[index]);
    }
}
