package dev.berth.core.entity;

import dev.berth.core.call.OperationId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

// An operation that is here is not run again. One that is not here has never run if this is its first attempt: whoever
// calls says so, and says "again" whenever an earlier attempt may have run. Then it may have been forgotten: of each
// client it is known up to which of its numbers something was, and whoever falls into that range is refused as too old,
// even if it never ran. When even that is forgotten of a client, any attempt of his that is not a first one is refused.
// No clock decides: time only says when something may be forgotten.

/** What an entity answered to the operations that changed it. One owner. */
public final class Operations {
    /** What is known of an operation. */
    public sealed interface Found {
        /** It has run, and this was its answer. */
        record Known(Bytes answer) implements Found {}

        /** It may have run. */
        record TooOld() implements Found {}

        /** It has not run. */
        record New() implements Found {}
    }

    private final AnswerQueue answers = new AnswerQueue();
    /** Null while nothing of anybody was. */
    private @Nullable SequencedMap<Long, Long> forgotten;

    private boolean clientsForgotten;
    private int bytes;

    /** @param again whether this is not the operation's first attempt; nothing was known of that */
    public Found find(OperationId operation, boolean again) {
        if (!again) {
            return new Found.New();
        }
        Bytes known = answers.find(operation);
        if (known != null) {
            return new Found.Known(known);
        }
        Long upTo = forgotten == null ? null : forgotten.get(operation.client());
        boolean maybe = upTo == null ? clientsForgotten : operation.counter() <= upTo;
        return maybe ? new Found.TooOld() : new Found.New();
    }

    /** Forgets what the bounds demand, the earliest first. */
    public void remember(Remembered operation) {
        bytes += operation.answer().length();
        answers.add(operation);
        long old = operation.atMillis() - EntityLimits.ANSWERS_KEPT.toMillis();
        Remembered earliest = answers.peek();
        while (answers.size() > 1
                && earliest != null
                && (answers.size() > EntityLimits.ANSWERS_MAX
                        || bytes > EntityLimits.ANSWER_BYTES_MAX
                        || earliest.atMillis() < old)) {
            bytes -= earliest.answer().length();
            answers.poll();
            forget(earliest.id());
            earliest = answers.peek();
        }
    }

    private SequencedMap<Long, Long> forgotten() {
        SequencedMap<Long, Long> there = forgotten;
        if (there == null) {
            there = new LinkedHashMap<>(2);
            forgotten = there;
        }
        return there;
    }

    private void forget(OperationId operation) {
        SequencedMap<Long, Long> of = forgotten();
        Long upTo = of.remove(operation.client());
        of.put(operation.client(), Math.max(operation.counter(), upTo == null ? Long.MIN_VALUE : upTo));
        if (of.size() > EntityLimits.CLIENTS_MAX) {
            of.pollFirstEntry();
            clientsForgotten = true;
        }
    }

    public int size() {
        return answers.size();
    }

    List<Remembered> all() {
        return answers.all();
    }

    List<Forgotten> allForgotten() {
        List<Forgotten> all = new ArrayList<>();
        if (forgotten != null) {
            forgotten.forEach((client, upTo) -> all.add(new Forgotten(client, upTo)));
        }
        return all;
    }

    boolean clientsForgotten() {
        return clientsForgotten;
    }

    static Operations of(@Nullable EntityImage image) {
        Operations operations = new Operations();
        if (image != null) {
            image.forgotten().forEach(each -> operations.forgotten().put(each.client(), each.upTo()));
            operations.clientsForgotten = image.clientsForgotten();
            image.answers().forEach(operations::remember);
        }
        return operations;
    }
}
