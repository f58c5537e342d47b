package dev.berth.poker.wire;

// Checked, because clients are expected to be wrong one day, and who reads them must say what happens then: the
// connection is closed. No stack trace: a hostile client should cost little.

/** Bytes that are no packet: of which type they say they are, how many they are, what was expected. Any thread. */
public final class PacketException extends Exception {
    private static final long serialVersionUID = 1;

    /** What {@link #type} says of a packet without a type. */
    public static final int NO_TYPE = -1;

    private final int type;
    private final int length;

    private PacketException(String message, int type, int length) {
        super(message, null, false, false);
        this.type = type;
        this.length = length;
    }

    static PacketException noType() {
        return new PacketException("a packet of 0 bytes: expected a type", NO_TYPE, 0);
    }

    static PacketException unknown(int type, int length) {
        return new PacketException(
                "type %d, %d bytes: expected a type of the protocol".formatted(type, length), type, length);
    }

    static PacketException notFor(String side, PacketType type, int length) {
        return new PacketException(
                title(type, length) + "expected a packet that a " + side + " says", type.code(), length);
    }

    static PacketException tooLong(int type, int length, int lengthMax) {
        return new PacketException(
                "type %d, %d bytes: expected at most %d".formatted(type, length, lengthMax), type, length);
    }

    static PacketException malformed(PacketType type, int length) {
        return new PacketException(title(type, length) + "expected " + type.expected(), type.code(), length);
    }

    /** @param expected and what was found instead */
    static PacketException malformed(PacketType type, int length, String expected) {
        return new PacketException(title(type, length) + "expected " + expected, type.code(), length);
    }

    private static String title(PacketType type, int length) {
        return "%s (type %d), %d bytes: ".formatted(type, type.code(), length);
    }

    /** The type's number, or {@link #NO_TYPE}. */
    public int type() {
        return type;
    }

    /** The packet's bytes, its type's own among them. */
    public int length() {
        return length;
    }
}
