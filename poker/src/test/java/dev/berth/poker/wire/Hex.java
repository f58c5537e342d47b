package dev.berth.poker.wire;

import dev.berth.core.wire.Bytes;
import java.util.HexFormat;

/** Bytes as people write them, blanks anywhere. */
public final class Hex {
    private Hex() {}

    public static Bytes bytes(String hex) {
        return Bytes.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    public static String text(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toArray());
    }
}
