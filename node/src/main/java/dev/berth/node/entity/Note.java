package dev.berth.node.entity;

import dev.berth.core.entity.EntityCall;
import dev.berth.node.plane.Work;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What an entity finds in its mailbox. */
sealed interface Note {
    /** Somebody calls. */
    record Asked(Work work, EntityCall call, long atNanos) implements Note {}

    /** A timer of {@link Context#every} or {@link Context#after} of the code that was made as number {@code made}. */
    record Rang(long made, Runnable what) implements Note {}

    /** It is time for a timer that outlives owners. */
    record AlarmDue(String name) implements Note {}

    /** It is to be loaded, if it is not: it has a timer or a message under way, or what waits for a failed write wants to know. */
    record Open() implements Note {}

    /** A message of its own has been taken by the other entity, or {@code why} not. */
    record Arrived(long parcel, @Nullable String why) implements Note {}

    /** Soft states are to be written; who waits is told when they are durable. */
    record Flush(CountDownLatch done) implements Note {}

    /** Nobody has called for a while. */
    record Idle() implements Note {}

    /** It is in no table any more: the last that it reads. */
    record Last() implements Note {}
}
