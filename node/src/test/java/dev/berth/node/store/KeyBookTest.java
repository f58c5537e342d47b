package dev.berth.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Head;
import dev.berth.core.wire.Bytes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

// A book with room for two keys over a real table; what it has forgotten it must read again as it was.

/** What a store keeps in memory of its keys is bounded, and forgetting it changes nothing. */
class KeyBookTest {
    private static final SlotId SLOT = new SlotId("role", 1);

    @TempDir
    private Path directory;

    @Test
    void forgottenKeys_areReadAgain_withTheirOperationsOfBothSidesOfASnapshot() throws Exception {
        try (StoreHome home = StoreHome.open(directory, "test");
                RowTable table = RowTable.open(home.rows(), home.natives());
                WriteBatch rows = new WriteBatch()) {
            KeyBook book = new KeyBook(table, 2, 1_000);
            for (int i = 0; i < 5; i++) {
                Bytes key = Bytes.utf8("key" + i);
                KeyBook.Entry entry = book.of(SLOT, key);
                entry.wrote(new OperationId(i, 1), 1);
                rows.put(Rows.operations(SLOT, key), Rows.operations(entry.operations()));
                entry.wrote(new OperationId(i, 3), 3);
                rows.put(Rows.delta(SLOT, key, 3), Rows.deltaValue(7, new OperationId(i, 3), Bytes.EMPTY));
                entry.head(new Head(3, 2, 0));
                rows.put(Rows.head(SLOT, key), Rows.head(entry.head()));
            }
            table.commit(rows);
            KeyBook.Entry kept = book.of(SLOT, Bytes.utf8("key4"));
            KeyBook.Entry first = book.of(SLOT, Bytes.utf8("key0"));
            book.trim();

            assertThat(book.of(SLOT, Bytes.utf8("key4"))).isSameAs(kept);
            assertThat(book.of(SLOT, Bytes.utf8("key0"))).isSameAs(first);
            for (int i = 1; i < 4; i++) {
                KeyBook.Entry again = book.of(SLOT, Bytes.utf8("key" + i));
                assertThat(again.head()).isEqualTo(new Head(3, 2, 0));
                assertThat(again.writtenAt(new OperationId(i, 1))).isEqualTo(1);
                assertThat(again.writtenAt(new OperationId(i, 3))).isEqualTo(3);
                assertThat(again.writtenAt(new OperationId(i, 2))).isZero();
                book.trim();
            }
        }
    }
}
