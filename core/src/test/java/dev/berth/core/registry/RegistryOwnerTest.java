package dev.berth.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Plan: an owner is fed what fronts send, and its answers and notices are read. First while it rebuilds, then as the
// one writer of a table; then what expulsion and full bounds do to it.
class RegistryOwnerTest {
    private static final RegistryKey KEY = RegistryKey.of("player", "anna");
    private static final RegistryLimits LIMITS = new RegistryLimits(9, 2, 100, 1, 9, 9, 9, new Backoff(1, 1));

    private final RegistryViews views = new RegistryViews();
    private final Incarnation anna;
    private final Incarnation bob;
    private final Incarnation carl;
    private final RegistryOwner owner;
    private final List<RegistryOwnerAction> pushed = new ArrayList<>();

    RegistryOwnerTest() {
        List<Incarnation> lives = views.admit(1, 2, 3);
        anna = lives.get(0);
        bob = lives.get(1);
        carl = lives.get(2);
        views.run(carl);
        owner = new RegistryOwner(new Grant(RegistryViews.SLOT, views.view().number()), views.view(), LIMITS);
        tell(new RegistryOwnerEvent.Closed(views.view()));
    }

    private static RegistryEntry entry(RegistryKey key, Incarnation holder, long stamp, String share) {
        return new RegistryEntry(key, holder.node().value() * 100L + stamp, holder, Bytes.utf8(share), stamp, 0);
    }

    private RegistryMessage.Reply ask(Incarnation from, RegistryMessage.Request message) {
        List<RegistryMessage.Reply> replies = new ArrayList<>();
        owner.on(0, new RegistryOwnerEvent.Received(from, 1, message), action -> {
            switch (action) {
                case RegistryOwnerAction.Answer answer -> {
                    assertThat(answer.to()).isEqualTo(from);
                    replies.add(answer.reply());
                }
                case RegistryOwnerAction.Push push -> pushed.add(push);
                case RegistryOwnerAction.Note _ -> {}
            }
        });
        assertThat(replies).hasSize(1);
        return replies.getFirst();
    }

    private void tell(RegistryOwnerEvent event) {
        owner.on(0, event, _ -> {});
    }

    /** Installed, and its barrier has closed. */
    private void expelled(View next) {
        tell(new RegistryOwnerEvent.Installed(next));
        tell(new RegistryOwnerEvent.Closed(next));
    }

    private RegistryMessage.Reply register(Incarnation from, RegistryKey key, long stamp) {
        return ask(from, new RegistryMessage.Register(entry(key, from, stamp, "s")));
    }

    private void reportAll() {
        for (Incarnation member : List.of(anna, bob, carl)) {
            ask(member, new RegistryMessage.Report(List.of(), true));
        }
    }

    private Incarnation holder(Incarnation asker, RegistryKey key) {
        return ask(asker, new RegistryMessage.Lookup(key)) instanceof RegistryMessage.Found found
                ? found.entry().holder()
                : Incarnation.NONE;
    }

    // ---- rebuild

    @Test
    @Tag("S1.29")
    void rebuilding_answersFromReports_butAMissIsNotAbsent_rule24() {
        ask(anna, new RegistryMessage.Report(List.of(entry(KEY, anna, 1, "s")), true));
        assertThat(holder(bob, KEY)).isEqualTo(anna);
        assertThat(ask(bob, new RegistryMessage.Lookup(RegistryKey.of("player", "x"))))
                .isEqualTo(new RegistryMessage.Rebuilding());
    }

    @Test
    void rebuilding_acceptsNothingNew_untilTheLastHasReported_rule24() {
        ask(anna, new RegistryMessage.Report(List.of(), true));
        ask(carl, new RegistryMessage.Report(List.of(), true));
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Rebuilding());

