package dev.berth.node.entity;

import dev.berth.core.record.RecordBook;
import dev.berth.core.record.Signature;
import dev.berth.core.wire.Bytes;
import dev.berth.node.process.Contract;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
        SortedMap<String, Call> calls) {
    /** A method of the contract. */
    record Call(Contract.Call of, Signature signature) {
        String name() {
            return of.name();
        }
    }

    static EntityType of(Class<?> contract, Function<Context<Object>, Object> code, RecordBook book) {
        SortedMap<String, Call> calls = new TreeMap<>();
        Contract.of(contract)
                .calls()
                .forEach((name, call) -> calls.put(name, new Call(call, book.signature(call.method()))));
        return new EntityType(contract, contract.getSimpleName(), Keys.of(contract), code, calls);
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
