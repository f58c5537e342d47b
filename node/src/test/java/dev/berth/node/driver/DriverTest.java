package dev.berth.node.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

// Both drivers are shown with one small machine: it echoes words, asks to be woken a while later, and breaks on
// "break". The own-thread driver is waited for by events, never by time.
class DriverTest {
    private static final long DELAY_NANOS = 1_000_000;

    /** Answers each word, and once more when its time has come. */
    private static final class Echo implements Machine<String, String> {
        private long wakeNanos = NEVER;
        private String last = "";

        @Override
        public void on(long nowNanos, String event, Outbox<String> out) {
            if (event.equals("break")) {
                out.add("half done");
                throw new IllegalStateException("broken at " + last);
            }
            last = event;
            wakeNanos = nowNanos + DELAY_NANOS;
            out.add(event);
        }

        @Override
        public void advance(long nowNanos, Outbox<String> out) {
            if (nowNanos >= wakeNanos) {
                wakeNanos = NEVER;
                out.add(last + " again");
            }
        }

        @Override
        public long nextWakeNanos() {
            return wakeNanos;
        }
    }

    @Test
    void callerDriver_performsActionsAfterTheDecision_andKeepsTheMachinesTime() {
        AtomicLong clock = new AtomicLong(5);
        List<String> performed = new ArrayList<>();
        CallerDriver<String, String> driver = new CallerDriver<>("echo", new Echo(), clock::get, performed::add);

        driver.on("hello");
        assertThat(driver.nextWakeNanos()).isEqualTo(5 + DELAY_NANOS);
        driver.advance();
        clock.set(5 + DELAY_NANOS);
        driver.advance();

        assertThat(performed).containsExactly("hello", "hello again");
        assertThat(driver.nextWakeNanos()).isEqualTo(Machine.NEVER);
    }

    @Test
    void callerDriver_anActionThatLeadsBackToAnEvent_doesNotEnterTheMachineTwice() {
        List<String> performed = new ArrayList<>();
        List<CallerDriver<String, String>> self = new ArrayList<>();
        CallerDriver<String, String> driver = new CallerDriver<>("echo", new Echo(), () -> 0, word -> {
            performed.add(word + " begins");
            if (word.equals("one")) {
                self.getFirst().on("two");
            }
            performed.add(word + " ends");
        });
        self.add(driver);

        driver.on("one");

        assertThat(performed).containsExactly("one begins", "one ends", "two begins", "two ends");
    }

    @Test
    void callerDriver_aBrokenMachineHalts_andNothingOfTheBrokenStepIsPerformed() {
        List<String> performed = new ArrayList<>();
        CallerDriver<String, String> driver = new CallerDriver<>("echo", new Echo(), () -> 0, performed::add);
        driver.on("one");

        assertThatThrownBy(() -> driver.on("break"))
                .isInstanceOf(MachineHaltedException.class)
                .hasMessageContaining("echo")
                .hasRootCauseMessage("broken at one");
        assertThatThrownBy(() -> driver.on("two")).isInstanceOf(MachineHaltedException.class);
        assertThat(performed).containsExactly("one");
        assertThat(driver.nextWakeNanos()).isEqualTo(Machine.NEVER);
    }

    @Test
    void threadDriver_takesEventsInOrder_andWakesTheMachineByItself() throws InterruptedException {
        LinkedBlockingQueue<String> performed = new LinkedBlockingQueue<>();
        try (ThreadDriver<String, String> driver =
                new ThreadDriver<>("echo", new Echo(), 10, System::nanoTime, performed::add, halted -> {})) {
            driver.submit("hello");
            driver.start();

            assertThat(performed.poll(1, TimeUnit.MINUTES)).isEqualTo("hello");
            assertThat(performed.poll(1, TimeUnit.MINUTES)).isEqualTo("hello again");
        }
    }

    @Test
    void threadDriver_aFullQueueRefuses() {
        ThreadDriver<String, String> driver =
                new ThreadDriver<>("echo", new Echo(), 1, System::nanoTime, word -> {}, halted -> {});

        assertThat(driver.submit("one")).isTrue();
        assertThat(driver.submit("two")).isFalse();
        driver.close();
        assertThat(driver.submit("three")).isFalse();
    }

    @Test
    void threadDriver_aBrokenMachineHaltsOnce_andTakesNothingMore() throws Exception {
        CompletableFuture<MachineHaltedException> told = new CompletableFuture<>();
        LinkedBlockingQueue<String> performed = new LinkedBlockingQueue<>();
        try (ThreadDriver<String, String> driver =
                new ThreadDriver<>("echo", new Echo(), 10, System::nanoTime, performed::add, told::complete)) {
            driver.submit("break");
            driver.start();

            assertThat(told.get(1, TimeUnit.MINUTES)).hasRootCauseMessage("broken at ");
            assertThat(driver.submit("one")).isFalse();
            assertThat(performed).isEmpty();
        }
    }

    @Test
    void threadDriver_anActionThatCannotBePerformed_haltsToo() throws Exception {
        CompletableFuture<MachineHaltedException> told = new CompletableFuture<>();
        try (ThreadDriver<String, String> driver = new ThreadDriver<>(
                "echo",
                new Echo(),
                10,
                System::nanoTime,
                word -> {
                    throw new IllegalArgumentException("no room for " + word);
                },
                told::complete)) {
            driver.submit("one");
            driver.submit("two");
            driver.start();

            assertThat(told.get(1, TimeUnit.MINUTES))
                    .hasMessageContaining("echo")
                    .hasRootCauseMessage("no room for one");
            assertThat(driver.submit("three")).isFalse();
        }
    }

    @Test
    void threadDriver_theLastEventIsCarriedOut_andTheOnesBeforeIt() {
        List<String> performed = new ArrayList<>();
        ThreadDriver<String, String> driver =
                new ThreadDriver<>("echo", new Echo(), 10, () -> 0, performed::add, halted -> {});
        driver.submit("one");
        driver.start();

        driver.finish("last");

        assertThat(performed).containsExactly("one", "last");
        assertThat(driver.submit("two")).isFalse();
    }

    @Test
    void threadDriver_whatMayBeLost_leavesPlacesFree() {
        ThreadDriver<String, String> driver =
                new ThreadDriver<>("echo", new Echo(), 3, System::nanoTime, word -> {}, halted -> {});

        assertThat(driver.submitSparing(2, "one")).isTrue();
        assertThat(driver.submitSparing(2, "two")).isFalse();
        assertThat(driver.submit("three")).isTrue();
        driver.close();
    }
}
