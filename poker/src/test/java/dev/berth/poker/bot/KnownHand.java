package dev.berth.poker.bot;

import dev.berth.poker.wire.Cards;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The hand of the protocol's description, section 8. */
public final class KnownHand {
    private KnownHand() {}

    public static RiggedHand of(String seat1, String seat2, long winOfSeat1) {
        return RiggedHand.of(
                Cards.of("As Kd Ah Kc 2c 7d 9h Js 3d"),
                List.of(
                        new RiggedHand.Player(
                                seat1,
                                50_000,
                                List.of(
                                        Answer.BLIND,
                                        Answer.CALL,
                                        Answer.BET,
                                        Answer.CHECK,
                                        Answer.CHECK,
                                        Answer.CALL)),
                        new RiggedHand.Player(
                                seat2,
                                50_000,
                                List.of(Answer.BLIND, Answer.CHECK, Answer.CALL, Answer.CHECK, Answer.BET))),
                new TreeMap<>(Map.of(1, winOfSeat1)));
    }
}
