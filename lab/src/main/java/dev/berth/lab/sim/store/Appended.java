package dev.berth.lab.sim.store;

import dev.berth.core.store.Fences.WriteAnswer;

/**
 * What became of an {@link Append}: it was done if the fence accepted it and the version fits.
 *
 * @param fits whether the entry was as the writer knew it; if not, the writer has to load it again
 */
public record Appended(WriteAnswer answer, boolean fits) {
    public boolean isDone() {
        return fits && answer instanceof WriteAnswer.Accepted;
    }
}
