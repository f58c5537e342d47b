package dev.berth.node.coordinator;

import dev.berth.core.cluster.ClusterMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Links within one JVM: nothing is lost, nothing is encoded. Any thread. */
final class Pier implements MemberLinks {
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Consumer<ClusterMessage.ToMember>> ends = new ConcurrentHashMap<>();
    private volatile @Nullable Ear ear;

    /** A member's end of a new link; what it says goes to {@link #say}. */
    long connect(Consumer<ClusterMessage.ToMember> end) {
        long link = numbers.incrementAndGet();
        ends.put(link, end);
        return link;
    }

    void say(long link, ClusterMessage.ToMaster message) {
        Ear listening = ear;
        if (listening != null && ends.containsKey(link)) {
            listening.received(link, message);
        }
    }

    @Override
    public void open(Ear newEar) {
        ear = newEar;
    }

    @Override
    public void send(long link, ClusterMessage.ToMember message) {
        Consumer<ClusterMessage.ToMember> end = ends.get(link);
        if (end != null) {
            end.accept(message);
        }
    }

    @Override
    public void close() {
        ear = null;
        ends.clear();
    }
}
