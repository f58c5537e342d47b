package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.node.coordinator.CoordinatorConfig;
import dev.berth.node.launch.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

// Processes are stopped until the coordinator itself has ended their sessions, which it shows by removing what such a
// session leaves there, and go on. The callers call all the time; what they were told is compared at the end.

/**
 * Sessions at the coordinator that expire, of masters and of a member: {@code mvn -pl lab -am test -Pfaults
 * -Dtest=LostSessionsTest -Dsurefire.failIfNoSpecifiedTests=false}; about a minute.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LostSessionsTest {
    private static final long LEASE_NANOS = Profile.FAST.timings().leaseNanos();

    @TempDir
    Path dir;

    private final List<ZooKeeper> opened = new ArrayList<>();

    /** Looks at the coordinator. */
    private record Sessions(ZooKeeper keeper) {
        private static final String ALL = "/berth-sessions/" + Launched.CLUSTER;

        /** That of a master, or of the member in a process; "" without one. */
        String of(String who) throws Exception {
            for (String session : keeper.getChildren(ALL, false)) {
                String owner = owner(session);
                if (owner.equals(who)) {
                    return session.substring(1);
                }
            }
            return "";
        }

        private String owner(String session) throws Exception {
            try {
                return new String(keeper.getData(ALL + "/" + session, false, null), StandardCharsets.UTF_8);
            } catch (KeeperException.NoNodeException gone) {
                return "somebody who has just gone";
            }
        }
    }

    private Sessions sessions(String coordinator) throws IOException {
        ZooKeeper keeper = new ZooKeeper(coordinator, CoordinatorConfig.SESSION_MILLIS, _ -> {});
        opened.add(keeper);
        return new Sessions(keeper);
    }

    @AfterEach
    void hangUp() throws InterruptedException {
        for (ZooKeeper each : opened) {
            each.close();
        }
    }

    @Test
    @Tag("S2.6")
    @Tag("S2.14")
    @Tag("S4.18")
    void sessionsExpire_othersLead_whoeverComesBackHasANewSession_andCallsGoOn() throws Exception {
        try (Launched cluster = new Launched(dir, dir.resolve("zk"));
                Passengers passengers = new Passengers(cluster.gate(), "kv", Launched.SLOTS, 4)) {
            Sessions sessions = sessions(cluster.coordinator());
            passengers.awaitEverybody(Launched.LONG);
            List<Long> before = cluster.epochs();

            // The first stands by when it is back, and leads again when the second is lost: under a session of its own.
            String first = cluster.status().leader();
            String second = first.equals("m1") ? "m2" : "m1";
            leaderIsLost(cluster, sessions, first, second);
            passengers.awaitEverybody(Launched.LONG);
            leaderIsLost(cluster, sessions, second, first);
            passengers.awaitEverybody(Launched.LONG);

            String member = "a node, process " + cluster.pid("worker");
            String session = sessions.of(member);
            assertThat(session).isNotEmpty();
            cluster.freeze("worker");
            cluster.until("its session has expired", () -> sessions.of(member).isEmpty());
            cluster.thaw("worker");
            cluster.until("it has a new one", () -> !sessions.of(member).isEmpty());
            assertThat(sessions.of(member)).isNotEqualTo(session);
            passengers.awaitEverybody(Launched.LONG);

            withoutMasters(cluster, passengers);

            assertThat(cluster.epochs()).isEqualTo(before);
            assertThat(passengers.end(cluster.journal()))
                    .as(passengers.toString())
                    .isEmpty();
        }
    }

    private static String process(String master) {
        return "master-" + master.substring(1);
    }

    private static void leaderIsLost(Launched cluster, Sessions sessions, String leader, String other)
            throws Exception {
        String who = "master " + leader;
        String session = sessions.of(who);
        assertThat(session).isNotEmpty();
        ClusterMessage.Status before = cluster.status();

        cluster.freeze(process(leader));
        cluster.until("its session has expired", () -> sessions.of(who).isEmpty());
        cluster.until("the other leads", () -> cluster.status().leader().equals(other));
        assertThat(cluster.status().term()).isGreaterThan(before.term());
        cluster.thaw(process(leader));

        cluster.until("it has a new session", () -> !sessions.of(who).isEmpty());
        assertThat(sessions.of(who)).isNotEqualTo(session);
        // It is one of two again, and does not take the lead from its successor.
        assertThat(cluster.status().leader()).isEqualTo(other);
    }

    /** What the new session is for: while no master answers, the member renews in it, for longer than a lease lasts. */
    private static void withoutMasters(Launched cluster, Passengers passengers) throws Exception {
        cluster.freeze("master-1");
        cluster.freeze("master-2");
        long end = System.nanoTime() + 3 * LEASE_NANOS;
        while (System.nanoTime() < end) {
            passengers.awaitEverybody(Launched.LONG);
        }
        cluster.thaw("master-1");
        cluster.thaw("master-2");
        passengers.awaitEverybody(Launched.LONG);
    }
}
