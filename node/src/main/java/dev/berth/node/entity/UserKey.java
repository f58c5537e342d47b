package dev.berth.node.entity;

import dev.berth.core.session.SessionLimits;
import java.nio.charset.StandardCharsets;

/**
 * The key of a user, as clients and sessions write it. Immutable; any thread.
 *
 * @param kind of what it is made: Long, Integer, String, UUID
 * @param text what it is called; users are told apart by this alone
 */
public record UserKey(String kind, String text) {
    /** An IllegalArgumentException if this can be no key. */
    public static UserKey of(Object key) {
        String text = key.toString();
        if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > SessionLimits.NAME_MAX) {
            throw new IllegalArgumentException(
                    "the key of a user has 1 to " + SessionLimits.NAME_MAX + " bytes as text, got " + text.length());
        }
        return new UserKey(Keys.ofKey(key).word(), text);
    }

    public Object value() {
        return Keys.ofWord(kind).parse(text);
    }
}
