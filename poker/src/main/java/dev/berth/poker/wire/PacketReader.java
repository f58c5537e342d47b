package dev.berth.poker.wire;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Card;
import java.nio.charset.StandardCharsets;

/** Takes the fields behind a packet's type, one after the other. One thread. */
final class PacketReader {
    private final Bytes body;
    private final PacketType type;
    private int at = 1;

    PacketReader(Bytes body) throws PacketException {
        if (body.length() == 0) {
            throw PacketException.noType();
        }
        PacketType found = PacketType.of(body.at(0));
        if (found == null) {
            throw PacketException.unknown(body.at(0) & 0xff, body.length());
        }
        this.body = body;
        this.type = found;
        if (!found.fits(body.length())) {
            throw malformed();
        }
    }

    PacketType type() {
        return type;
    }

    int u8() {
        return body.at(at++) & 0xff;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    long u32() {
        return (long) u16() << 16 | u16();
    }

    byte card() throws PacketException {
        int rank = u8();
        int suit = u8();
        if (rank < 1 || rank > 13 || suit < 1 || suit > 4) {
            throw PacketException.malformed(
                    type, body.length(), "a card of rank 1..13 and suit 1..4, got %d, %d".formatted(rank, suit));
        }
        return Card.of(rank, suit);
    }

    String string() throws PacketException {
        if (at >= body.length() || body.length() - at - 1 < (body.at(at) & 0xff)) {
            throw malformed();
        }
        byte[] text = new byte[u8()];
        for (int i = 0; i < text.length; i++) {
            text[i] = body.at(at++);
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** All that is left. */
    byte[] rest() {
        byte[] rest = new byte[body.length() - at];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = body.at(at++);
        }
        return rest;
    }

    /** Nothing may be left. */
    <P> P end(P packet) throws PacketException {
        if (at != body.length()) {
            throw malformed();
        }
        return packet;
    }

    private PacketException malformed() {
        return PacketException.malformed(type, body.length());
    }
}
