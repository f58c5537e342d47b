package dev.berth.poker.wire;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Card;

/** Cards as people write them. */
public final class Cards {
    private Cards() {}

    /** From {@code "As Kd"}. */
    public static Bytes of(String texts) {
        String[] each = texts.split(" ", -1);
        byte[] cards = new byte[each.length];
        for (int i = 0; i < cards.length; i++) {
            cards[i] = Card.of(each[i]);
        }
        return Bytes.wrap(cards);
    }
}
