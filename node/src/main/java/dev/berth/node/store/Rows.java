package dev.berth.node.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Head;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

// All rows are in one ordered space, the kind of row first, numbers with their highest byte first:
//   f slot                          -> epoch
//   h slot key                      -> version, version of the snapshot, bytes of deltas
//   e slot key 1                    -> version, epoch, snapshot
//   e slot key 2 version            -> epoch, 0 or 1 and operation, delta
//   o slot key                      -> operations before the snapshot, each with its version
// A slot is the length of its service's name, the name, its number; a key is its length and itself, so that no key's
// rows stand between those of another.

/** How a store's rows look. Stateless; any thread. */
final class Rows {
    private static final int STATE = 1;
    private static final int DELTA = 2;

    private Rows() {}

    static byte[] fence(SlotId slot) {
        return row('f', slot, 0).array();
    }

    static byte[] fences() {
        return new byte[] {'f'};
    }

    static SlotId slotOfFence(byte[] row) {
        int length = row[1];
        String service = new String(row, 2, length, StandardCharsets.UTF_8);
        return new SlotId(service, ByteBuffer.wrap(row).getInt(2 + length));
    }

    static byte[] epoch(long epoch) {
        return ByteBuffer.allocate(Long.BYTES).putLong(epoch).array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    static byte[] head(SlotId slot, Bytes key) {
        return keyed('h', slot, key, 0).array();
    }

    static byte[] head(Head head) {
        return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(head.version())
                .putLong(head.snapshotVersion())
                .putInt(head.deltaBytes())
                .array();
    }

    static Head readHead(byte @Nullable [] value) {
        if (value == null) {
            return Head.EMPTY;
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        return new Head(in.getLong(), in.getLong(), in.getInt());
    }

    static byte[] state(SlotId slot, Bytes key) {
        return keyed('e', slot, key, 1).put((byte) STATE).array();
    }

    static byte[] stateValue(long version, long epoch, Bytes state) {
        byte[] value = new byte[2 * Long.BYTES + state.length()];
        ByteBuffer.wrap(value).putLong(version).putLong(epoch);
        state.copyTo(value, 2 * Long.BYTES);
        return value;
    }

    static byte[] delta(SlotId slot, Bytes key, long version) {
        return keyed('e', slot, key, 1 + Long.BYTES)
                .put((byte) DELTA)
                .putLong(version)
                .array();
    }

    static byte[] deltaValue(long epoch, @Nullable OperationId operation, Bytes delta) {
        int start = Long.BYTES + 1 + (operation == null ? 0 : 2 * Long.BYTES);
        byte[] value = new byte[start + delta.length()];
        ByteBuffer out = ByteBuffer.wrap(value).putLong(epoch).put((byte) (operation == null ? 0 : 1));
        if (operation != null) {
            out.putLong(operation.client()).putLong(operation.counter());
        }
        delta.copyTo(value, start);
        return value;
    }

    static byte[] operations(SlotId slot, Bytes key) {
        return keyed('o', slot, key, 0).array();
    }

    static byte[] operations(Map<OperationId, Long> all) {
        ByteBuffer out = ByteBuffer.allocate(3 * Long.BYTES * all.size());
        all.forEach((operation, version) ->
                out.putLong(operation.client()).putLong(operation.counter()).putLong(version));
        return out.array();
    }

    static void readOperations(byte[] value, BiConsumer<OperationId, Long> operations) {
        ByteBuffer in = ByteBuffer.wrap(value);
        while (in.hasRemaining()) {
            operations.accept(new OperationId(in.getLong(), in.getLong()), in.getLong());
        }
    }

    /** What all pieces of a slot begin with, or those of one of its keys if it is not empty. */
    static byte[] pieces(SlotId slot, Bytes key) {
        return (key.length() == 0 ? row('e', slot, 0) : keyed('e', slot, key, 0)).array();
    }

    /** The row at which a cursor stands. */
    static byte[] at(SlotId slot, Bytes cursor) {
        return row('e', slot, cursor.length()).put(cursor.toArray()).array();
    }

    static Bytes cursor(SlotId slot, byte[] row) {
        return Bytes.wrap(Arrays.copyOfRange(row, pieces(slot, Bytes.EMPTY).length, row.length));
    }

    /** The piece in a row whose slot begins so. */
    static StorePiece piece(int slotLength, byte[] row, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(row, slotLength, row.length - slotLength);
        int keyLength = in.getShort();
        int keyStart = in.position();
        Bytes key = Bytes.wrap(Arrays.copyOfRange(row, keyStart, keyStart + keyLength));
        in.position(keyStart + keyLength);
        int kind = in.get();
        ByteBuffer content = ByteBuffer.wrap(value);
        if (kind == STATE) {
            return new StorePiece.State(key, content.getLong(), content.getLong(), rest(value, content));
        }
        long version = in.getLong();
        long epoch = content.getLong();
        boolean named = content.get() == 1;
        OperationId operation = named ? new OperationId(content.getLong(), content.getLong()) : null;
        return new StorePiece.Delta(key, version, epoch, operation, rest(value, content));
    }

    private static Bytes rest(byte[] value, ByteBuffer read) {
        return Bytes.wrap(Arrays.copyOfRange(value, read.position(), value.length));
    }

    private static ByteBuffer keyed(char kind, SlotId slot, Bytes key, int more) {
        ByteBuffer row = row(kind, slot, Short.BYTES + key.length() + more);
        return row.putShort((short) key.length()).put(key.toArray());
    }

    private static ByteBuffer row(char kind, SlotId slot, int more) {
        byte[] service = slot.service().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + service.length + Integer.BYTES + more)
                .put((byte) kind)
                .put((byte) service.length)
                .put(service)
                .putInt(slot.number());
    }
}
