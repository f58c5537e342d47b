package dev.berth.node.worker;

import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.node.coordinator.Coordinator;
import dev.berth.node.coordinator.CoordinatorConfig;
import dev.berth.node.member.Touches;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews at ZooKeeper, over a session that is open all the time: when it is needed there is no time to open one. Any thread. */
public record CoordinatorTouches(Coordinator coordinator) implements Touches {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorTouches.class);

    /** Connects in the background, and again whenever the connection is lost. */
    public static CoordinatorTouches open(String connection, String cluster) {
        Coordinator coordinator = new Coordinator(
                new CoordinatorConfig(connection, cluster),
                "a node, process " + ProcessHandle.current().pid(),
                LOG::info,
                broken -> LOG.error("this node can no longer renew at the coordinator", broken));
        coordinator.start();
        return new CoordinatorTouches(coordinator);
    }

    @Override
    public void touch(MemberAction.Touch touch, Consumer<? super MemberEvent> answer) {
        coordinator.touch(touch, answer);
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
