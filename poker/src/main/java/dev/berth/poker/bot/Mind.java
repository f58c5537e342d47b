package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.util.function.Consumer;

/** What a client answers to what it hears. Decides only. One thread. */
interface Mind {
    /** @throws Complaint when the client ends here, because of this */
    void hear(Notice notice, Consumer<Command> say) throws Complaint;

    /** Whether it has said its last and closes. */
    boolean isDone();
}
