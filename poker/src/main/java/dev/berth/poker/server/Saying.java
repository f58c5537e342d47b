package dev.berth.poker.server;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Lines.Told;
import dev.berth.poker.rules.Said;
import dev.berth.poker.wire.Packets;
import java.util.ArrayList;
import java.util.List;

/**
 * What one item of a table's feed says. Any thread.
 *
 * @param packets what everybody hears of it, one for each thing said
 */
record Saying(long game, Heard item, Told told, List<Bytes> packets) {
    private static final int SEQ_MAX = 0xffff;

    static Saying of(long game, Heard item) {
        Told told = Lines.read(item.lines());
        List<Bytes> packets = new ArrayList<>(told.said().size());
        for (Said said : told.said()) {
            packets.add(Packets.encode(Notices.packet(game, said, seq(told, packets.size()))));
        }
        return new Saying(game, item, told, packets);
    }

    /** Two tables may say the same. */
    @SuppressWarnings("ReferenceEquality") // an equal one is read again
    boolean is(long itsGame, Heard itsItem) {
        return game == itsGame && item == itsItem;
    }

    int seq(int place) {
        return seq(told, place);
    }

    private static int seq(Told told, int place) {
        return told.seq() + place & SEQ_MAX;
    }
}
