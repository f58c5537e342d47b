package dev.berth.lab.process;

import dev.berth.core.audit.Count;
import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.ServiceCall;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotService;
import dev.berth.node.worker.SlotStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What {@link Passengers} call: ADD name, GET name; a number is on disk before it is answered. */
final class Numbers implements SlotService {
    /** What happens before a slot is loaded. */
    interface Loading {
        void begins(Slot slot) throws Exception;
    }

    private final Map<Slot, Map<String, AtomicLong>> numbers = new ConcurrentHashMap<>();
    private final Loading loading;

    Numbers(Loading loading) {
        this.loading = loading;
    }

    @Override
    public void load(Slot slot, SlotStore store) throws Exception {
        loading.begins(slot);
        Map<String, AtomicLong> loaded = new ConcurrentHashMap<>();
        store.load(piece -> loaded.computeIfAbsent(piece.key().utf8(), _ -> new AtomicLong())
                .incrementAndGet());
        numbers.put(slot, loaded);
    }

    @Override
    public Bytes handle(ServiceCall call) throws Exception {
        String[] words = call.body().utf8().split(" ", 2);
        AtomicLong number = numbers.computeIfAbsent(call.slot(), _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(words[1], _ -> new AtomicLong());
        if (words[0].equals("ADD")) {
            call.store().append(Bytes.utf8(words[1]), Bytes.utf8("+1"));
            number.incrementAndGet();
        }
        return new Count(number.get(), call.slot().epoch()).bytes();
    }
}
