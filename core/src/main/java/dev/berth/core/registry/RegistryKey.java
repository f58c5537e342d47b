package dev.berth.core.registry;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Field;

/**
 * What an entry is found by. Any thread.
 *
 * @param type a kind of thing, 1 to {@value #TYPE_MAX} characters
 * @param id any value, as bytes; at most {@value #ID_MAX} of them
 */
public record RegistryKey(
        @Field(value = 1, max = TYPE_MAX * 4) String type,
        @Field(value = 2, max = ID_MAX) Bytes id) {
    public static final int TYPE_MAX = 64;
    public static final int ID_MAX = 256;

    public RegistryKey {
        if (type.isEmpty() || type.length() > TYPE_MAX) {
            throw new IllegalArgumentException(
                    "a registry key's type has 1 to " + TYPE_MAX + " characters, got " + type.length());
        }
        if (id.length() > ID_MAX) {
            throw new IllegalArgumentException(
                    "a registry key's id has at most " + ID_MAX + " bytes, got " + id.length());
        }
    }

    public static RegistryKey of(String type, String id) {
        return new RegistryKey(type, Bytes.utf8(id));
    }

    @Override
    public String toString() {
        return type + ":" + printable();
    }

    private String printable() {
        StringBuilder text = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            if (id.at(i) < ' ' || id.at(i) > '~') {
                return java.util.HexFormat.of().formatHex(id.toArray());
            }
            text.append((char) id.at(i));
        }
        return text.toString();
    }
}
