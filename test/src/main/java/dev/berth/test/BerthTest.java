package dev.berth.test;

import dev.berth.core.PublicApi;
import dev.berth.node.App;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Ground;
import dev.berth.node.entity.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A cluster for a JUnit test of entities: in this JVM, without sockets, threads of its own or waiting. Each test has a new
 * one. Nothing happens in it but while the test calls an entity or one of these methods, and then one step after the other, in
 * an order that is drawn from a seed; a test that fails says its seed. Its clock stands still too: it is moved by {@link
 * #advance}, and leaps when a call has to wait for something. The test's thread.
 *
 * {@snippet :
 * @RegisterExtension
 * static final BerthTest bank = BerthTest.of(Berth.app("bank").entity(Account.class, AccountCode::new));
 *
 * @Test
 * void goldSurvivesItsOwner() {
 *     bank.agent(Account.class, 17L).add(5);
 *     bank.kill(bank.ownerOf(Account.class, 17L));
 *     assertEquals(5, bank.agent(Account.class, 17L).gold());
 * }
 * }
 */
@PublicApi
public final class BerthTest implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    /** The configuration parameter of JUnit, or system property, that sets the seed of every test. */
    public static final String SEED = "berth.test.seed";

    private static final int NODES_MAX = 16;

    private static final List<String> GATES = List.of("gate-1", "gate-2");

    private final Entities app;
    private final List<String> gates;
    private int nodes = 3;
    private @Nullable Long fixedSeed;
    private long seed;
    private @Nullable Harbor harbor;

    private BerthTest(Entities app, List<String> gates) {
        this.app = app;
        this.gates = gates;
    }

    /** A cluster of this application. */
    public static BerthTest of(App app) {
        return new BerthTest(app.entities(), List.of());
    }

    /** The same of one with users: with two gates for their clients. */
    public static BerthTest of(UserApp<?> app) {
        return new BerthTest(app.entities(), GATES);
    }

    /** So many owners, 1 to 16, instead of three. */
    public BerthTest nodes(int count) {
        if (count < 1 || count > NODES_MAX) {
            throw new IllegalArgumentException("a played cluster has 1 to " + NODES_MAX + " owners, got " + count);
        }
        nodes = count;
        return this;
    }

    /** Plays every test as this seed does, instead of another one each time. */
    public BerthTest seed(long repeated) {
        fixedSeed = repeated;
        return this;
    }

    // ---- For JUnit

    @Override
    public void beforeEach(ExtensionContext context) {
        Optional<Long> given = context.getConfigurationParameter(SEED).map(Long::valueOf);
        Long fixed = fixedSeed;
        start(
                fixed != null
                        ? fixed
                        : given.orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    /** Begins anew, with this seed and nothing kept: for a test that plays many seeds. */
    public void start(long withSeed) {
        stop();
        seed = withSeed;
        Harbor begun = new Harbor(new Scene(withSeed), app, nodes, gates);
        begun.start();
        harbor = begun;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        stop();
    }

    private void stop() {
        Harbor there = harbor;
        harbor = null;
        if (there != null) {
            there.end();
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failed) throws Throwable {
        throw noted(failed);
    }

    Throwable noted(Throwable failed) {
        failed.addSuppressed(new SeedNote(seed));
        return failed;
    }

    /** Is no failure itself: stands below the one of the test and says how to repeat it. */
    private static final class SeedNote extends RuntimeException {
        private static final long serialVersionUID = 1;

        SeedNote(long seed) {
            super("this was played with seed " + seed + ": repeat it with -D" + SEED + "=" + seed, null, false, false);
        }
    }

    boolean plays(Harbor there) {
        return harbor == there;
    }

    private Harbor harbor() {
        Harbor there = harbor;
        if (there == null) {
            throw new IllegalStateException(
                    "no test runs: a BerthTest is a field with @RegisterExtension, used in methods with @Test");
        }
        return there;
    }

    /** Whatever the test does happens between two steps. */
    <T> T between(Supplier<T> what) {
        Harbor there = harbor();
        if (Strand.current() != null) {
            throw new IllegalStateException("only the test itself plays its cluster, not what runs in it");
        }
        there.scene().driver.lock();
        try {
            T result = what.get();
            there.check();
            return result;
        } finally {
            there.scene().driver.unlock();
        }
    }

    void playUntil(BooleanSupplier so) {
        between(() -> {
            harbor().playUntil(so);
            return true;
        });
    }

    // ---- For the test

    /** The way to an entity, as {@link Entities#agent} makes it: from a node that owns nothing. */
    public <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
        return Ground.agent(app, harbor().client().ground(), contract, key);
    }

    /**
     * A client of that user, who is let in without a log-in: the application's own function is not called. Plays until it is in.
     *
     * @param user his key, as the application's log-in would answer it
     */
    public TestClient client(Object user) {
        if (gates.isEmpty()) {
            throw new IllegalStateException("an application without users has no gates: Berth.app(...).login(...)");
        }
        Harbor there = harbor();
        TestClient client = new TestClient(this, there, UserKey.of(user), gates);
        between(() -> {
            client.begin();
            there.playUntil(client::isSettled);
            return true;
        });
        return client;
    }

    /** The node that has the entity; plays until there is one. */
    public <K, E extends Entity<K>> TestNode ownerOf(Class<E> contract, K key) {
        int bucket = Ground.bucket(app, contract, key, Harbor.BUCKETS);
        return between(() -> {
            Harbor there = harbor();
            Member owner = there.owner(bucket);
            while (owner == null) {
                there.playUntil(() -> there.owner(bucket) != null);
                owner = there.owner(bucket);
            }
            return new TestNode(owner.name(), owner.life());
        });
    }

    /**
     * Ends the node as {@code kill -9} does: what it had not made durable is gone, and of what it had sent, writes too, the last
     * may not arrive. Others take its entities over, 50 ms later on the cluster's clock; after a second the node is back, with
     * nothing.
     */
    public void kill(TestNode node) {
        between(() -> {
            harbor().kill(alive(node));
            return true;
        });
    }

    /**
     * Stops the node as a debugger or a full garbage collection does: it does nothing, and does not know. After 10 s on the
     * cluster's clock its lease has lapsed, and others take its entities over.
     */
    public void pause(TestNode node) {
        between(() -> {
            Member member = alive(node);
            if (member.isPaused()) {
                throw new IllegalArgumentException(node + " is paused already");
            }
            harbor().pause(member);
            return true;
        });
    }

    /**
     * A paused node goes on where it was. If others have taken over meanwhile it does not know for another 5 ms: what it still
     * does, as a node whose clock stood still too, is refused by the store and heard by nobody. A second later it is back, with
     * nothing.
     */
    public void goOn(TestNode node) {
        between(() -> {
            Member member = alive(node);
            if (!member.isPaused()) {
                throw new IllegalArgumentException(node + " is not paused");
            }
            harbor().goOn(member);
            return true;
        });
    }

    private Member alive(TestNode node) {
        Member member = harbor().member(node.life());
        if (member == null || member.isOver()) {
            throw new IllegalArgumentException(node + " is over; ask ownerOf again, it has another life by now");
        }
        return member;
    }

    /** The next answer of an entity to the test is lost on its way, with the connection: what it answers has happened. */
    public void loseReply() {
        between(() -> {
            harbor().loseReply();
            return true;
        });
    }

    /** The store's disk is full from now on, or has room again: it refuses all changes, and says why. */
    public void fillDisk(boolean full) {
        between(() -> {
            harbor().store().fill(full);
            return true;
        });
    }

    /** The store says that it has too much to do. */
    void crowdStore(boolean much) {
        between(() -> {
            harbor().store().crowd(much);
            return true;
        });
    }

    /** Moves the clock, and plays all that happens meanwhile; nothing of it takes time. */
    public void advance(Duration by) {
        between(() -> {
            harbor().scene().playFor(by.toNanos());
            return true;
        });
    }

    /** The cluster's clock, the same as entities see by {@code Context.now()}. It begins in the year 2000. */
    public Instant now() {
        return between(() -> TestGround.BEGIN.plusNanos(harbor().scene().nowNanos()));
    }

    /** Begins something that calls entities, as another thread would; it goes on when the cluster is played. */
    public <T> UnderWay<T> begin(Callable<? extends T> what) {
        return between(() -> {
            UnderWay<T> begun = new UnderWay<>(this, what);
            Member client = harbor().client();
            client.strand(client.lane(), begun::run);
            return begun;
        });
    }

    /**
     * Plays so many steps: a message arrives, a write lands, a method goes on to its next wait. What has been begun is somewhere
     * in the middle then.
     *
     * @return how many there were to play without moving the clock
     */
    public int play(int steps) {
        return between(() -> {
            int played = 0;
            while (played < steps && harbor().scene().step()) {
                played++;
            }
            return played;
        });
    }

    /**
     * What has been published under a topic and has arrived so far at the test, which subscribes to everything, in order of
     * arrival.
     */
    public <T> List<T> published(String topic, Class<T> type) {
        return between(() -> harbor().heard(topic, type));
    }

    /** Writes that the store has refused because they came from an owner who was not any more. */
    public long refusedWrites() {
        return between(() -> harbor().store().refused());
    }

    /** Of the test at hand. */
    public long seed() {
        return seed;
    }
}
