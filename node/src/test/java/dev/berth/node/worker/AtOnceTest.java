package dev.berth.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A service that says it never blocks, in a real cluster in this JVM: it tells on which kind of thread it was called.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AtOnceTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long TOO_LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    private static final class Quick implements SlotService {
        private int calls;

        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public Bytes handle(ServiceCall call) throws Exception {
            calls++;
            switch (call.body().utf8()) {
                case "store" -> call.store().append(Bytes.utf8("key"), Bytes.utf8("delta"));
                case "slow" -> {
                    long end = System.nanoTime() + TOO_LONG_NANOS;
                    while (System.nanoTime() - end < 0) {
                        Thread.onSpinWait();
                    }
                }
                default -> {}
            }
            return Bytes.utf8((Thread.currentThread().isVirtual() ? "virtual " : "loop ") + calls);
        }
    }

    private static String call(Agent agent, String what) {
        return agent.callSlot(1, Bytes.utf8(what), LONG).utf8();
    }

    private interface Play {
        void with(Agent agent) throws Exception;
    }

    private static void play(Play play) throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("quick", 1))) {
            cluster.start(cluster.node("quick-1").withSlots("quick", 1), Map.of("quick", new Quick()));
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());
            play.with(gate.agent("quick"));
        }
    }

    @Test
    void quickHandler_runsOnTheLoop_andASlowOneDoesNotAgain() throws Exception {
        play(agent -> {
            assertThat(call(agent, "go")).isEqualTo("loop 1");
            assertThat(call(agent, "slow")).isEqualTo("loop 2");
            assertThat(call(agent, "slow")).isEqualTo("loop 3");
            assertThat(call(agent, "slow")).isEqualTo("loop 4");
            assertThat(call(agent, "go")).isEqualTo("virtual 5");
        });
    }

    @Test
    void writeThatWaits_isRefusedOnTheLoop() throws Exception {
        play(agent -> assertThatThrownBy(() -> call(agent, "store"))
                .isInstanceOfSatisfying(
                        CallException.class,
                        thrown -> assertThat(thrown.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                            assertThat(failed.kind()).isEqualTo("IllegalStateException");
                            assertThat(failed.message()).contains("SlotService.mayBlock");
                        })));
    }

    @Test
    void callThatWaits_isRefusedInAnEndHeardOnTheLoop() throws Exception {
        play(agent -> {
            var nested = agent.callSlotAsync(1, Bytes.utf8("slow"), LONG).thenApply(_ -> call(agent, "go"));

            assertThatThrownBy(nested::join).hasCauseInstanceOf(IllegalStateException.class);
        });
    }
}
