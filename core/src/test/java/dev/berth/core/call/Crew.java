package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** The processes of a node: one per slot, with a mailbox, one message at a time; a handler takes its time. */
final class Crew {
    private static final long HANDLER_MAX = 5 * Flotilla.MILLI;

    private final Vessel vessel;
    private final TreeMap<SlotId, ArrayDeque<Dispatch>> mailboxes = new TreeMap<>();
    private final TreeSet<SlotId> busy = new TreeSet<>();
    private final TreeMap<SlotId, Integer> atWork = new TreeMap<>();

    Crew(Vessel vessel) {
        this.vessel = vessel;
    }

    static Grant to(Dispatch dispatch) {
        return Objects.requireNonNull(dispatch.call().to());
    }

    boolean isAtWork(SlotId slot) {
        return atWork.getOrDefault(slot, 0) > 0;
    }

    void receive(Dispatch dispatch) {
        SlotId slot = to(dispatch).slot();
        mailboxes.computeIfAbsent(slot, _ -> new ArrayDeque<>()).add(dispatch);
        work(slot);
    }

    private void work(SlotId slot) {
        if (busy.add(slot)) {
            vessel.sea.in(vessel.sea.random.nextLong(1, HANDLER_MAX), () -> {
                busy.remove(slot);
                ArrayDeque<Dispatch> mailbox = Objects.requireNonNull(mailboxes.get(slot));
                if (!vessel.dead && !mailbox.isEmpty()) {
                    take(slot, mailbox);
                    vessel.settle();
                }
            });
        }
    }

    private void take(SlotId slot, ArrayDeque<Dispatch> mailbox) {
        Dispatch dispatch = mailbox.getFirst();
        Mooring end = vessel.ends.stream()
                .filter(each -> each.is(dispatch.peer(), dispatch.connection()))
                .findFirst()
                .orElseThrow();
        long newest = vessel.peers.current(dispatch.peer());
        switch (vessel.judge.judge(vessel.sea.now, vessel.table, newest, dispatch)) {
            case NOT_NOW -> {}
            case RUN -> {
                mailbox.removeFirst();
                vessel.feed(end, new AdmissionEvent.Taken(dispatch));
                handle(end, dispatch);
            }
            case HOLD, AWAIT_SLOT, DROP, MOVED, TIMED_OUT -> {
                mailbox.removeFirst();
                vessel.feed(end, new AdmissionEvent.Returned(dispatch));
            }
        }
        if (!mailbox.isEmpty()) {
            work(slot);
        }
    }

    private void handle(Mooring end, Dispatch dispatch) {
        SlotId slot = to(dispatch).slot();
        Bytes body = dispatch.call().body();
        vessel.sea.log.ran(dispatch, vessel);
        atWork.merge(slot, 1, Integer::sum);
        vessel.sea.in(vessel.sea.random.nextLong(1, HANDLER_MAX), () -> {
            atWork.merge(slot, -1, Integer::sum);
            if (!vessel.dead) {
                vessel.sea.afterHandler(vessel, dispatch);
                vessel.feed(end, new AdmissionEvent.Answered(dispatch, new PeerMessage.Result.Value(body)));
                vessel.settle();
            }
        });
    }
}
