package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A history forgets its oldest and says so; read from anywhere, page by page, it is what was told. */
class FeedHistoryTest {
    private static FeedHistory of(int items, int bytes) {
        FeedHistory history = FeedHistory.EMPTY;
        for (int i = 1; i <= items; i++) {
            history = history.and(new FeedItem(Integer.toString(i), Bytes.wrap(new byte[bytes])));
        }
        return history;
    }

    private static List<String> readOn(FeedHistory history, long from) {
        List<String> all = new ArrayList<>();
        FeedPage page = history.read(from);
        while (!page.items().isEmpty()) {
            page.items().forEach(item -> all.add(item.type()));
            page = history.read(page.first() + page.items().size());
        }
        assertThat(page.first()).isEqualTo(history.last() + 1);
        return all;
    }

    @Test
    void pages_haveAllInOrder() {
        FeedHistory history = of(200, 10);

        assertThat(history.read(1).items()).hasSize(SessionLimits.PAGE_MAX);
        assertThat(history.read(1).last()).isEqualTo(200);
        assertThat(readOn(history, 1)).hasSize(200).startsWith("1", "2", "3").endsWith("199", "200");
        assertThat(readOn(history, 150)).hasSize(51).startsWith("150");
    }

    @Test
    void tooManyItems_orBytes_pushTheOldestOut() {
        assertThat(of(300, 1).first()).isEqualTo(300 - SessionLimits.HISTORY_MAX + 1);
        FeedHistory large = of(100, SessionLimits.ITEM_MAX);
        assertThat(large.last()).isEqualTo(100);
        assertThat(large.items()).hasSize(7);
        assertThat(readOn(large, 1)).startsWith("94");
        assertThat(large.read(1).items()).hasSize(1);
    }

    @Test
    void whatWasHeard_goes() {
        FeedHistory history = of(10, 1);

        assertThat(history.after(4).first()).isEqualTo(5);
        assertThat(history.after(4).last()).isEqualTo(10);
        assertThat(history.after(0)).isSameAs(history);
        assertThat(history.after(1_000).last()).isEqualTo(10);
        assertThat(history.after(1_000).items()).isEmpty();
        assertThat(history.after(1_000).and(new FeedItem("x", Bytes.EMPTY)).last())
                .isEqualTo(11);
    }

    @Test
    void positionsThatAreNot_haveNoItems() {
        assertThat(of(10, 1).read(99)).isEqualTo(new FeedPage(11, List.of(), 10));
        assertThat(FeedHistory.EMPTY.read(1)).isEqualTo(new FeedPage(1, List.of(), 0));
    }

    @Test
    void tooLargeAnItem_isRefused() {
        assertThatThrownBy(() -> new FeedItem("t", Bytes.wrap(new byte[SessionLimits.ITEM_MAX + 1])))
                .hasMessage("an item has at most 16384 bytes, this one 16385");
    }

    @Test
    void anAudience_isToldWhereItReadLast() throws Exception {
        Audience audience = new Audience("Room 7");

        audience.reads(read("ada", 2, 20, 1));
        audience.reads(read("ada", 1, 10, 1)); // was on its way when she came in elsewhere
        audience.reads(read("bob", 1, 30, 4));
        assertThat(told(audience, 9)).containsExactly("2: 20/1", "3: 30/4");
        audience.lost(place -> place.gate() == 30);
        assertThat(told(audience, 10)).containsExactly("2: 20/1");
        audience.left("ada");
        assertThat(told(audience, 11)).isEmpty();
    }

    @Test
    @Tag("S3.17")
    void aThousandWhoHear_atTwoGates_areTwoMessages() {
        Audience audience = new Audience("Room 7");
        for (int i = 0; i < 1_000; i++) {
            audience.reads(new FeedRead("table", 1, "user-" + i, 1, i + 1, i % 2, 1));
        }

        List<Audience.Message> told = new ArrayList<>();
        audience.tell(1, new FeedItem("t", Bytes.utf8("hello")), told::add);
        assertThat(told).extracting(Audience.Message::hub).containsExactly(0L, 1L);
        assertThat(told)
                .allSatisfy(message ->
                        assertThat(message.telling().places()).hasSize(500).doesNotHaveDuplicates());
    }

    private static FeedRead read(String uid, long epoch, long gate, int feed) {
        return new FeedRead("table", 1, uid, epoch, gate, gate / 10, feed);
    }

    private static List<String> told(Audience audience, long position) throws WireException {
        FeedItem item = new FeedItem("t", Bytes.EMPTY);
        List<Audience.Message> messages = new ArrayList<>();
        audience.tell(position, item, messages::add);
        List<String> all = new ArrayList<>();
        for (Audience.Message message : messages) {
            Telling telling = Telling.read(message.telling().encoded());
            assertThat(telling.origin()).isEqualTo("Room 7");
            assertThat(telling.position()).isEqualTo(position);
            telling.places().forEach(place -> all.add(message.hub() + ": " + place.gate() + "/" + place.feed()));
        }
        return all;
    }

    @Test
    void aFullAudience_takesNobodyElse_andSaysSo() {
        Audience audience = new Audience("Room 7");
        for (int i = 0; i < SessionLimits.AUDIENCE_MAX; i++) {
            assertThat(audience.reads(read("user-" + i, 1, i + 1, 1))).isTrue();
        }
        assertThat(audience.reads(read("late", 1, 99_999, 1))).isFalse();
        assertThat(audience.reads(read("user-3", 2, 99_999, 1))).isTrue();
        audience.tell(
                1, new FeedItem("t", Bytes.EMPTY), message -> message.telling().encoded());
    }
}
