package dev.berth.node.process;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// What cannot be called from elsewhere is refused when a contract is first named, and not at the first call: a method
// goes by its name alone on the wire, and by types that are written down.

/**
 * An interface whose methods are called from elsewhere: of a process, or of an entity. For what Berth itself builds on it.
 * Immutable; any thread.
 *
 * @param calls its methods by their names
 */
public record Contract(Class<?> type, SortedMap<String, Call> calls) {
    /** Of one method. */
    static final int PARAMETERS_MAX = 32;

    private static final ClassValue<Contract> ALL = new ClassValue<>() {
        @Override
        protected Contract computeValue(Class<?> type) {
            return checked(type);
        }
    };

    /** A method of a contract. */
    public record Call(Method method, boolean oneWay, MethodHandle handle) {
        public String name() {
            return method.getName();
        }

        /** On whatever fulfils the contract; throws what that throws. */
        public @Nullable Object invoke(Object code, @Nullable Object[] arguments) throws Throwable {
            return handle.invoke(code, (Object) arguments);
        }
    }

    /** What becomes of a call that somebody makes through a proxy. Its toString is the proxy's. */
    @FunctionalInterface
    public interface Way {
        @Nullable
        Object call(Call call, @Nullable Object[] arguments) throws Throwable;
    }

    /** An IllegalArgumentException says why it is none. */
    public static Contract of(Class<?> type) {
        return ALL.get(type);
    }

    public String name() {
        return type.getSimpleName();
    }

    public List<Method> methods() {
        return calls.values().stream().map(Call::method).toList();
    }

    private static Contract checked(Class<?> type) {
        if (!type.isInterface() || type.isAnnotation() || type.isSealed()) {
            throw new IllegalArgumentException(
                    type.getName() + " is no contract: that is an interface, not sealed, whose"
                            + " methods are called; sealed interfaces of records are messages, for ProcessRef");
        }
        if (type.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(
                    type.getName() + " has type parameters, of which nothing is known where it"
                            + " is called from: make an interface that extends it and says the types");
        }
        SortedMap<String, Call> calls = new TreeMap<>();
        Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .forEach(method -> {
                    if (calls.put(method.getName(), call(method)) != null) {
                        throw new IllegalArgumentException(type.getName() + " has two methods " + method.getName()
                                + "; on the wire a method goes by its name, give one of them another");
                    }
                });
        if (calls.isEmpty()) {
            throw new IllegalArgumentException(
                    type.getName() + " is no contract: it has no method that could be called");
        }
        return new Contract(type, Collections.unmodifiableSortedMap(calls));
    }

    private static Call call(Method method) {
        boolean oneWay = method.isAnnotationPresent(OneWay.class);
        if (oneWay && method.getReturnType() != void.class) {
            throw new IllegalArgumentException(method + " is @OneWay and answers something: nobody would hear it");
        }
        if (method.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(
                    method + " has type parameters, of which nothing is known on the other side: say the types");
        }
        if (method.getParameterCount() > PARAMETERS_MAX) {
            throw new IllegalArgumentException(method + " takes " + method.getParameterCount() + " arguments, at most "
                    + PARAMETERS_MAX + ": put them into a record");
        }
        return new Call(method, oneWay, handle(method));
    }

    private static MethodHandle handle(Method method) {
        try {
            method.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflect(method)
                    .asSpreader(Object[].class, method.getParameterCount())
                    .asType(MethodType.methodType(Object.class, Object.class, Object[].class));
        } catch (IllegalAccessException | RuntimeException e) {
            throw new IllegalArgumentException(
                    method.getDeclaringClass().getName() + " cannot be called from here: make it public, or open its"
                            + " package to Berth",
                    e);
        }
    }

    /** Something with this interface whose calls go that way. */
    public static <C> C proxy(Class<C> type, Way way) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Handler(of(type), way)));
    }

    /** Null for what is no such proxy. */
    static @Nullable Way way(Object proxy) {
        return Proxy.isProxyClass(proxy.getClass())
                        && Proxy.getInvocationHandler(proxy) instanceof Handler(Contract _, Way way)
                ? way
                : null;
    }

    private record Handler(Contract contract, Way way) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
                throws Throwable {
            @Nullable Object[] arguments = given == null ? new Object[0] : given;
            Call call = Modifier.isAbstract(method.getModifiers()) ? contract.calls.get(method.getName()) : null;
            if (call != null) {
                return way.call(call, arguments);
            }
            return switch (method.getName()) {
                case "toString" -> way.toString();
                case "hashCode" -> way.hashCode();
                case "equals" -> arguments[0] != null && way.equals(Contract.way(arguments[0]));
                default -> InvocationHandler.invokeDefault(proxy, method, arguments);
            };
        }
    }
}
