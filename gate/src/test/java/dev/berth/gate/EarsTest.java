package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Attended;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Feed;
import dev.berth.node.worker.Node;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever hears a feed without a session: over real sockets, at a node that owns nothing, while owners end and connections are cut, each item once
 * and in order.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EarsTest {
    record Said(long number) {}

    interface Table extends Entity<Long> {
        long say(int times);

        /** Who hears. */
        int hearers();

        /** How often this owner was told that somebody hears where nobody did. */
        int attended();
    }

    record TableCode(Feed feed, AtomicInteger times) implements Table, Attended {
        TableCode(Context<Long> me) {
            this(me.feed("table"), new AtomicInteger());
        }

        @Override
        public void attended(String name) {
            assertThat(name).isEqualTo("table");
            times.incrementAndGet();
        }

        @Override
        public int attended() {
            return times.get();
        }

        @Override
        public long say(int times) {
            long last = 0;
            for (int i = 0; i < times; i++) {
                last = feed.tell(new Said(last + 1));
            }
            return last;
        }

        @Override
        public int hearers() {
            return feed.hearers();
        }
    }

    private final UserApp<Long> game = Berth.app("inn")
            .entity(Table.class, TableCode::new)
            .records(Said.class)
            .login(who -> Long.parseLong(who.name()));
    private final Entities app = game.entities();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private Roadstead road;
    private Node one;
    private Node other;
    private Ears ears;

    @BeforeEach
    void start() throws Exception {
        road = new Roadstead(game, app, "");
        one = road.owner("owner-1");
        other = road.owner("owner-2");
        road.awaitHalves(one, other);
        ears = Ears.at(road.first, app);
    }

    @AfterEach
    void stop() {
        ears.close();
        road.close();
        thread.shutdownNow();
    }

    private Ear hear(long table, long from, List<Long> into) {
        return ears.hear(thread, Table.class, table, "table", from, (position, _) -> into.add(position));
    }

    private long tableAt(Node owner) {
        return LongStream.range(1, 10_000)
                .filter(key -> road.isAt(owner, Table.class, key))
                .findFirst()
                .orElseThrow();
    }

    private Table table(long key) {
        return app.agent(road.second, Table.class, key);
    }

    private static void hears(List<Long> heard, long first, long last) {
        Haven.eventually("all is heard", () -> !heard.isEmpty() && heard.getLast() >= last);
        assertThat(heard)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, last).boxed().toList());
    }

    @Test
    @Tag("S3.17")
    void ownersEndAndConnectionsBreak_andEachItemIsHeardOnceInOrder() throws Exception {
        long key = tableAt(other);
        List<Long> heard = new CopyOnWriteArrayList<>();
        List<Long> late = new CopyOnWriteArrayList<>();
        hear(key, 1, heard);
        table(key).say(10);
        hears(heard, 1, 10);

        Wires.cut(road.first, other);
        table(key).say(10);
        hears(heard, 1, 20);

        hear(key, Ears.FROM_NOW, late);
        Haven.eventually("two hear", () -> table(key).hearers() == 2);
        other.close();
        table(key).say(10);
        hears(heard, 1, 30);
        hears(late, 21, 30);
    }

    @Test
    void threadThatHasEnded_hurtsNobodyElse() {
        long key = tableAt(one);
        List<Long> heard = new CopyOnWriteArrayList<>();
        hear(key, 1, heard);
        table(key).say(1);
        hears(heard, 1, 1);
        thread.shutdownNow();
        table(key).say(1);
        ScheduledExecutorService another = Executors.newSingleThreadScheduledExecutor();
        try {
            List<Long> late = new CopyOnWriteArrayList<>();
            ears.hear(another, Table.class, key, "table", 1, (position, _) -> late.add(position));
            hears(late, 1, 2);
            table(key).say(1);
            hears(late, 1, 3);
        } finally {
            another.shutdownNow();
        }
    }

    @Test
    void whoHearsNoMore_isStruckOut_andTwoHundredAreOneMessage() {
        long key = tableAt(one);
        List<Long> heard = new CopyOnWriteArrayList<>();
        List<Ear> many =
                LongStream.range(0, 200).mapToObj(_ -> hear(key, 1, heard)).toList();
        Haven.eventually("all hear", () -> table(key).hearers() == 200);
        table(key).say(1);
        Haven.eventually("all have heard", () -> heard.size() == 200);

        many.subList(1, 200).forEach(Ear::close);
        Haven.eventually("the others are struck out", () -> table(key).hearers() == 1);
        table(key).say(1);
        Haven.eventually("one has heard", () -> heard.contains(2L));
        assertThat(heard).hasSize(201);
        assertThat(ears.count()).isOne();
    }

    @Test
    void whoeverIsTheFirst_isToldToTheCode_andAgainAtTheNextOwner() throws Exception {
        long key = tableAt(other);
        List<Long> heard = new CopyOnWriteArrayList<>();
        assertThat(table(key).attended()).isZero();
        Ear ear = hear(key, 1, heard);
        Haven.eventually("it is told of the first", () -> table(key).attended() == 1);
        Ear second = hear(key, 1, heard);
        Haven.eventually("two hear", () -> table(key).hearers() == 2);
        assertThat(table(key).attended()).isOne();

        ear.close();
        second.close();
        Haven.eventually("nobody hears", () -> table(key).hearers() == 0);
        hear(key, 1, heard);
        Haven.eventually("and of the next first", () -> table(key).attended() == 2);

        other.close();
        Haven.eventually("so is its next owner", () -> table(key).attended() == 1);
    }
}
