package dev.berth.core.cluster;

/** The spelling of service, member and configuration names: lower-case letters, digits, dot, dash, underscore. */
public final class ServiceName {
    public static final int MAX = 64;

    private ServiceName() {}

    /** Returns the name or throws an IllegalArgumentException that says what is wrong with it. */
    public static String check(String name) {
        if (name.isEmpty() || name.length() > MAX) {
            throw new IllegalArgumentException("a name has 1 to " + MAX + " characters, got " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            if (!allowed(name.charAt(i))) {
                throw new IllegalArgumentException("a name consists of a-z 0-9 . _ -, got '" + name.charAt(i) + "' at "
                        + i + " in \"" + name + '"');
            }
        }
        return name;
    }

    /** Whether the text can be a name. */
    public static boolean isWellSpelled(String name) {
        return !name.isEmpty() && name.length() <= MAX && name.chars().allMatch(c -> allowed((char) c));
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    }
}
