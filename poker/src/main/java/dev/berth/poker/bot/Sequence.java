package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;

/** The numbers of a table's broadcasts: each follows the last one, or is 0 at the start of a hand. One thread. */
final class Sequence {
    private static final int NONE = -1;

    private int last = NONE;

    void next(Broadcast heard) throws Complaint {
        int seq = heard.seq();
        boolean follows = last == NONE || seq == (last + 1 & 0xffff);
        boolean begins = seq == 0 && heard instanceof Packet.NotifyChat chat && chat.player() == 0;
        if (!follows && !begins) {
            throw new Complaint("Seq %d after %d: %s".formatted(seq, last, heard));
        }
        last = seq;
    }
}
