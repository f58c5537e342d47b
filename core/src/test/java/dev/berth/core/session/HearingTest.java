package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.machine.Machine;
import dev.berth.core.session.Hearing.News;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * An origin tells, and what it tells is lost, late or out of order; what is asked of it fails. When something was lost that nobody speaks of, there is a doubt
 * some time later. Whoever hears has each position once and in order, from where he wanted, and in the end all of them.
 */
class HearingTest {
    private static final int SEEDS = 3_000;

    private static final class World {
        private final Random dice;
        private final Hearing hearing;
        private final long from;
        private final ArrayDeque<FeedPage> answers = new ArrayDeque<>();
        private final List<Long> late = new ArrayList<>();
        private FeedHistory history = FeedHistory.EMPTY;
        private boolean audience;
        private long now;
        private long begun = -1;
        private long heard;

        World(long seed) {
            dice = new Random(seed);
            from = dice.nextBoolean() ? Hearing.FROM_NOW : 1 + dice.nextInt(5);
            hearing = new Hearing(from);
            heard = from - 1;
        }

        private static FeedItem item(long position) {
            return new FeedItem("item", Bytes.utf8(String.valueOf(position)));
        }

        private void news(News news) {
            switch (news) {
                case News.Told(long position, FeedItem item) -> {
                    assertThat(item).isEqualTo(item(position));
                    assertThat(position).isEqualTo(begun == -1 ? position : heard + 1);
                    begun = begun == -1 ? position : begun;
                    heard = position;
                }
                case News.Lost(long first, long upTo) -> {
                    assertThat(first).isEqualTo(heard + 1);
                    assertThat(upTo).isLessThan(history.first());
                    heard = upTo;
                }
            }
        }

        void tells() {
            long position = history.last() + 1;
            history = history.and(item(position));
            if (audience && dice.nextInt(3) > 0) {
                if (dice.nextInt(4) == 0) {
                    late.add(position);
                } else {
                    hearing.told(position, item(position), this::news);
                }
            }
        }

        void asks() {
            OptionalLong wanted = hearing.next(now);
            if (wanted.isPresent()) {
                if (dice.nextInt(4) == 0) {
                    hearing.unread(now, 1);
                } else {
                    FeedPage page = history.read(wanted.getAsLong());
                    if (from == Hearing.FROM_NOW && begun == -1) {
                        begun = page.first();
                        heard = begun - 1;
                    }
                    audience = true;
                    answers.add(page);
                }
            }
        }

        void step() {
            now += 10_000_000;
            switch (dice.nextInt(6)) {
                case 0, 1 -> tells();
                case 2 -> {
                    if (!answers.isEmpty()) {
                        hearing.page(now, answers.remove(), this::news);
                    }
                }
                case 3 -> {
                    if (!late.isEmpty()) {
                        long position = late.remove(dice.nextInt(late.size()));
                        hearing.told(position, item(position), this::news);
                    }
                }
                case 4 -> asks();
                default -> {
                    if (dice.nextInt(8) == 0) {
                        // It has another owner, who knows of nobody.
                        audience = false;
                        hearing.doubt();
                    }
                }
            }
        }

        void ends() {
            audience = true;
            hearing.doubt();
            for (int i = 0; i < 1_000 && (heard < history.last() || !answers.isEmpty()); i++) {
                now += 10_000_000;
                asks();
                if (!answers.isEmpty()) {
                    hearing.page(now, answers.remove(), this::news);
                }
                assertThat(hearing.nextWakeNanos() == Machine.NEVER || hearing.nextWakeNanos() < now + 2_000_000_000L)
                        .isTrue();
            }
        }
    }

    @Test
    void eachPosition_onceAndInOrder_whateverIsLost() {
        long told = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed);
            for (int i = 0; i < 200; i++) {
                world.step();
            }
            world.ends();
            assertThat(world.heard).as("seed %d", seed).isEqualTo(Math.max(world.history.last(), world.begun - 1));
            told += world.heard;
        }
        assertThat(told).isGreaterThan(SEEDS);
    }

    @Test
    void whatIsGone_isSaid() {
        FeedHistory history = FeedHistory.EMPTY;
        for (int i = 1; i <= 300; i++) {
            history = history.and(World.item(i));
        }
        Hearing hearing = new Hearing(1);
        List<News> news = new ArrayList<>();
        hearing.page(0, history.read(hearing.next(0).orElseThrow()), news::add);

        assertThat(news.getFirst()).isEqualTo(new News.Lost(1, 300 - SessionLimits.HISTORY_MAX));
        assertThat(news.get(1)).isEqualTo(new News.Told(45, World.item(45)));
    }

    @Test
    void whatIsToldBeforeItIsKnownWhereNowIs_isHeard() {
        Hearing hearing = new Hearing(Hearing.FROM_NOW);
        FeedHistory history = FeedHistory.EMPTY.and(World.item(1));
        FeedPage page = history.read(hearing.next(0).orElseThrow());
        List<News> news = new ArrayList<>();
        hearing.told(2, World.item(2), news::add);
        hearing.page(0, page, news::add);

        assertThat(news).containsExactly(new News.Told(2, World.item(2)));
        assertThat(hearing.next(0)).isEmpty();
        hearing.doubt();
        assertThat(hearing.next(0)).hasValue(3);
    }
}
