package dev.berth.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.gateway.PlaceAnswer.Full;
import dev.berth.core.gateway.PlaceAnswer.NoWay;
import dev.berth.core.gateway.PlaceAnswer.Reserved;
import dev.berth.core.gateway.UsherAction.Ask;
import dev.berth.core.gateway.UsherAction.HandOff;
import dev.berth.core.gateway.UsherAction.NoPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One gateway, its servers and clients played by hand: events in, actions out, time in milliseconds. */
class UsherTest {
    private static final long MILLI = 1_000_000;
    private static final long PATIENCE = 10_000;

    private final Usher usher = new Usher(UsherConfig.DEFAULT, new SplittableRandom(7));
    private final List<UsherAction> actions = new ArrayList<>();
    private long now;

    private List<UsherAction> on(UsherEvent event) {
        actions.clear();
        usher.on(now * MILLI, event, actions::add);
        return List.copyOf(actions);
    }

    private List<UsherAction> servers(Long... all) {
        return on(new UsherEvent.Servers(List.of(all)));
    }

    private List<UsherAction> seeks(long client) {
        return on(new UsherEvent.Seeks(client, Way.TCP, PATIENCE * MILLI));
    }

    private List<UsherAction> answer(UsherAction ask, PlaceAnswer answer) {
        return on(new UsherEvent.Answered(((Ask) ask).question(), answer));
    }

    /** All that happens until then, each at its time. */
    private List<UsherAction> until(long millis) {
        List<UsherAction> all = new ArrayList<>();
        while (usher.nextWakeNanos() <= millis * MILLI) {
            now = Math.ceilDiv(usher.nextWakeNanos(), MILLI);
            usher.advance(now * MILLI, all::add);
        }
        now = millis;
        return all;
    }

    @Test
    @Tag("S3.31")
    void fullServer_isSkipped_andTheNextOneHasAPlace() {
        servers(1L, 2L);
        UsherAction first = seeks(7).getFirst();
        UsherAction second = answer(first, new Full()).getFirst();

        assertThat(((Ask) second).server()).isNotEqualTo(((Ask) first).server());
        assertThat(answer(second, new Reserved("b:2"))).containsExactly(new HandOff(7, "b:2"));
        assertThat(usher.seekers()).isZero();
    }

    @Test
    @Tag("S3.31")
    void serversAreDrawnAtRandom() {
        servers(1L, 2L, 3L);
        TreeSet<Long> asked = new TreeSet<>();
        for (long client = 1; client <= 60; client++) {
            asked.add(((Ask) seeks(client).getFirst()).server());
        }
        assertThat(asked).containsExactly(1L, 2L, 3L);
    }

    @Test
    @Tag("D4")
    void allFull_theCrowdAsksEachFourTimesASecond_andIsToldInTime() {
        servers(1L, 2L);
        List<UsherAction> open = new ArrayList<>();
        for (long client = 1; client <= 1_000; client++) {
            open.addAll(seeks(client));
        }
        assertThat(open).hasSize(2 * UsherConfig.DEFAULT.underWay());
        open.forEach(ask -> assertThat(answer(ask, new Full())).isEmpty());
        int asks = 0;
        List<UsherAction> told = new ArrayList<>();
        while (now < PATIENCE) {
            for (UsherAction action : until(Math.ceilDiv(usher.nextWakeNanos(), MILLI))) {
                if (action instanceof Ask) {
                    asks++;
                    assertThat(answer(action, new Full())).isEmpty();
                } else {
                    told.add(action);
                }
            }
        }

        assertThat(asks).isBetween(70, 82);
        assertThat(told)
                .hasSize(1_000)
                .allSatisfy(each -> assertThat(each).isInstanceOfSatisfying(NoPlace.class, no -> {
                    assertThat(no.why()).isEqualTo("none of 2 servers has a place: 2 full, 0 silent");
                    assertThat(no.retryMillis()).isBetween(1_000, 3_000);
                }));
        assertThat(usher.seekers()).isZero();
    }

    @Test
    @Tag("D5")
    void noServer_isNoAddress_butAnAnswerInTime() {
        assertThat(seeks(1)).isEmpty();
        assertThat(until(PATIENCE - 1)).isEmpty();
        assertThat(until(PATIENCE))
                .singleElement()
                .isInstanceOfSatisfying(
                        NoPlace.class, no -> assertThat(no.why()).isEqualTo("no server is there at this moment"));
    }

    @Test
    @Tag("D6")
    @Tag("S3.30")
    void serverComes_whileClientsWait_andTakesThem() {
        seeks(1);
        seeks(2);
        until(9_000);
        List<UsherAction> asks = servers(1L);

        assertThat(asks).hasSize(2);
        assertThat(answer(asks.get(0), new Reserved("a:1"))).containsExactly(new HandOff(1, "a:1"));
        assertThat(answer(asks.get(1), new Reserved("a:1"))).containsExactly(new HandOff(2, "a:1"));
    }

    @Test
    @Tag("S3.34")
    void serverGoes_withAQuestionUnderWay_andTheNextIsAskedAtOnce() {
        servers(1L);
        UsherAction ask = seeks(1).getFirst();

        assertThat(servers(2L))
                .singleElement()
                .isInstanceOfSatisfying(
                        Ask.class, next -> assertThat(next.server()).isEqualTo(2));
        assertThat(answer(ask, new Reserved("dead:1"))).isEmpty();
    }

    @Test
    void silentServer_isPassedOver_andAskedAgainLater() {
        servers(1L);
        seeks(1);
        assertThat(until(2_000)).isEmpty();
        assertThat(until(2_999)).isEmpty();
        UsherAction again = until(3_000).getFirst();
        assertThat(on(new UsherEvent.Failed(((Ask) again).question()))).isEmpty();
        assertThat(answer(until(4_000).getFirst(), new Reserved("a:1"))).containsExactly(new HandOff(1, "a:1"));
    }

    @Test
    void oneClientAsksWhetherThereIsAPlaceAgain_andThenAllDo() {
        servers(1L);
        List<UsherAction> asks = new ArrayList<>(seeks(1));
        for (long client = 2; client <= 5; client++) {
            asks.addAll(seeks(client));
        }
        asks.forEach(ask -> answer(ask, new Full()));
        List<UsherAction> probe = until(250);

        assertThat(probe).hasSize(1);
        List<UsherAction> after = answer(probe.getFirst(), new Reserved("a:1"));
        assertThat(after.getFirst()).isEqualTo(new HandOff(1, "a:1"));
        assertThat(after).hasSize(5);
    }

    @Test
    void serverWithoutThisWay_isAskedOnce_andServesTheOther() {
        servers(1L);
        answer(seeks(1).getFirst(), new NoWay());
        assertThat(seeks(2)).isEmpty();
        assertThat(usher.nextWakeNanos()).isEqualTo(PATIENCE * MILLI);
        assertThat(on(new UsherEvent.Seeks(3, Way.WEB, PATIENCE * MILLI)))
                .singleElement()
                .isInstanceOf(Ask.class);
    }

    @Test
    void clientLeaves_andItsAnswerIsNobodys() {
        servers(1L);
        UsherAction ask = seeks(1).getFirst();
        on(new UsherEvent.Left(1));
        assertThat(answer(ask, new Reserved("a:1"))).isEmpty();
        assertThat(until(60_000)).isEmpty();
    }

    @Test
    void oneTooMany_isToldAtOnce() {
        for (long client = 1; client <= UsherConfig.DEFAULT.clients(); client++) {
            assertThat(seeks(client)).isEmpty();
        }
        assertThat(seeks(0)).singleElement().isInstanceOf(NoPlace.class);
    }
}
