package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Certificate.Proof;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// Members fall silent: dead, deaf, mute, paused, all at once, or only because nobody listened. Read is who is replaced,
// when, and who is not.
class SilenceTest {
    private static final Offer ONE = new Offer("role", 1, false);
    private static final Offer STANDBY = new Offer("role", 1, true);

    private final List<Moored<MemberEvent, MemberAction>> owners = new ArrayList<>();

    private Quay running(int slots) {
        Quay quay = new Quay(1, new ServicePlan("role", slots, 0, false));
        quay.elect("m0");
        for (int i = 0; i < slots; i++) {
            owners.add(quay.start("w" + i, ONE));
        }
        quay.run(5 * S);
        for (int i = 0; i < slots; i++) {
            assertThat(quay.serves(owners.get(i), i + 1)).isTrue();
        }
        return quay;
    }

    private static List<Incarnation> listed(Quay quay) {
        List<Incarnation> lives = new ArrayList<>();
        quay.ledger.now().forEachMember(listing -> lives.add(listing.incarnation()));
        return lives;
    }

    @Test
    @Tag("S1.6")
    @Tag("S1.25")
    @Tag("S2.29")
    void rule7_ownerIsReplaced_onlyWhenItsLeaseHasSurelyLapsed() {
        Quay quay = running(2);
        quay.start("w2", STANDBY);
        var owner = owners.getFirst();
        long lastBeat = quay.now;
        owner.kill();

        quay.await("it is expelled", 12 * S, () -> !quay.ledger.now().lists(life(owner)));

        assertThat(quay.now).isGreaterThan(lastBeat - S + quay.timings.stretched(5 * S));
        assertThat(quay.now).isLessThan(lastBeat + quay.timings.stretched(5 * S) + S);
    }

    @Test
    @Tag("S2.29")
    void rule4_deafOwner_isReplaced_thoughItsBeatsArrive() {
        Quay quay = running(1);
        var standby = quay.start("w1", STANDBY);
        var owner = owners.getFirst();

        quay.lose(ClusterMessage.ToMember.class, letter -> letter.to().equals("w0"));

        quay.await("the standby serves", 15 * S, () -> quay.serves(standby, 1));
        assertThat(quay.mayAct(owner)).isFalse();
    }

    @Test
    void rule4_muteOwner_isReplaced_thoughAnswersWouldReachIt() {
        Quay quay = running(1);
        var standby = quay.start("w1", STANDBY);

        quay.lose(ClusterMessage.ToMaster.class, letter -> letter.from().equals("w0"));

        quay.await("the standby serves", 12 * S, () -> quay.serves(standby, 1));
    }

    @Test
    void rule4_beatsOfAnotherLife_doNotKeepTheListedOneAlive() {
        Quay quay = running(1);
        var standby = quay.start("w1", STANDBY);
        var owner = owners.getFirst();
        owner.kill();
        Incarnation another = new Incarnation(life(owner).node(), life(owner).number() + 1);

        for (int i = 0; i < 12; i++) {
            quay.run(S);
            quay.say(owner, "m0", new ClusterMessage.Beat(another, i, 9, 1, quay.now, 0, quay.now));
        }

        assertThat(quay.serves(standby, 1)).isTrue();
        assertThat(quay.sent(ClusterMessage.Expelled.class, owner))
                .extracting(ClusterMessage.Expelled::incarnation)
                .contains(another);
    }

    @Test
    void rule22_certificateOfTheLauncher_replacesTheWaiting() {
        Quay quay = running(1);
        var standby = quay.start("w1", STANDBY);
        quay.run(2 * S);
        var owner = owners.getFirst();
        owner.kill();

        quay.say(standby, "m0", dead(owner, life(owner), "launcher of w0"));

        quay.await("the standby serves", 200 * MS, () -> quay.serves(standby, 1));
    }

    @Test
    void rule22_certificateOfAnotherLauncher_orForAnotherLife_isRefused() {
        Quay quay = running(1);
        var standby = quay.start("w1", STANDBY);
        quay.run(2 * S);
        var owner = owners.getFirst();
        Incarnation life = life(owner);

        quay.say(standby, "m0", dead(owner, life, "launcher of w1"));
        quay.say(standby, "m0", dead(owner, new Incarnation(life.node(), life.number() + 1), "launcher of w0"));
        quay.say(standby, "m0", dead(owner, new Incarnation(life.node(), life.number() - 1), "launcher of w0"));
        quay.run(20 * S);

        assertThat(quay.serves(owner, 1)).isTrue();
    }

    private static ClusterMessage.Dead dead(Moored<MemberEvent, MemberAction> whom, Incarnation life, String launcher) {
        return new ClusterMessage.Dead(new Certificate(whom.name, life, launcher, Proof.WAITED));
    }

