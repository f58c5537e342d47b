package dev.berth.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// All ways lead to one process, and the clients are the same: what differs is what lies between. They take turns, so
// that a machine that is busy for a while is so for all of them; the median of three rounds counts.

/** Request and reply of 1,000 clients: through a gate, through HAProxy, directly, and through sessions. One thread. */
record GateRates(GateScene scene, long millis) {
    private static final int CLIENTS = 1_000;
    private static final int ROUNDS = 5;

    void byTurns(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
        try (OtherProcess gate = scene.gate("gate-rates", List.of())) {
            Map<String, Integer> ways = new LinkedHashMap<>();
            ways.put("gate_rate", GateScene.port(gate, GateHost.RELAY));
            ways.put("direct_rate", scene.echo());
            ways.put("one_jvm_rate", scene.gateInTown());
            ways.put("own_loop_rate", GateScene.port(gate, GateHost.OWN_LOOP));
            Optional<HaproxyProcess> proxy = HaproxyProcess.before(scene.echo());
            if (proxy.isEmpty()) {
                run(figures, ways);
                figures.put("haproxy_rate", null);
                return;
            }
            try (HaproxyProcess there = proxy.get()) {
                ways.put("haproxy_rate", there.port());
                scene.pids().put("haproxy", there.pid());
                run(figures, ways);
            }
        }
    }

    private void run(Map<String, @Nullable Object> figures, Map<String, Integer> ways)
            throws IOException, InterruptedException {
        Map<String, EchoCrowd> crowds = new LinkedHashMap<>();
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        try {
            for (int round = 0; round <= ROUNDS; round++) {
                scene.say(CLIENTS + " clients ask and are answered, by turns " + String.join(", ", ways.keySet())
                        + (round == 0 ? ": warming up" : ": round " + round + " of " + ROUNDS));
                for (Map.Entry<String, Integer> way : ways.entrySet()) {
                    String name = way.getKey();
                    EchoCrowd crowd = crowds.get(name);
                    if (crowd == null) {
                        crowd = new EchoCrowd(scene.loop(), way.getValue(), CLIENTS);
                        crowds.put(name, crowd);
                    }
                    double rate = crowd.rate(millis);
                    if (round > 0) {
                        rates.computeIfAbsent(name, _ -> new ArrayList<>()).add(rate);
                    }
                }
            }
        } finally {
            crowds.values().forEach(EchoCrowd::close);
        }
        rates.forEach((name, all) -> figures.put(name, Math.round(Gaps.median(all))));
    }

    /** Each word is kept by the user's session before it is answered. */
    void session(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
        GateTown.Word word = new GateTown.Word("x".repeat(Echo.SIZE));
        try (OtherProcess gate = scene.gate("gate-session", List.of());
                Crowd crowd = scene.crowd(1, CLIENTS, GateScene.port(gate, GateHost.SESSIONS))) {
            crowd.enter();
            scene.say(CLIENTS + " clients say and are answered, through their sessions");
            crowd.talk(0, _ -> word);
            TimeUnit.MILLISECONDS.sleep(2 * millis);
            long first = crowd.answered();
            double[] cpu = {scene.cpu(gate.pid()), scene.cpu(scene.townPid())};
            long start = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(2 * millis);
            double count = crowd.answered() - first;
            figures.put("session_rate", Math.round(count * 1e9 / (System.nanoTime() - start)));
            figures.put("session_gate_cpu_us", Bench.rounded((scene.cpu(gate.pid()) - cpu[0]) * 1e6 / count, 1));
            figures.put("session_town_cpu_us", Bench.rounded((scene.cpu(scene.townPid()) - cpu[1]) * 1e6 / count, 1));
            crowd.hush();
        }
    }
}
