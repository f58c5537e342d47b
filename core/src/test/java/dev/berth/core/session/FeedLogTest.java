package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

// Beside the history whose bounds and pages FeedHistoryTest knows: whatever is told and forgotten, and from whichever
// earlier one it goes on, a log has the same.
class FeedLogTest {
    @Test
    void itHasWhatAHistoryHas_alsoIfTwoGoOnFromOne() {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int bytesMax = seed % 5 == 0 ? SessionLimits.ITEM_MAX : 60;
            int types = seed % 3 == 0 ? 2_000 : 3;
            List<FeedLog> logs = new ArrayList<>(List.of(FeedLog.EMPTY));
            List<FeedHistory> plain = new ArrayList<>(List.of(FeedHistory.EMPTY));
            for (int i = 0; i < 600; i++) {
                int from = random.nextInt(4) == 0 ? random.nextInt(logs.size()) : logs.size() - 1;
                if (random.nextInt(20) == 0) {
                    long upTo = plain.get(from).first() + random.nextInt(300) - 2;
                    logs.add(logs.get(from).after(upTo));
                    plain.add(plain.get(from).after(upTo));
                } else {
                    FeedItem item = new FeedItem(
                            "t" + random.nextInt(types), Bytes.wrap(new byte[random.nextInt(bytesMax + 1)]));
                    logs.add(logs.get(from).and(item));
                    plain.add(plain.get(from).and(item));
                }
            }
            for (int i = 0; i < logs.size(); i += 7) {
                isLike(plain.get(i), logs.get(i), random.nextLong(-2, 700));
            }
        }
    }

    private static void isLike(FeedHistory plain, FeedLog log, long from) {
        assertThat(log.first()).isEqualTo(plain.first());
        assertThat(log.last()).isEqualTo(plain.last());
        assertThat(log.weight()).isEqualTo(plain.weight());
        assertThat(log.items()).isEqualTo(plain.items());
        assertThat(log.read(from)).isEqualTo(plain.read(from));
        assertThat(FeedLog.of(plain.first(), plain.items())).isEqualTo(log);
    }
}
