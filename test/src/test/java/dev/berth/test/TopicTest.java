package dev.berth.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.node.Berth;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A counter publishes each number that it has counted to. Its owners are killed after every number of steps, and their disk is full:
 * whatever is heard is what the counter has kept.
 */
class TopicTest {
    private static final int SEEDS = 150;
    private static final int STEPS = 25;

    record Number(long value) {}

    record News(String who, long value) {}

    interface Ticker extends Entity<String> {
        long tick();

        long count();

        void fail();

        void unknown();

        void every(int seconds);
    }

    record Unknown(int number) {}

    record Code(Context<String> me, State<Number> number) implements Ticker {
        Code(Context<String> me) {
            this(me, me.state(new Number(0)));
        }

        @Override
        public long tick() {
            me.topic("numbers").publish(new News(me.key(), number.get().value() + 1));
            return number.set(new Number(number.get().value() + 1)).value();
        }

        @Override
        public long count() {
            me.topic("looks").publish(new News(me.key(), number.get().value()));
            return number.get().value();
        }

        @Override
        public void fail() {
            tick();
            throw new IllegalStateException("as asked");
        }

        @Override
        public void unknown() {
            tick();
            me.topic("numbers").publish(new Unknown(1));
        }

        @Override
        public void every(int seconds) {
            me.every(Duration.ofSeconds(seconds), this::tick);
        }
    }

    @RegisterExtension
    static final BerthTest cluster =
            BerthTest.of(Berth.app("news").entity(Ticker.class, Code::new).records(Number.class, News.class));

    private static Ticker ticker(String key) {
        return cluster.agent(Ticker.class, key);
    }

    private static List<Long> numbers(String topic) {
        cluster.advance(Duration.ofSeconds(1));
        return cluster.published(topic, News.class).stream().map(News::value).toList();
    }

    @Test
    void whatAMethodPublishes_isHeardOnce_inOrder_andNothingOfOneThatThrows() {
        ticker("a").tick();
        assertThatThrownBy(() -> ticker("a").fail()).isInstanceOf(CallException.class);
        assertThatThrownBy(() -> ticker("a").unknown())
                .isInstanceOf(CallException.class)
                .hasMessageContaining("Unknown");
        ticker("a").tick();
        ticker("a").count();

        assertThat(numbers("numbers")).containsExactly(1L, 2L);
        assertThat(numbers("looks")).containsExactly(2L);
        assertThat(cluster.published("numbers", String.class)).isEmpty();
    }

    @Test
    void timers_publishToo() {
        ticker("a").every(10);
        cluster.advance(Duration.ofSeconds(35));
        assertThat(numbers("numbers")).containsExactly(1L, 2L, 3L);
    }

    @Test
    void fullDisk_publishesNothing() {
        ticker("a").tick();
        cluster.fillDisk(true);
        assertThatThrownBy(() -> ticker("a").tick()).isInstanceOf(CallException.class);
        assertThat(numbers("numbers")).containsExactly(1L);
    }

    @Test
    void ofAnOwnerThatIsKilled_nothingIsHeard_butWhatIsKept() {
        int lost = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            cluster.start(seed);
            ticker("a").tick();
            // Nobody repeats it: a caller that dies with it would be the same.
            cluster.begin(() -> ticker("a").tick());
            cluster.begin(() -> ticker("a").tick());
            cluster.play(seed % STEPS);
            List<Long> before = cluster.published("numbers", News.class).stream()
                    .map(News::value)
                    .toList();
            cluster.kill(cluster.ownerOf(Ticker.class, "a"));
            List<Long> heard = numbers("numbers");
            long kept = ticker("a").count();
            assertThat(kept).isEqualTo(3);
            assertThat(heard.subList(0, before.size())).as("seed %d", seed).isEqualTo(before);
            assertThat(heard)
                    .as("seed %d", seed)
                    .isSubsetOf(1L, 2L, 3L)
                    .doesNotHaveDuplicates()
                    .isSorted();
            lost += heard.size() < 3 ? 1 : 0;
        }
        assertThat(lost).as("owners that died between the disk and the news").isPositive();
    }

    @Test
    void whoIsPausedPastItsLease_isNotHeardAnyMore() {
        ticker("a").tick();
        TestNode old = cluster.ownerOf(Ticker.class, "a");
        ticker("a").every(1);
        cluster.pause(old);
        cluster.advance(Duration.ofSeconds(15));
        ticker("a").tick();
        cluster.goOn(old);
        cluster.advance(Duration.ofSeconds(15));
        assertThat(numbers("numbers")).doesNotHaveDuplicates().isSorted();
        assertThat(numbers("numbers").getLast()).isEqualTo(ticker("a").count());
    }
}
