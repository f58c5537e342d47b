package dev.berth.lab.bench;

import dev.berth.lab.bench.GateTown.Note;
import dev.berth.lab.bench.GateTown.Notebook;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// Each client says a number now and then, from before its gate is killed until after it is back. The number is kept,
// answered and told: a client that missed one, heard one twice or in another order would notice, and in the end what is
// kept is compared with what was said.

/** The clients of a gate that is killed go on at another. One thread. */
record GateStorm(GateScene scene, int clients) {
    private static final long TALK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int OTHERS = 1_000;
    private static final long FIRST_OTHER = 500_000;
    private static final long FIRST = 1_000_000;

    void measure(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
        try (OtherProcess doomed = scene.gate("gate-killed", List.of());
                OtherProcess refuge = scene.gate("gate-other", List.of())) {
            int from = GateScene.port(doomed, GateHost.SESSIONS);
            int to = GateScene.port(refuge, GateHost.SESSIONS);
            try (Crowd others = scene.crowd(FIRST_OTHER, OTHERS, to);
                    Crowd crowd = scene.crowd(FIRST, clients, from, to)) {
                scene.say(clients + " clients at a gate and " + OTHERS + " at another each say something every "
                        + TimeUnit.NANOSECONDS.toSeconds(TALK_NANOS) + " s; then the first gate is killed");
                others.enter();
                crowd.enter();
                others.talk(TALK_NANOS, Note::new);
                crowd.talk(TALK_NANOS, Note::new);
                TimeUnit.NANOSECONDS.sleep(TALK_NANOS * 3 / 4);
                kill(figures, doomed, refuge, crowd);
                TimeUnit.NANOSECONDS.sleep(TALK_NANOS / 4);
                crowd.hush();
                others.hush();
                figures.put("storm_notes", judged(crowd.noted()));
            }
        }
    }

    private void kill(Map<String, @Nullable Object> figures, OtherProcess doomed, OtherProcess refuge, Crowd crowd)
            throws IOException, InterruptedException {
        List<Long> pids =
                List.of(refuge.pid(), scene.townPid(), ProcessHandle.current().pid());
        double before = cpu(pids);
        long start = System.nanoTime();
        Harbor.signal("KILL", doomed.pid());
        crowd.awaitResumed();
        figures.put("storm_seconds", Bench.rounded((System.nanoTime() - start) / 1e9, 2));
        figures.put("storm_cpu_seconds", Bench.rounded(cpu(pids) - before, 2));
    }

    private double cpu(List<Long> pids) throws IOException {
        double sum = 0;
        for (long pid : pids) {
            sum += scene.cpu(pid);
        }
        return sum;
    }

    /** What was said is what there is, once each: so many. */
    private long judged(List<Long> noted) throws IOException {
        long sum = 0;
        for (int i = 0; i < noted.size(); i++) {
            long there =
                    scene.app().agent(scene.node(), Notebook.class, FIRST + i).last();
            if (there != noted.get(i)) {
                throw new IOException("user " + (FIRST + i) + " has noted " + noted.get(i) + ", kept are " + there);
            }
            sum += there;
        }
        return sum;
    }
}
