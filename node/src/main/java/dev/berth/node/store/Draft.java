package dev.berth.node.store;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What a batch is going to write; whoever reads through it sees that already. One thread. */
final class Draft implements AutoCloseable {
    private final RowTable table;
    private final WriteBatch batch = new WriteBatch();
    private final Map<ByteBuffer, byte @Nullable []> read = new HashMap<>();
    private int writes;

    Draft(RowTable table) {
        this.table = table;
    }

    byte @Nullable [] get(byte[] row) throws RocksDBException {
        ByteBuffer key = ByteBuffer.wrap(row);
        return read.containsKey(key) ? read.get(key) : table.get(row);
    }

    /** Writes a row that a later write of this batch may look up. */
    void put(byte[] row, byte[] value) throws RocksDBException {
        read.put(ByteBuffer.wrap(row), value);
        batch.put(row, value);
    }

    /** Writes a row that is only ever loaded. */
    void putPiece(byte[] row, byte[] value) throws RocksDBException {
        batch.put(row, value);
    }

    void delete(byte[] row) throws RocksDBException {
        read.put(ByteBuffer.wrap(row), null);
        batch.delete(row);
    }

    void deletePiece(byte[] row) throws RocksDBException {
        batch.delete(row);
    }

    /** One more write is in it. */
    void counted() {
        writes++;
    }

    int writes() {
        return writes;
    }

    void commit() throws RocksDBException {
        if (batch.count() > 0) {
            table.commit(batch);
        }
    }

    @Override
    public void close() {
        batch.close();
    }
}
