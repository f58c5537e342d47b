package dev.berth.node.entity;

import dev.berth.core.record.RecordBook;
import dev.berth.core.record.Signature;
import dev.berth.core.wire.Bytes;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A contract, and the code that fulfils it. Any thread.
 *
 * @param code makes an entity's code; what it makes implements the contract
 */
record EntityType(
        Class<?> contract,
        String name,
        Keys keys,
        Function<Context<Object>, Object> code,
        SortedMap<String, Call> calls,
        Map<Method, Call> byMethod) {
    /** A method of the contract. */
    record Call(String name, Method method, boolean oneWay, Signature signature, MethodHandle handle) {}

    static EntityType of(Class<?> contract, Function<Context<Object>, Object> code, RecordBook book) {
        SortedMap<String, Call> calls = new TreeMap<>();
        Map<Method, Call> byMethod = new LinkedHashMap<>();
        for (Method method : methods(contract)) {
            boolean oneWay = method.isAnnotationPresent(OneWay.class);
            if (oneWay && method.getReturnType() != void.class) {
                throw new IllegalArgumentException(method + " is @OneWay and answers something: nobody would hear it");
            }
            Call call = new Call(method.getName(), method, oneWay, book.signature(method), handle(method));
            if (calls.put(method.getName(), call) != null) {
                throw new IllegalArgumentException(contract.getName() + " has two methods " + method.getName()
                        + "; on the wire a method goes by its name, give one of them another");
            }
            byMethod.put(method, call);
        }
        return new EntityType(contract, contract.getSimpleName(), Keys.of(contract), code, calls, byMethod);
    }

    /** What can be called, by name. */
    static List<Method> methods(Class<?> contract) {
        return Arrays.stream(contract.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
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

    /** Under which the store has the entity. */
    Bytes storeKey(Bytes key) {
        byte[] bytes = Arrays.copyOf((name + "\0").getBytes(StandardCharsets.UTF_8), nameLength() + 1 + key.length());
        key.copyTo(bytes, nameLength() + 1);
        return Bytes.wrap(bytes);
    }

    /** The name of the contract in the key of a store. */
    static String nameIn(Bytes storeKey) {
        String text = storeKey.utf8();
        return text.substring(0, Math.max(0, text.indexOf('\0')));
    }

    Bytes keyIn(Bytes storeKey) {
        return Bytes.wrap(Arrays.copyOfRange(storeKey.toArray(), nameLength() + 1, storeKey.length()));
    }

    private int nameLength() {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    @Nullable
    Call call(String method) {
        return calls.get(method);
    }
}
