package dev.berth.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import dev.berth.node.member.ViewStep;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Views are made by hand, one member more in each, and offered while the listener listens, blocks or throws. What it
// was told must lead from the first view to the last without a gap.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ViewFeedTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ViewFeeds feeds = new ViewFeeds(threads);
    private final LinkedBlockingQueue<ViewChange> told = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static View view(int number) {
        List<Listing> listings = new ArrayList<>();
        for (int i = 1; i <= number % 60_000; i++) {
            listings.add(new Listing(
                    new Incarnation(new NodeId(i), i), "n" + i, new Nonce(1, i), List.of(), List.of("a:1"), "", false));
        }
        return new ViewImage(number, 5, 5, listings, List.of(), List.of(), List.of(), 0).toView();
    }

    private static ViewStep step(View before, View view) {
        return new ViewStep(before, view, "because " + view.number(), null);
    }

    private void install(int from, int to) {
        View before = view(from);
        for (int number = from + 1; number <= to; number++) {
            View next = view(number);
            feeds.installed(List.of(step(before, next)));
            before = next;
        }
    }

    /** What has been told up to a view; each change begins where the one before it ended. */
    private List<ViewChange> until(int number) throws InterruptedException {
        List<ViewChange> all = new ArrayList<>();
        while (all.isEmpty() || all.getLast().view().number() < number) {
            ViewChange change = told.take();
            if (!all.isEmpty()) {
                assertThat(change.before().number())
                        .isEqualTo(all.getLast().view().number());
            }
            all.add(change);
        }
        return all;
    }

    @Test
    void everyView_isTold_inOrder_withWhoCame_andTheFirstIsWhatIsTrue() throws Exception {
        install(0, 3);
        feeds.add(told::add);
        install(3, 50);

        List<ViewChange> all = until(50);
        assertThat(all).hasSize(48);
        assertThat(all.getFirst().before().number()).isZero();
        assertThat(all.getFirst().came()).extracting(Listing::name).containsExactly("n1", "n2", "n3");
        assertThat(all.getFirst().reason()).isEqualTo("what is true in view 3");
        assertThat(all.subList(1, 48)).allSatisfy(change -> {
            assertThat(change.views()).isEqualTo(1);
            assertThat(change.reason()).isEqualTo("because " + change.view().number());
            assertThat(change.came())
                    .extracting(Listing::name)
                    .containsExactly("n" + change.view().number());
            assertThat(change.went()).isEmpty();
        });
    }

    @Test
    void listenerThatIsTooSlow_isToldTheRestAsOneChange_andNothingIsLost() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        feeds.add(change -> {
            arrived.countDown();
            try {
                held.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
            told.add(change);
        });
        LinkedBlockingQueue<ViewChange> quick = new LinkedBlockingQueue<>();
        feeds.add(quick::add);
        int views = ViewFeed.WAITING_MAX + 500;
        install(0, 1);
        arrived.await();
        install(1, views);
        while (quick.take().view().number() < views) {
            assertThat(told)
                    .as("the slow one still waits and keeps nobody else waiting")
                    .isEmpty();
        }
        held.countDown();

        List<ViewChange> all = until(views);
        assertThat(all).hasSize(1 + ViewFeed.WAITING_MAX);
        ViewChange last = all.getLast();
        assertThat(last.views()).isEqualTo(500);
        assertThat(last.came()).hasSize(500);
        assertThat(last.reason()).isEqualTo("500 views at once, the latest: because " + views);
    }

    @Test
    void listenerThatThrows_isToldNothingMore_andTheOthersGoOn() throws Exception {
        LinkedBlockingQueue<Long> bad = new LinkedBlockingQueue<>();
        feeds.add(change -> {
            bad.add(change.view().number());
            throw new IllegalStateException("as planned");
        });
        feeds.add(told::add);
        install(0, 1);
        until(1);
        assertThat(bad.take()).isEqualTo(1);
        install(1, 20);

        assertThat(until(20)).hasSize(19);
        assertThat(bad).isEmpty();
    }

    @Test
    void closedSubscription_isToldNothingMore() throws Exception {
        Subscription closed = feeds.add(told::add);
        install(0, 2);
        until(2);
        closed.close();
        feeds.add(change -> told.add(change));
        install(2, 4);

        assertThat(until(4)).hasSize(3);
        assertThat(told).isEmpty();
    }
}
