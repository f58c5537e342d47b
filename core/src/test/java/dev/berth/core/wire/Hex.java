package dev.berth.core.wire;

import java.util.HexFormat;

/** Bytes as tests write them down: hexadecimal digits, spaces between what belongs together. */
final class Hex {
    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String text(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
