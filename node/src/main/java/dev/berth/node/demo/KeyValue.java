package dev.berth.node.demo;

import dev.berth.core.audit.Count;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.ServiceCall;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotService;
import dev.berth.node.worker.SlotStore;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

// Numbers by name. "ADD name" adds one and answers the new number, "GET name" answers it, both with the epoch under
// which they were answered: a Count, so that whoever compares answers would see two owners. A number is durable
// before anybody hears of it; its owner keeps it in memory and never asks the store again.

/** The service of the demonstration. One thread per slot. */
public final class KeyValue implements SlotService {
    public static final String NAME = "kv";

    /** So many deltas of a key are put together into one snapshot. */
    private static final int SNAPSHOT_AFTER = 64;

    private static final Bytes ONE = Bytes.utf8("+1");

    private static final class Number {
        long value;
        int deltas;
    }

    private final Map<Slot, Map<Bytes, Number>> numbers = new ConcurrentHashMap<>();
    private final Consumer<? super Slot> lost;

    /** @param lost hears of each slot that is not this node's any more */
    public KeyValue(Consumer<? super Slot> lost) {
        this.lost = lost;
    }

    @Override
    public void load(Slot slot, SlotStore store) throws IOException, InterruptedException {
        Map<Bytes, Number> loaded = new ConcurrentHashMap<>();
        store.load(piece -> take(loaded.computeIfAbsent(piece.key(), _ -> new Number()), piece));
        numbers.put(slot, loaded);
    }

    private static void take(Number number, StorePiece piece) {
        switch (piece) {
            case StorePiece.State state -> {
                number.value = Long.parseLong(state.state().utf8());
                number.deltas = 0;
            }
            case StorePiece.Delta _ -> {
                number.value++;
                number.deltas++;
            }
        }
    }

    @Override
    public Bytes handle(ServiceCall call) throws IOException, InterruptedException {
        String[] words = call.body().utf8().split(" ", 2);
        if (words.length < 2) {
            throw new IllegalArgumentException(
                    "ADD name or GET name, got " + call.body().utf8());
        }
        Bytes key = Bytes.utf8(words[1]);
        Number number = numbers.computeIfAbsent(call.slot(), _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(key, _ -> new Number());
        switch (words[0]) {
            case "ADD" -> add(call.store(), key, number);
            case "GET" -> {}
            default -> throw new IllegalArgumentException("ADD or GET, got " + words[0]);
        }
        return new Count(number.value, call.slot().epoch()).bytes();
    }

    private static void add(SlotStore store, Bytes key, Number number) throws IOException, InterruptedException {
        store.append(key, ONE);
        number.value++;
        if (++number.deltas >= SNAPSHOT_AFTER) {
            store.snapshot(key, Bytes.utf8(Long.toString(number.value)));
            number.deltas = 0;
        }
    }

    @Override
    public void dropped(Slot slot, String cause) {
        numbers.remove(slot);
        lost.accept(slot);
    }
}
