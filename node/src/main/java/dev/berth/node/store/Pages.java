package dev.berth.node.store;

import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StoreMessage.Load;
import dev.berth.core.store.StoreMessage.Page;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.RocksDBException;

/** Reads one page, which fits a frame whatever the pieces are. One thread, one page. */
final class Pages {
    /** What a piece takes beside key and content, at most. */
    private static final int PIECE_OVERHEAD = 64;

    private final Load load;
    private final int slotLength;
    private final byte[] from;
    private final List<StorePiece> pieces = new ArrayList<>();
    private byte[] last = new byte[0];
    private int bytes;
    private boolean more;

    private Pages(Load load) {
        this.load = load;
        this.slotLength = Rows.pieces(load.slot(), Bytes.EMPTY).length;
        this.from =
                load.after().length() == 0 ? Rows.pieces(load.slot(), load.key()) : Rows.at(load.slot(), load.after());
    }

    static Page read(Load load, RowTable table) throws RocksDBException {
        Pages page = new Pages(load);
        table.scan(Rows.pieces(load.slot(), load.key()), page.from, page::take);
        Bytes next = page.more ? Rows.cursor(load.slot(), page.last) : Bytes.EMPTY;
        return new Page(load.request(), page.pieces, next);
    }

    /** Whether there is room for another piece. */
    private boolean take(byte[] row, byte[] value) {
        if (load.after().length() > 0 && Arrays.equals(row, from)) {
            return true;
        }
        int size = row.length + value.length + PIECE_OVERHEAD;
        boolean full = bytes >= StoreLimits.PAGE_BYTES || pieces.size() == StoreLimits.PIECES_MAX;
        if (full || (!pieces.isEmpty() && bytes + size > StoreLimits.STATE_MAX)) {
            more = true;
            return false;
        }
        pieces.add(Rows.piece(slotLength, row, value));
        last = row;
        bytes += size;
        return true;
    }
}
