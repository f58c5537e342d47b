package dev.berth.core.entity;

import dev.berth.core.call.OperationId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private record Answer(Bytes answer, long atMillis) {}

    private final SequencedMap<OperationId, Answer> answers = new LinkedHashMap<>();
    private final SequencedMap<Long, Long> forgotten = new LinkedHashMap<>();
    private boolean clientsForgotten;
    private int bytes;

    /** @param again whether this is not the operation's first attempt */
    public Found find(OperationId operation, boolean again) {
        Answer known = answers.get(operation);
        if (known != null) {
            return new Found.Known(known.answer);
        }
        Long upTo = forgotten.get(operation.client());
        boolean maybe = again && (upTo == null ? clientsForgotten : operation.counter() <= upTo);
        return maybe ? new Found.TooOld() : new Found.New();
    }

    /** Forgets what the bounds demand, the earliest first. */
    public void remember(Remembered operation) {
        bytes += operation.answer().length();
        answers.put(operation.id(), new Answer(operation.answer(), operation.atMillis()));
        long old = operation.atMillis() - EntityLimits.ANSWERS_KEPT.toMillis();
        Iterator<Map.Entry<OperationId, Answer>> earliest = answers.entrySet().iterator();
        Map.Entry<OperationId, Answer> first = earliest.next();
        while (answers.size() > 1
                && (answers.size() > EntityLimits.ANSWERS_MAX
                        || bytes > EntityLimits.ANSWER_BYTES_MAX
                        || first.getValue().atMillis < old)) {
            bytes -= first.getValue().answer.length();
            earliest.remove();
            forget(first.getKey());
            first = earliest.next();
        }
    }

    private void forget(OperationId operation) {
        Long upTo = forgotten.remove(operation.client());
        forgotten.put(operation.client(), Math.max(operation.counter(), upTo == null ? Long.MIN_VALUE : upTo));
        if (forgotten.size() > EntityLimits.CLIENTS_MAX) {
            forgotten.pollFirstEntry();
            clientsForgotten = true;
        }
    }

    public int size() {
        return answers.size();
    }

    List<Remembered> all() {
        List<Remembered> all = new ArrayList<>();
        answers.forEach((id, answer) -> all.add(new Remembered(id, answer.answer, answer.atMillis)));
        return all;
    }

    List<Forgotten> allForgotten() {
        List<Forgotten> all = new ArrayList<>();
        forgotten.forEach((client, upTo) -> all.add(new Forgotten(client, upTo)));
        return all;
    }

    boolean clientsForgotten() {
        return clientsForgotten;
    }

    static Operations of(@Nullable EntityImage image) {
        Operations operations = new Operations();
        if (image != null) {
            image.forgotten().forEach(each -> operations.forgotten.put(each.client(), each.upTo()));
            operations.clientsForgotten = image.clientsForgotten();
            image.answers().forEach(operations::remember);
        }
        return operations;
    }
}
