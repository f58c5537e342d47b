package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.wire.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A process that whoever brings a message runs: on that thread, one at a time, in order, and not while the node may not
// act. Beside it, questions without waiting, and the end of a process from outside.
@Timeout(60)
class AtOnceTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Where each message was read. */
    record Read(Object message, Thread thread) {}

    @AtOnce
    private record Reader(List<Read> read) implements Behavior<Object> {
        @Override
        public @Nullable Object on(Self<Object> self, Object message) {
            read.add(new Read(message, Thread.currentThread()));
            return message instanceof Raw(Bytes bytes) ? bytes : null;
        }
    }

    private final AtomicBoolean mayRun = new AtomicBoolean(true);
    private final Processes processes = new Processes(Address.of(new NodeId(1), 0), 2, mayRun::get);
    private final List<Read> read = Collections.synchronizedList(new ArrayList<>());
    private final ProcessRef<Object> reader = processes.spawn(_ -> new Reader(read));

    @AfterEach
    void close() {
        processes.close();
    }

    @Test
    @Tag("S4.8")
    void message_isReadByTheThreadThatBringsIt() {
        reader.send("by a thread");
        assertThat(read).containsExactly(new Read("by a thread", Thread.currentThread()));

        CompletableFuture<Thread> sender = new CompletableFuture<>();
        processes
                .<String>spawn(_ -> (_, message) -> {
                    reader.send(message);
                    sender.complete(Thread.currentThread());
                    return null;
                })
                .send("by a process");
        assertThat(read).hasSizeLessThanOrEqualTo(2);
        assertThat(new Read("by a process", sender.join())).isEqualTo(read.get(1));
    }

    @Test
    void whileTheNodeMayNotAct_messagesWait_inOrder() throws InterruptedException {
        mayRun.set(false);
        reader.send(1);
        reader.send(2);
        assertThat(read).isEmpty();
        mayRun.set(true);
        reader.send(3);
        CountDownLatch all = new CountDownLatch(1);
        processes.ask(reader.address(), reader, new Raw(Bytes.EMPTY), LONG, _ -> all.countDown());
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(read).extracting(Read::message).containsExactly(1, 2, 3, new Raw(Bytes.EMPTY));
    }

    @Test
    void manySenders_neverMeetInside_andEachKeepsItsOrder() throws InterruptedException {
        List<Integer> unguarded = new ArrayList<>();
        @AtOnce
        final class Plain implements Behavior<Integer> {
            @Override
            public @Nullable Object on(Self<Integer> self, Integer message) {
                unguarded.add(message);
                return null;
            }
        }
        ProcessRef<Integer> plain = processes.spawn(_ -> new Plain());
        int each = 20_000;
        List<Thread> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            int first = sender * each;
            senders.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; ) {
                    try {
                        plain.send(first + i);
                        i++;
                    } catch (ProcessBusyException full) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        CountDownLatch end = new CountDownLatch(1);
        processes.stop(plain, "enough");
        processes.<String>spawn(self -> {
            self.monitor(plain, cause -> cause);
            return (_, _) -> {
                end.countDown();
                return null;
            };
        });
        assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(unguarded).hasSize(4 * each);
        for (int sender = 0; sender < 4; sender++) {
            int own = sender;
            assertThat(unguarded.stream().filter(number -> number / each == own).toList())
                    .isSorted();
        }
    }

    @Test
    void questionWithoutWaiting_endsOnce_withWhateverComes() {
        ProcessRef<Raw> failing = processes.spawn(_ -> (_, _) -> {
            throw new IllegalStateException("no");
        });
        ProcessRef<Raw> text = processes.spawn(_ -> (_, _) -> "text");
        Address nobody = Address.of(new NodeId(1), 4_711);

        assertThat(ask(reader, LONG)).isEqualTo(new Outcome.Done<>(Bytes.utf8("?")));
        assertThat(ask(failing, LONG)).isEqualTo(new Outcome.Failed<>("IllegalStateException", "no"));
        assertThat(ask(text, LONG))
                .isEqualTo(new Outcome.Failed<>("UnreadableAnswer", "bytes were wanted, got String"));
        assertThat(ask(text, Duration.ZERO)).isEqualTo(new Outcome.Refused<>(RefusedReason.TIMED_OUT, 0));
        assertThat(ask(processes.at(nobody), LONG)).isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
    }

    private Outcome<Bytes> ask(ProcessRef<?> process, Duration within) {
        CompletableFuture<Outcome<Bytes>> end = new CompletableFuture<>();
        processes.ask(
                reader.address(),
                process,
                new Raw(Bytes.utf8("?")),
                within,
                outcome -> assertThat(end.complete(outcome)).isTrue());
        return end.join();
    }

    @Test
    void stoppedProcess_readsWhatWaits_thenItsAddressHitsNobody() {
        reader.send(1);
        processes.stop(reader, "enough");
        assertThat(read).hasSize(1);
        assertThat(ask(reader, LONG)).isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
        assertThat(processes.count()).isZero();
        processes.stop(processes.at(reader.address()), "again");
    }
}