        ask(bob, new RegistryMessage.Report(List.of(), false));
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Rebuilding());

        ask(bob, new RegistryMessage.Report(List.of(entry(KEY, bob, 1, "s")), true));
        assertThat(register(anna, KEY, 1)).isInstanceOf(RegistryMessage.Taken.class);
        assertThat(ask(anna, new RegistryMessage.Lookup(RegistryKey.of("player", "x"))))
                .isEqualTo(new RegistryMessage.Absent());
    }

    @Test
    void reporterRegistersAgain_whileOthersAreAwaited_isConfirmed() {
        ask(anna, new RegistryMessage.Report(List.of(entry(KEY, anna, 1, "s")), true));
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Registered());
    }

    @Test
    void excusedMember_isNotAwaited_andItsLateReportIsVoid_scenario25() {
        ask(anna, new RegistryMessage.Report(List.of(), true));
        ask(carl, new RegistryMessage.Report(List.of(), true));
        tell(new RegistryOwnerEvent.Excused(owner.grant().epoch() - 1, List.of(bob)));
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Rebuilding());
        tell(new RegistryOwnerEvent.Excused(owner.grant().epoch(), List.of(bob)));
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Registered());

        RegistryKey other = RegistryKey.of("player", "other");
        assertThat(ask(
                        bob,
                        new RegistryMessage.Report(List.of(entry(KEY, bob, 1, "s"), entry(other, bob, 2, "s")), true)))
                .isEqualTo(new RegistryMessage.Reported(List.of(KEY, other)));
        assertThat(holder(anna, KEY)).isEqualTo(anna);
        assertThat(holder(anna, other)).isEqualTo(Incarnation.NONE);
    }

    @Test
    void expelledMember_isNotAwaited() {
        ask(anna, new RegistryMessage.Report(List.of(), true));
        ask(carl, new RegistryMessage.Report(List.of(), true));
        expelled(views.expel(bob));
        assertThat(owner.awaitedCount()).isZero();
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Registered());
    }

    @Test
    void expelledMember_isAwaited_andKeepsItsKeys_untilTheBarrierHasClosed_rule25() {
        reportAll();
        register(bob, KEY, 1);
        View without = views.expel(bob);
        tell(new RegistryOwnerEvent.Installed(without));
        assertThat(register(anna, KEY, 1)).isInstanceOf(RegistryMessage.Taken.class);

        tell(new RegistryOwnerEvent.Closed(without));
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Registered());
    }

    @Test
    void nothingNew_beforeTheBarrierOfItsOwnViewHasClosed_sinceWhoWasExpelledBeforeIsUnknown() {
        RegistryOwner fresh = new RegistryOwner(owner.grant(), views.view(), LIMITS);
        List<RegistryOwnerAction> said = new ArrayList<>();
        for (Incarnation member : List.of(anna, bob, carl)) {
            fresh.on(
                    0,
                    new RegistryOwnerEvent.Received(member, 1, new RegistryMessage.Report(List.of(), true)),
                    _ -> {});
        }
        RegistryOwnerEvent enroll =
                new RegistryOwnerEvent.Received(anna, 1, new RegistryMessage.Register(entry(KEY, anna, 1, "s")));
        fresh.on(0, enroll, said::add);
        fresh.on(0, new RegistryOwnerEvent.Closed(views.view()), _ -> {});
        fresh.on(0, enroll, said::add);

        assertThat(said)
                .contains(
                        new RegistryOwnerAction.Answer(anna, 1, new RegistryMessage.Rebuilding()),
                        new RegistryOwnerAction.Answer(anna, 1, new RegistryMessage.Registered()));
    }

    @Test
    void memberAdmittedAfterTheGrant_isNotAwaited() {
        reportAll();
        Incarnation dora = views.admit(4).getFirst();
        tell(new RegistryOwnerEvent.Installed(views.view()));
        assertThat(register(dora, KEY, 1)).isEqualTo(new RegistryMessage.Registered());
    }

    @Test
    void reportSaidTwice_isOneEffect() {
        RegistryMessage.Report report = new RegistryMessage.Report(List.of(entry(KEY, anna, 1, "s")), true);
        assertThat(ask(anna, report)).isEqualTo(new RegistryMessage.Reported(List.of()));
        assertThat(ask(anna, report)).isEqualTo(new RegistryMessage.Reported(List.of()));
        assertThat(owner.entryCount()).isEqualTo(1);
    }

    // ---- one writer

    @Test
    @Tag("S1.13")
    @Tag("D8")
    void secondRegistration_isRefused_andTheFirstStandsForEverybody() {
        reportAll();
        assertThat(register(anna, KEY, 1)).isEqualTo(new RegistryMessage.Registered());
        assertThat(register(bob, KEY, 1))
                .isInstanceOfSatisfying(
                        RegistryMessage.Taken.class,
                        taken -> assertThat(taken.by().holder()).isEqualTo(anna));
        assertThat(holder(carl, KEY)).isEqualTo(anna);
        assertThat(pushed).isEmpty();
    }

    @Test
    @Tag("S1.26")
    void deregisterByAnother_removesNothing() {
        reportAll();
        register(anna, KEY, 1);
        assertThat(ask(bob, new RegistryMessage.Deregister(KEY, 9))).isEqualTo(new RegistryMessage.Deregistered());
        assertThat(holder(carl, KEY)).isEqualTo(anna);
    }

    @Test
    @Tag("S1.26")
    void lateDeregisterOfAnEarlierRegistration_removesNothing() {
        reportAll();
        register(anna, KEY, 1);
        register(anna, KEY, 2);
        ask(anna, new RegistryMessage.Deregister(KEY, 1));
        assertThat(holder(carl, KEY)).isEqualTo(anna);
        assertThat(register(anna, KEY, 1)).isInstanceOf(RegistryMessage.Taken.class);
    }

    @Test
    @Tag("S1.15")
    void holderDeregisters_keyIsFree_monitorsAreTold() {
        reportAll();
        register(anna, KEY, 1);
        holder(carl, KEY);
        ask(anna, new RegistryMessage.Deregister(KEY, 1));
        assertThat(pushed).singleElement().isInstanceOfSatisfying(RegistryOwnerAction.Push.class, push -> {
            assertThat(push.to()).isEqualTo(carl);
            assertThat(push.notice()).isInstanceOf(RegistryMessage.Gone.class);
        });
        assertThat(register(bob, KEY, 1)).isEqualTo(new RegistryMessage.Registered());
    }

    @Test
    @Tag("S1.16")
    void shareUpdated_isFoundAndPushed_onlyByItsHolder() {
        reportAll();
        register(anna, KEY, 1);
        holder(carl, KEY);
        assertThat(ask(bob, new RegistryMessage.Update(KEY, 1, Bytes.utf8("mine"))))
                .isEqualTo(new RegistryMessage.NotYours());
        assertThat(ask(anna, new RegistryMessage.Update(KEY, 1, Bytes.utf8("load=7"))))
                .isEqualTo(new RegistryMessage.Updated());
        assertThat(ask(carl, new RegistryMessage.Lookup(KEY)))
                .isInstanceOfSatisfying(
                        RegistryMessage.Found.class,
                        found -> assertThat(found.entry().share()).isEqualTo(Bytes.utf8("load=7")));
        assertThat(pushed).hasSize(1);
    }

    // ---- ends and bounds

    @Test
    @Tag("S1.18")
    @Tag("S1.23")
    @Tag("S1.15")
    void holderExpelled_allItsEntriesGo() {
        reportAll();
        register(anna, KEY, 1);
        register(anna, RegistryKey.of("pvp", "7"), 2);
        expelled(views.expel(anna));
        assertThat(owner.entryCount()).isZero();
        assertThat(register(bob, KEY, 1)).isEqualTo(new RegistryMessage.Registered());
    }

    @Test
    void messageOfAnExpelledSender_isNotHeard_rule14() {
        reportAll();
        tell(new RegistryOwnerEvent.Installed(views.expel(anna)));
        tell(new RegistryOwnerEvent.Received(anna, 1, new RegistryMessage.Register(entry(KEY, anna, 1, "s"))));
        assertThat(owner.entryCount()).isZero();
    }

    @Test
    void connectionEnded_monitorIsDropped() {
        reportAll();
        register(anna, KEY, 1);
        holder(carl, KEY);
        tell(new RegistryOwnerEvent.Disconnected(carl));
        ask(anna, new RegistryMessage.Deregister(KEY, 1));
        assertThat(pushed).isEmpty();
    }

    @Test
    void monitorForgets_isNotTold() {
        reportAll();
        register(anna, KEY, 1);
        holder(carl, KEY);
        tell(new RegistryOwnerEvent.Received(carl, 0, new RegistryMessage.Forget(KEY)));
        ask(anna, new RegistryMessage.Deregister(KEY, 1));
        assertThat(pushed).isEmpty();
    }

    @Test
    void slotFull_refusedWithItsBound() {
        reportAll();
        register(anna, RegistryKey.of("player", "1"), 1);
        register(anna, RegistryKey.of("player", "2"), 2);
        assertThat(register(bob, KEY, 1)).isEqualTo(new RegistryMessage.Full(2));
    }

    @Test
    void monitorsFull_answerSaysThatItMustNotBeKept() {
        reportAll();
        register(anna, KEY, 1);
        assertThat(ask(bob, new RegistryMessage.Lookup(KEY)))
                .isInstanceOfSatisfying(
                        RegistryMessage.Found.class,
                        found -> assertThat(found.monitored()).isTrue());
        assertThat(ask(carl, new RegistryMessage.Lookup(KEY)))
                .isInstanceOfSatisfying(
                        RegistryMessage.Found.class,
                        found -> assertThat(found.monitored()).isFalse());
    }

    @Test
    @Tag("S1.11")
    @Tag("S1.12")
    void idOfAnyBytes_isKept_withHandleHolderAndShare() {
        reportAll();
        RegistryKey key = new RegistryKey("player", Bytes.wrap(new byte[] {0, -1, 127, '\n'}));
        register(anna, key, 3);
        assertThat(ask(bob, new RegistryMessage.Lookup(key)))
                .isInstanceOfSatisfying(
                        RegistryMessage.Found.class,
                        found -> assertThat(found.entry())
                                .usingRecursiveComparison()
                                .ignoringFields("version")
                                .isEqualTo(entry(key, anna, 3, "s")));
        assertThat(key).hasToString("player:00ff7f0a");
    }
}
