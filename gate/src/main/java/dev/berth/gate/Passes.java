package dev.berth.gate;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;

/** What is said to clients during one pass of a loop leaves at its end, one write each. On that loop only. */
final class Passes {
    private final EventLoop loop;
    private final Runnable end = this::end;
    private List<Client> spoken = new ArrayList<>();
    private List<Client> flushing = new ArrayList<>();

    Passes(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    /** Once per client and pass. */
    void flushLater(Client client) {
        if (spoken.isEmpty()) {
            ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(end);
        }
        spoken.add(client);
    }

    private void end() {
        List<Client> now = spoken;
        spoken = flushing;
        flushing = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).passEnds();
        }
        now.clear();
    }
}
