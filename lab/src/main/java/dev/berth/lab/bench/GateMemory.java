package dev.berth.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What clients cost that have logged in and say nothing but that they are there. One thread. */
record GateMemory(GateScene scene) {
    /** They come first, so that what a virtual machine needs once is not counted. */
    private static final int FIRST = 500;

    private static final long FIRST_USER = 100_000;
    /** Of one process, which may have 20,000 files open here. */
    private static final int PER_PROCESS = 17_000;

    private static final long MANY_FIRST_USER = 10_000_000;
    private static final long IDLE_SECONDS = 30;

    /** At one gate. */
    void one(Map<String, @Nullable Object> figures, int clients) throws IOException, InterruptedException {
        String name = "gate-idle";
        try (OtherProcess gate = scene.gate(name, GateScene.FLAT)) {
            int port = GateScene.port(gate, GateHost.SESSIONS);
            int before = Math.min(FIRST, clients);
            try (Crowd first = scene.crowd(FIRST_USER, before, port);
                    Crowd more = scene.crowd(FIRST_USER + before, clients, port)) {
                scene.say(before + " clients log in and are idle, then " + clients + " more");
                first.enter();
                GateScene.Memory empty = scene.memory(name, gate.pid());
                double cpu = scene.cpu(gate.pid());
                long start = System.nanoTime();
                more.enter();
                figures.put("login_rate", Math.round(clients * 1e9 / (System.nanoTime() - start)));
                figures.put("login_gate_cpu_us", Math.round((scene.cpu(gate.pid()) - cpu) * 1e6 / clients));
                GateScene.Memory after = scene.memory(name, gate.pid());
                double heap = (double) (after.heap() - empty.heap()) / clients;
                double resident = (double) (after.resident() - empty.resident()) / clients;
                figures.put("idle_clients", more.online());
                figures.put("idle_kib", Bench.rounded((heap + resident) / 1024, 2));
                figures.put("idle_heap_kib", Bench.rounded(heap / 1024, 2));
            }
        }
    }

    /** At several, with clients in several processes. */
    void many(Map<String, @Nullable Object> figures, int clients) throws IOException, InterruptedException {
        int count = (clients + PER_PROCESS - 1) / PER_PROCESS;
        List<OtherProcess> gates = new ArrayList<>();
        List<OtherProcess> crowds = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                gates.add(scene.gate("gate-" + i, GateScene.FLAT));
            }
            for (OtherProcess gate : gates) {
                gate.words();
            }
            scene.say(clients + " clients in " + count + " processes log in at " + count + " gates");
            GateScene.Memory[] before = memory(gates);
            long kernel = GateScene.kernel();
            double cpu = cpu(gates);
            double townCpu = scene.cpu(scene.townPid());
            long townMiB = new Proc(scene.townPid()).residentMiB();
            long start = System.nanoTime();
            int in = 0;
            for (int i = 0; i < count; i++) {
                int its = clients / count + (i < clients % count ? 1 : 0);
                OtherProcess crowd = scene.process(
                        CrowdHost.class,
                        "clients-" + i,
                        List.of(),
                        List.of(
                                String.valueOf(MANY_FIRST_USER + in),
                                String.valueOf(its),
                                String.valueOf(GateScene.port(gates.get(i), GateHost.SESSIONS))));
                crowds.add(crowd);
                crowd.words();
                in += its;
                scene.say(in + " are in after " + (System.nanoTime() - start) / 1_000_000_000 + " s");
            }
            figures.put("many_clients", in);
            figures.put("many_gates", count);
            figures.put("many_login_rate", Math.round(in * 1e9 / (System.nanoTime() - start)));
            figures.put("many_login_gate_cpu_us", Math.round((cpu(gates) - cpu) * 1e6 / in));
            figures.put("many_login_town_cpu_us", Math.round((scene.cpu(scene.townPid()) - townCpu) * 1e6 / in));
            GateScene.Memory[] after = memory(gates);
            long bytes = 0;
            for (int i = 0; i < count; i++) {
                bytes += after[i].heap() - before[i].heap() + after[i].resident() - before[i].resident();
            }
            figures.put("many_kib", Bench.rounded(bytes / 1024.0 / in, 2));
            figures.put("many_kernel_kib", Bench.rounded((GateScene.kernel() - kernel) / 1024.0 / in, 2));
            figures.put("many_town_mib", new Proc(scene.townPid()).residentMiB() - townMiB);
            scene.say("they are idle for " + IDLE_SECONDS + " s");
            double idle = cpu(gates);
            double townIdle = scene.cpu(scene.townPid());
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            figures.put("many_gate_cpu_us_per_s", Bench.rounded((cpu(gates) - idle) * 1e6 / in / IDLE_SECONDS, 2));
            figures.put(
                    "many_town_cpu_us_per_s",
                    Bench.rounded((scene.cpu(scene.townPid()) - townIdle) * 1e6 / in / IDLE_SECONDS, 2));
        } finally {
            crowds.forEach(OtherProcess::close);
            gates.forEach(OtherProcess::close);
        }
    }

    private GateScene.Memory[] memory(List<OtherProcess> gates) throws IOException, InterruptedException {
        GateScene.Memory[] all = new GateScene.Memory[gates.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = scene.memory("gate-" + i, gates.get(i).pid());
        }
        return all;
    }

    private double cpu(List<OtherProcess> processes) throws IOException {
        double sum = 0;
        for (OtherProcess each : processes) {
            sum += scene.cpu(each.pid());
        }
        return sum;
    }
}