    @Test
    @Tag("S1.19")
    void stoppedMember_isReplacedAtOnce() {
        Quay quay = running(1);
        var standby = quay.start("w1", STANDBY);
        quay.run(2 * S);

        owners.getFirst().tell(quay.now, new MemberEvent.Stop("maintenance"));

        quay.await("the standby serves", 200 * MS, () -> quay.serves(standby, 1));
    }

    @Test
    void rule23_aThirdOfManyFallSilent_theBrakeWaitsThenMovesOneASecond() {
        Quay quay = running(6);
        List<Moored<MemberEvent, MemberAction>> standbys = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            standbys.add(quay.start("s" + i, STANDBY));
        }
        quay.run(2 * S);
        List<Moored<MemberEvent, MemberAction>> lost = owners.subList(0, 3);
        long silence = quay.now;
        lost.forEach(Moored::kill);

        quay.run(quay.timings.stretched(5 * S) + 2 * S);
        assertThat(lost).allSatisfy(owner -> assertThat(listed(quay)).contains(life(owner)));

        List<Long> times = new ArrayList<>();
        for (int left = 2; left >= 0; left--) {
            int still = left;
            quay.await(
                    "one less",
                    30 * S,
                    () -> lost.stream()
                                    .filter(owner -> quay.ledger.now().lists(life(owner)))
                                    .count()
                            <= still);
            times.add(quay.now);
        }
        assertThat(times.getFirst()).isGreaterThan(silence + quay.timings.stretched(5 * S) - S + 15 * S);
        assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(S);
        assertThat(times.get(2) - times.get(1)).isGreaterThanOrEqualTo(S);
        quay.run(S);
        assertThat(standbys)
                .allSatisfy(standby -> assertThat(quay.mayAct(standby)).isTrue());
    }

    @Test
    void rule23_thoseWhoComeBackUnderTheBrake_keepTheirSlots() {
        Quay quay = running(6);
        quay.start("s0", STANDBY);
        quay.run(2 * S);
        List<Moored<MemberEvent, MemberAction>> away = owners.subList(0, 3);

        away.forEach(Moored::pause);
        quay.run(15 * S);
        away.forEach(owner -> owner.resume(quay.now));
        quay.run(30 * S);

        for (int i = 0; i < 6; i++) {
            assertThat(quay.serves(owners.get(i), i + 1)).as("slot %s", i + 1).isTrue();
        }
    }

    @Test
    void rule23_twoNodes_neverEngageTheBrake() {
        Quay quay = running(2);
        var standbys = List.of(quay.start("s0", STANDBY), quay.start("s1", STANDBY));
        quay.run(2 * S);
        owners.forEach(Moored::kill);

        quay.await(
                "both are replaced",
                9 * S,
                () -> (quay.serves(standbys.get(0), 1) && quay.serves(standbys.get(1), 2))
                        || (quay.serves(standbys.get(0), 2) && quay.serves(standbys.get(1), 1)));
    }

    @Test
    void rule23_pausedMaster_evictsNobodyOnWaking() {
        Quay quay = new Quay(1, new ServicePlan("role", 3, 0, false));
        var master = quay.elect("m0");
        for (int i = 0; i < 3; i++) {
            owners.add(quay.start("w" + i, new Offer("role", 3, false)));
        }
        quay.run(5 * S);
        List<Incarnation> before = listed(quay);
        // What came in while it was paused got lost: it really has not heard anybody.
        var gap = quay.lose(ClusterMessage.ToMaster.class, _ -> true);
        master.pause();
        quay.run(13 * S);
        quay.lost.remove(gap);
        master.resume(quay.now);
        quay.run(20 * S);

        assertThat(listed(quay)).isEqualTo(before);
        assertThat(owners).allSatisfy(owner -> assertThat(quay.mayAct(owner)).isTrue());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 700, 1_400, 2_100})
    @Tag("S1.23")
    void rule3_masterThatLostTheCoordinator_evictsNobodyWhenItIsBack(int phaseMillis) {
        Quay quay = new Quay(1, new ServicePlan("role", 2, 0, false));
        quay.elect("m0");
        owners.add(quay.start("w0", new Offer("role", 2, false)));
        quay.run(700 * MS);
        owners.add(quay.start("w1", new Offer("role", 2, false)));
        quay.run(5 * S);
        List<Incarnation> before = listed(quay);
        quay.start("s0", STANDBY);

        quay.ledger.down = true;
        quay.run(20 * S + phaseMillis * MS);
        assertThat(owners).noneSatisfy(owner -> assertThat(quay.mayAct(owner)).isTrue());
        quay.ledger.down = false;
        quay.run(20 * S);

        assertThat(listed(quay)).isEqualTo(before);
        assertThat(owners).allSatisfy(owner -> assertThat(quay.mayAct(owner)).isTrue());
    }
}
