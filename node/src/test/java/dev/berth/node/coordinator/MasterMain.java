package dev.berth.node.coordinator;

import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A master as a process, to which nobody connects: {@code SERVERS NAME}. It ends when it is broken, or killed. */
final class MasterMain {
    private MasterMain() {}

    public static void main(String[] args) throws InterruptedException {
        CountDownLatch halted = new CountDownLatch(1);
        MasterConfig config = new MasterConfig(
                args[1],
                List.of("m1", "m2"),
                Timings.DEFAULT.dividedBy(4),
                List.of(ServicePlan.plain("role", 4)),
                SettingsCatalog.BUILT_IN);
        CoordinatorConfig where = new CoordinatorConfig(args[0], "test", CoordinatorConfig.SESSION_MILLIS / 4);
        new MasterNode(config, where, new Pier(), _ -> halted.countDown()).start();
        halted.await();
        System.exit(1);
    }
}
