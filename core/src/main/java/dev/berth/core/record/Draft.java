package dev.berth.core.record;

import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Sink;
import dev.berth.core.wire.Source;

// What is written must be readable again, a player's state above all. So the writer counts what the reader will count,
// and refuses where the reader would.

/** Bytes being written, and how much of the limits they have used up. One thread. */
final class Draft {
    final Sink sink = new Sink();
    private final Limits limits;
    private int depth;
    private int elements;

    Draft(Limits limits) {
        this.limits = limits;
        this.elements = limits.elementsMax();
    }

    /** Counts something as large as so many elements. */
    void count(int weight) {
        elements -= weight;
        if (elements < 0) {
            throw new IllegalArgumentException("more than " + limits.elementsMax() + " records and elements");
        }
    }

    /** Begins a value with a length of its own; {@link #end} needs what it returns. */
    int begin(int tag) {
        deeper();
        return sink.begin(tag);
    }

    private void deeper() {
        count(1);
        if (++depth > limits.depthMax()) {
            throw new IllegalArgumentException("more than " + limits.depthMax() + " levels of nesting");
        }
    }

    void end(int start) {
        depth--;
        sink.end(start);
        checkSize();
    }

    /** Writes a value with its tag, and its length if it has one. */
    void field(int tag, Form form, Object value) {
        if (form.wireType() == Source.CHUNK) {
            int start = begin(tag);
            form.write(this, value);
            end(start);
        } else {
            sink.varint(tag);
            form.write(this, value);
        }
    }

    /** The same with the word of a component's tag. */
    void component(int word, Form form, Object value) {
        if (form.wireType() == Source.CHUNK) {
            deeper();
            int start = sink.beginFixed(word);
            form.write(this, value);
            end(start);
        } else {
            sink.fixed32(word);
            form.write(this, value);
        }
    }

    byte[] take() {
        checkSize();
        return sink.take();
    }

    private void checkSize() {
        if (sink.size() > limits.frameMax()) {
            throw new IllegalArgumentException("more than " + limits.frameMax() + " bytes");
        }
    }
}
