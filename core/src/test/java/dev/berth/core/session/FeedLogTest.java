package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

// Beside a plain list, and by hand at its bounds: it forgets its oldest and says so, and read from anywhere, page by
// page,
// it is what was told.
class FeedLogTest {
    private static FeedLog of(int items, int bytes) {
        FeedLog history = FeedLog.EMPTY;
        for (int i = 1; i <= items; i++) {
            history = history.and(new FeedItem(Integer.toString(i), Bytes.wrap(new byte[bytes])));
        }
        return history;
    }

    private static List<String> readOn(FeedLog history, long from) {
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
        FeedLog history = of(200, 10);

        assertThat(history.read(1).items()).hasSize(SessionLimits.PAGE_MAX);
        assertThat(history.read(1).last()).isEqualTo(200);
        assertThat(readOn(history, 1)).hasSize(200).startsWith("1", "2", "3").endsWith("199", "200");
        assertThat(readOn(history, 150)).hasSize(51).startsWith("150");
    }

    @Test
    void tooManyItems_orBytes_pushTheOldestOut() {
        assertThat(of(300, 1).first()).isEqualTo(300 - SessionLimits.HISTORY_MAX + 1);
        FeedLog large = of(100, SessionLimits.ITEM_MAX);
        assertThat(large.last()).isEqualTo(100);
        assertThat(large.items()).hasSize(7);
        assertThat(readOn(large, 1)).startsWith("94");
        assertThat(large.read(1).items()).hasSize(1);
    }

    @Test
    void whatWasHeard_goes() {
        FeedLog history = of(10, 1);

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
        assertThat(FeedLog.EMPTY.read(1)).isEqualTo(new FeedPage(1, List.of(), 0));
    }

    @Test
    void itHasWhatAPlainListHas_alsoIfTwoGoOnFromOne() {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<FeedLog> all = new ArrayList<>(List.of(FeedLog.EMPTY));
            List<List<FeedItem>> plain = new ArrayList<>(List.of(List.of()));
            for (int i = 0; i < 600; i++) {
                int from = random.nextInt(4) == 0 ? random.nextInt(all.size()) : all.size() - 1;
                FeedLog history = all.get(from);
                List<FeedItem> items = new ArrayList<>(plain.get(from));
                if (random.nextInt(20) == 0) {
                    int gone = random.nextInt(items.size() + 1);
                    history = history.after(history.first() + gone - 1);
                    items = new ArrayList<>(items.subList(gone, items.size()));
                } else {
                    String type = "t" + random.nextInt(seed % 3 == 0 ? 2_000 : 3);
                    FeedItem item = new FeedItem(type, Bytes.wrap(new byte[random.nextInt(60)]));
                    history = history.and(item);
                    items.add(item);
                    items = new ArrayList<>(
                            items.subList(Math.max(0, items.size() - SessionLimits.HISTORY_MAX), items.size()));
                }
                assertThat(history.size()).isEqualTo(items.size());
                assertThat(history.weight())
                        .isEqualTo(items.stream().mapToInt(FeedItem::weight).sum());
                all.add(history);
                plain.add(items);
            }
            for (int i = 0; i < all.size(); i += 7) {
                assertThat(all.get(i).items()).isEqualTo(plain.get(i));
                assertThat(FeedLog.of(all.get(i).first(), plain.get(i))).isEqualTo(all.get(i));
            }
        }
    }
}
