package dev.berth.lab.bench;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.NodeId;
import dev.berth.node.process.Asks;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Every figure beside its peer in the same run: callers beside virtual threads that talk through LinkedBlockingQueues,
// one caller beside Erlang, where there is one. Rounds alternate, and the median of each is reported: the first warms
// up.

/** What messages cost inside one process of the operating system. */
@Command(name = "local", description = "Messages inside one node: questions, many callers, ping-pong.")
final class LocalBench extends Bench {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CALLERS = 1_000;
    private static final int BLOCKED = 1_000;
    private static final int ROUNDS = 5;
    private static final String ERLANG = "E=spawn(fun F()->receive {P,R,M}->P!{R,M},F() end end),"
            + "L=fun L(0)->ok;L(N)->R=make_ref(),E!{self(),R,N},receive {R,_}->L(N-1) end end,"
            + "L(100000),{T,_}=timer:tc(fun()->L(2000000) end),io:format(\"~p\",[2000000*1000000 div T]),halt().";

    @Option(names = "--seconds", description = "Of each measurement (default ${DEFAULT-VALUE}).", defaultValue = "2")
    private int seconds;

    private record Echo(int number) implements Asks<Integer> {}

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        double[] one = new double[ROUNDS];
        double[] many = new double[ROUNDS];
        double[] queues = new double[ROUNDS];
        double[] messages = new double[ROUNDS];
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        try (Processes processes = new Processes(Address.of(new NodeId(1), 0), processors, () -> true)) {
            ProcessRef<Echo> echo = processes.spawn(_ -> (_, asked) -> asked.number());
            for (int round = -1; round < ROUNDS; round++) {
                say(round < 0 ? "warming up" : "round " + (round + 1) + " of " + ROUNDS);
                int place = Math.max(0, round);
                one[place] = callers(echo, 1);
                many[place] = callers(echo, CALLERS);
                queues[place] = queues();
                messages[place] = pingPong(processes);
            }
            figures.put("caller_rate", median(one));
            figures.put("callers_1000_rate", median(many));
            figures.put("queues_1000_rate", median(queues));
            figures.put("message_rate", median(messages));
            figures.put("erlang_rate", erlang());
            double before = callers(echo, CALLERS);
            CountDownLatch never = block(processes);
            figures.put("blocked_handlers", BLOCKED);
            figures.put("callers_1000_rate_before", Math.round(before));
            figures.put("callers_1000_rate_beside_blocked", Math.round(callers(echo, CALLERS)));
            never.countDown();
        }
        figures.put("pid", ProcessHandle.current().pid());
        return figures;
    }

    private static long median(double[] rates) {
        Arrays.sort(rates);
        return Math.round(rates[rates.length / 2]);
    }

    private double callers(ProcessRef<Echo> echo, int callers) throws InterruptedException {
        LongAdder done = new LongAdder();
        return rate(callers, done, until -> {
            int i = 0;
            while (System.nanoTime() < until) {
                for (int burst = 0; burst < 16; burst++) {
                    if (echo.call(new Echo(i), PATIENCE) != i) {
                        throw new IllegalStateException("another's answer");
                    }
                    i++;
                }
            }
            done.add(i);
        });
    }

    /** The same with nothing but the JDK: a queue into a server, a queue back for each caller. */
    private double queues() throws InterruptedException {
        record Letter(LinkedBlockingQueue<Integer> back, int number) {}
        LinkedBlockingQueue<Letter> in = new LinkedBlockingQueue<>();
        Thread server = Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    Letter letter = in.take();
                    letter.back().put(letter.number());
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        LongAdder done = new LongAdder();
        double rate = rate(CALLERS, done, until -> {
            LinkedBlockingQueue<Integer> back = new LinkedBlockingQueue<>();
            int i = 0;
            while (System.nanoTime() < until) {
                for (int burst = 0; burst < 16; burst++) {
                    in.put(new Letter(back, i));
                    if (back.take() != i) {
                        throw new IllegalStateException("another's answer");
                    }
                    i++;
                }
            }
            done.add(i);
        });
        server.interrupt();
        return rate;
    }

    @FunctionalInterface
    private interface Caller {
        void call(long until) throws InterruptedException;
    }

    private double rate(int callers, LongAdder done, Caller caller) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(callers);
        long start = System.nanoTime();
        long until = start + Duration.ofSeconds(seconds).toNanos();
        for (int i = 0; i < callers; i++) {
            Thread.startVirtualThread(() -> {
                try {
                    caller.call(until);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                } finally {
                    ended.countDown();
                }
            });
        }
        ended.await();
        return done.sum() / ((System.nanoTime() - start) / 1e9);
    }

    /** Two processes that send each other a message again and again. */
    private double pingPong(Processes processes) throws InterruptedException {
        long[] messages = {0};
        long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        CountDownLatch over = new CountDownLatch(1);
        ProcessRef<ProcessRef<?>> first = processes.spawn(_ -> (self, other) -> {
            answer(self.ref(), other, messages, until, over);
            return null;
        });
        ProcessRef<ProcessRef<?>> second = processes.spawn(_ -> (self, other) -> {
            answer(self.ref(), other, messages, until, over);
            return null;
        });
        long start = System.nanoTime();
        first.send(second);
        over.await();
        return messages[0] / ((System.nanoTime() - start) / 1e9);
    }

    @SuppressWarnings("unchecked") // both take the way to the other
    private static void answer(
            ProcessRef<?> self, ProcessRef<?> other, long[] messages, long until, CountDownLatch over) {
        messages[0]++;
        if ((messages[0] & 1023) == 0 && System.nanoTime() > until) {
            over.countDown();
        } else {
            ((ProcessRef<ProcessRef<?>>) other).send(self);
        }
    }

    /** Handlers that sleep until the latch opens. */
    private static CountDownLatch block(Processes processes) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(BLOCKED);
        for (int i = 0; i < BLOCKED; i++) {
            processes
                    .spawn(_ -> (_, _) -> {
                        blocked.countDown();
                        while (never.getCount() > 0) {
                            Thread.sleep(100);
                        }
                        return null;
                    })
                    .send("sleep");
        }
        blocked.await();
        return never;
    }

    /** One Erlang process that asks another; null where Erlang is not installed. */
    private static @Nullable Long erlang() throws InterruptedException {
        try {
            Process erlang = new ProcessBuilder("erl", "-noshell", "-eval", ERLANG)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(erlang.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return erlang.waitFor() == 0 && said.matches("[0-9]+") ? Long.valueOf(said) : null;
        } catch (IOException notInstalled) {
            return null;
        }
    }
}
