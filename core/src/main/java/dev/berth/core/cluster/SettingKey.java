package dev.berth.core.cluster;

import dev.berth.core.PublicApi;

/**
 * A setting that the cluster knows. Any thread.
 *
 * @param name what it is called, as in gate.players-max
 * @param standard its value while nobody has set another
 * @param note one sentence: what it does, and what happens when it is too small or too big
 */
@PublicApi
public record SettingKey(String name, SettingType type, String standard, String note) {
    public SettingKey {
        ServiceName.check(name);
        if (!type.accepts(standard)) {
            throw new IllegalArgumentException(
                    "setting " + name + ": the standard is to be " + type.allowed() + ", got \"" + standard + '"');
        }
        if (note.isBlank()) {
            throw new IllegalArgumentException(
                    "setting " + name + ": the note is to say what happens when it is too small or too big");
        }
    }
}
