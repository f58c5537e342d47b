package dev.berth.node.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Refusal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Two real masters on a real coordinator, each behind a cable of its own, and members' machines on links within the
// JVM. All times are a quarter of the default ones. What is asserted is what must never be, and what comes
// eventually.
class MasterNodeTest {
    private static final Timings TIMINGS = Timings.DEFAULT.dividedBy(4);
    private static final int SESSION_MILLIS = CoordinatorConfig.SESSION_MILLIS / 4;
    private static final List<String> NAMES = List.of("m1", "m2");

    @TempDir
    Path dir;

    private final List<AutoCloseable> closing = new ArrayList<>();
    private final Eventually<Throwable> halts = new Eventually<>();
    private final List<Pier> piers = List.of(new Pier(), new Pier());
    private final List<Cable> cables = new ArrayList<>();
    private final List<MasterNode> masters = new ArrayList<>();
    private LocalServer server;
    private Records records;

    @BeforeEach
    void start() throws Exception {
        server = new LocalServer(dir);
        closing.add(server);
        records = new Records(where(server.address()));
        closing.add(records);
        for (int i = 0; i < NAMES.size(); i++) {
            Cable cable = new Cable(server.address());
            closing.add(cable);
            cables.add(cable);
            MasterConfig config = new MasterConfig(
                    NAMES.get(i), NAMES, TIMINGS, List.of(ServicePlan.plain("role", 4)), SettingsCatalog.BUILT_IN);
            MasterNode master = new MasterNode(config, where(cable.address()), piers.get(i), halts::add);
            closing.add(master);
            masters.add(master);
            master.start();
            if (i == 0) {
                // So it is the eldest candidate.
                records.awaitLeader("m1");
            }
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
    }

    private static CoordinatorConfig where(String address) {
        return new CoordinatorConfig(address, "test", SESSION_MILLIS);
    }

    private Deckhand member(String name) {
        Deckhand member =
                new Deckhand(name, List.of(new Offer("role", 2, true)), TIMINGS, where(server.address()), piers);
        closing.add(member);
        member.start();
        return member;
    }

    private static Set<String> serveAll(Deckhand... members) throws InterruptedException {
        Set<String> all = new TreeSet<>();
        for (Deckhand member : members) {
            member.await(MemberAction.RunDone.class);
            member.await(MemberAction.RunDone.class);
            all.addAll(member.serving());
        }
        return all;
    }

    @Test
    @Tag("S2.6")
    void slots_areGrantedLoadedAndServed() throws Exception {
        Set<String> serving = serveAll(member("n1"), member("n2"));

        assertThat(serving).hasSize(4);
        assertThat(serving.stream().map(name -> name.substring(0, name.indexOf('@'))))
                .doesNotHaveDuplicates();
    }

    @Test
    @Tag("S2.14")
    @Tag("S4.18")
    void leadersSessionIsLost_theOtherLeadsWithAGreaterElectionAndTerm_andSlotsStay() throws Exception {
        Deckhand first = member("n1");
        Deckhand second = member("n2");
        Set<String> before = serveAll(first, second);
        Durable led = records.awaitLeader("m1");

        cables.getFirst().cut();

        Durable next = records.awaitLeader("m2");
        assertThat(next.term().election()).isGreaterThan(led.term().election());
        assertThat(next.term().term()).isGreaterThan(led.term().term());
        assertThat(next.term().resigned()).isFalse();
        // Whoever waits is admitted by the new master: it leads indeed.
        member("n3").await(MemberAction.Install.class);
        assertThat(first.serving()).isSubsetOf(before);
        assertThat(second.serving()).isSubsetOf(before);

        cables.getFirst().mend();
        cables.getLast().cut();
        Durable last = records.awaitLeader("m1");
        assertThat(last.term().election()).isGreaterThan(next.term().election());
        assertThat(last.term().term()).isGreaterThan(next.term().term());
    }

    @Test
    void leaderResigns_theOtherKnowsThatItDid() throws Exception {
        long election = records.awaitLeader("m1").term().election();

        masters.getFirst().close();

        Durable next = records.awaitLeader("m2");
        assertThat(next.term().term()).isGreaterThanOrEqualTo(2);
        assertThat(next.term().election()).isGreaterThan(election);
    }

    @Test
    void coordinatorAwayForLong_membersSuspend_andResumeInPlace() throws Exception {
        Deckhand first = member("n1");
        Deckhand second = member("n2");
        Set<String> before = serveAll(first, second);

        server.stop();
        first.await(MemberAction.Suspend.class);
        second.await(MemberAction.Suspend.class);
        server.startAgain();

        first.await(MemberAction.Resume.class);
        second.await(MemberAction.Resume.class);
        Set<String> after = new TreeSet<>(first.serving());
        after.addAll(second.serving());
        assertThat(after).as("the same slots under the same epochs").isEqualTo(before);
    }

    @Test
    void coordinatorAwayForAMoment_costsNoSlot() throws Exception {
        Deckhand first = member("n1");
        Deckhand second = member("n2");
        Set<String> before = serveAll(first, second);
        server.stop();
        server.startAgain();

        records.awaitRenewal();
        member("n3").await(MemberAction.Install.class);
        Set<String> after = new TreeSet<>(first.serving());
        after.addAll(second.serving());
        assertThat(after).isEqualTo(before);
    }

    // 150 members with eight addresses of a kilobyte are more than ZooKeeper takes in one node.
    @Test
    void viewThatWouldNotFit_isRefusedToWhoeverMakesItTooLarge_andTheMasterGoesOn() throws Exception {
        Pier pier = piers.getFirst();
        Eventually<ClusterMessage.ToMember> heard = new Eventually<>();
        List<String> addresses = Collections.nCopies(8, "a".repeat(1_000));
        for (int i = 0; i < 150; i++) {
            ClusterMessage.Join join = new ClusterMessage.Join(
                    "large-" + i, new Nonce(5, i), 0, List.of(), addresses, "", Incarnation.NONE);
            pier.say(pier.connect(heard::add), join);
        }

        ClusterMessage.Refused refused = heard.await(ClusterMessage.Refused.class);
        assertThat(refused.reason()).isEqualTo(Refusal.VIEW_FULL);
        assertThat(refused.detail()).contains("at most 1000000", "remove members");
        Durable full =
                records.await("a full view", durable -> durable.view().members().size() > 100);
        assertThat(full.view().members()).hasSizeLessThan(130);
        records.awaitRenewal();
        assertThat(records.awaitLeader("m1").view().number())
                .isGreaterThanOrEqualTo(full.view().number());
    }
}
