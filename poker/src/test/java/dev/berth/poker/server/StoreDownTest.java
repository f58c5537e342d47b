package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.OpenTable;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.wire.Packet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The store goes down while a hand is under way, while money is on its way, and while the table's owner ends. What was not kept was not said: when the store is
 * back the hand goes on with the same cards and turn, each action is there once, and all chips are.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StoreDownTest {
    private static final int ROUNDS = 6;
    private static final long BUY_IN = 3_000;

    private HandUnderWay hand;
    private Cellar cellar;
    private long chips;

    @BeforeEach
    void start() throws Exception {
        Parlor parlor = new Parlor(2, true);
        cellar = Objects.requireNonNull(parlor.cellar);
        hand = new HandUnderWay(parlor);
        chips = chips();
    }

    @AfterEach
    void stop() throws Exception {
        hand.close();
    }

    private long chips() {
        return hand.parlor.chips(List.copyOf(hand.players.values()), List.of(hand.game, hand.lounge));
    }

    @Test
    @Tag("S3.11")
    void inMidHand_whatAdaDoesWaitsForTheStore_andIsDoneOnce() throws Exception {
        Bytes cards = Parlor.cards(hand.parlor.table(hand.game), hand.number("ada"), Long.MAX_VALUE);
        cellar.down();
        hand.ada.says(new Packet.Call(hand.game, hand.asked.call()));
        // Nobody has heard of it.
        assertThat(hand.watcher.untilNow()).isEmpty();
        assertThat(hand.bob.untilNow()).isEmpty();
        cellar.up();
        for (Wired each : List.of(hand.watcher, hand.ada, hand.bob)) {
            assertThat(each.next(Packet.NotifyCall.class).player()).isEqualTo(hand.number("ada"));
        }
        assertThat(hand.bob.next()).isInstanceOf(Packet.BetReq.class);
        assertThat(hand.told(hand.ada)).isEmpty();
        assertThat(hand.told(hand.watcher)).isEmpty();
        assertThat(Parlor.cards(hand.parlor.table(hand.game), hand.number("ada"), Long.MAX_VALUE))
                .isEqualTo(cards);
        Parlor.until("all chips are there", () -> chips() == chips);
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.13")
    void ownersEndMeanwhile_andTheHandGoesOn_withTheSameCardsAndTurn() throws Exception {
        OpenTable table = hand.parlor.table(hand.game);
        Bytes ada = Parlor.cards(table, hand.number("ada"), Long.MAX_VALUE);
        Bytes bob = Parlor.cards(table, hand.number("bob"), Long.MAX_VALUE);
        TableView before = table.look(0).view();
        cellar.down();
        hand.parlor.end(1);
        cellar.up();
        assertThat(table.look(0).view()).isEqualTo(before);
        assertThat(Parlor.cards(table, hand.number("ada"), Long.MAX_VALUE)).isEqualTo(ada);
        assertThat(Parlor.cards(table, hand.number("bob"), Long.MAX_VALUE)).isEqualTo(bob);
        try (Wired again = hand.login(0, "bob")) {
            // His log-in is done: of what was asked before it he would not be asked again.
            hand.told(again);
            hand.ada.says(new Packet.Call(hand.game, hand.asked.call()));
            assertThat(again.next(Packet.NotifyCall.class).player()).isEqualTo(hand.number("ada"));
            assertThat(again.next()).isInstanceOf(Packet.BetReq.class);
            again.says(new Packet.Fold(hand.game));
            assertThat(hand.ada.next(Packet.NotifyWin.class).player()).isEqualTo(hand.number("ada"));
        }
        Parlor.until("all chips are there", () -> chips() == chips);
    }

    @Test
    @Tag("S3.11")
    void moneyOnItsWay_arrivesOnce_whateverIsDown() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (Wired mallory = hand.login(i % 2, "mallory")) {
                // Down before it, and then while it is on its way.
                boolean isDown = i % 2 == 0;
                if (isDown) {
                    cellar.down();
                }
                mallory.says(new Packet.Join(hand.lounge, 2, BUY_IN));
                if (!isDown) {
                    cellar.down();
                }
                cellar.up();
                Parlor.until("mallory sits", () -> seated() && inPlay() == BUY_IN);
                assertThat(mallory.next()).isInstanceOf(Packet.NotifyJoin.class);
                if (isDown) {
                    cellar.down();
                }
                mallory.says(new Packet.Leave(hand.lounge));
                if (!isDown) {
                    cellar.down();
                }
                cellar.up();
                Parlor.until("mallory has left", () -> !seated() && inPlay() == 0);
                assertThat(hand.parlor.player(hand.number("mallory")).info().balance())
                        .isEqualTo(HandUnderWay.MONEY);
            }
        }
        assertThat(chips()).isEqualTo(chips);
    }

    private boolean seated() {
        return hand.parlor.table(hand.lounge).look(0).view().seatOf(hand.number("mallory")) != 0;
    }

    private long inPlay() {
        return hand.parlor.player(hand.number("mallory")).info().inPlay();
    }
}
