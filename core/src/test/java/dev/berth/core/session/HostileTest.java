package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.entity.EntityLimits;
import dev.berth.core.machine.Outbox;
import dev.berth.core.protocol.Values;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Any messages in any order, with any numbers in them. Whoever hears them throws nothing, stays within its bounds, and ends at
 * most the one connection.
 */
class HostileTest {
    private static final int RUNS = 5_000;
    private static final long SECOND = 1_000_000_000L;

    // Drawn once: to draw a message is slower than to hear it.
    private static final List<ClientMessage.ToGate> TO_GATE = drawn(ClientMessage.ToGate.class);
    private static final List<ClientMessage.ToClient> TO_CLIENT = drawn(ClientMessage.ToClient.class);
    private static final List<Feeds> FEEDS = drawn(Feeds.class);

    private static final Session.Application NOTHING = (_, _, _, _) -> new Outcome.Done("", Bytes.EMPTY);

    private static <T> List<T> drawn(Class<T> type) {
        Values values = new Values(new SplittableRandom(1));
        return Stream.generate(() -> type.cast(values.of(type))).limit(2_000).toList();
    }

    private static <T> T any(List<T> of, SplittableRandom dice) {
        return of.get(dice.nextInt(of.size()));
    }

    @Test
    void aGate_takesAnythingFromAClient() {
        int welcomes = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            welcomes += hostileClient(new SplittableRandom(seed)) ? 1 : 0;
        }
        assertThat(welcomes).isGreaterThan(RUNS / 4);
    }

    private static boolean hostileClient(SplittableRandom dice) {
        GateSocket gate = new GateSocket(GateLimits.DEFAULT, 7, SessionWorld::hash, 0);
        Session session = new Session(SessionState.NEW);
        List<SocketAction> all = new ArrayList<>();
        ArrayDeque<SocketAction> calls = new ArrayDeque<>();
        long now = 0;
        ArrayDeque<SocketEvent> polite = new ArrayDeque<>(List.of(
                new SocketEvent.Heard(new ClientMessage.Hello(1, 1, ClientMessage.Bodies.JSON)),
                new SocketEvent.Heard(new ClientMessage.Login("ada", Bytes.EMPTY, "")),
                new SocketEvent.Known("ada", 5, Bytes.utf8("token")),
                new SocketEvent.Heard(new ClientMessage.Enter())));
        for (int step = 0; step < 60; step++) {
            now += dice.nextLong(SECOND / 10);
            int from = all.size();
            SocketAction call = calls.poll();
            if (call instanceof SocketAction.Call(long number, String _, SessionCall what)) {
                SessionAnswer answer = session.on(what, NOTHING, _ -> {});
                gate.on(
                        now,
                        dice.nextInt(20) == 0
                                ? new SocketEvent.Failed(number, "?")
                                : new SocketEvent.Answered(number, answer),
                        all::add);
            } else if (!polite.isEmpty() && dice.nextInt(30) > 0) {
                gate.on(now, polite.remove(), all::add);
            } else {
                gate.on(now, event(dice), all::add);
            }
            for (SocketAction action : all.subList(from, all.size())) {
                if (action instanceof SocketAction.Call) {
                    calls.add(action);
                }
            }
            assertThat(calls).hasSizeLessThanOrEqualTo(6);
        }
        long ends = all.stream().filter(SocketAction.Close.class::isInstance).count();
        assertThat(ends).isLessThanOrEqualTo(1);
        if (ends == 1) {
            assertThat(all.stream()
                            .dropWhile(action -> !(action instanceof SocketAction.Close))
                            .noneMatch(SocketAction.Send.class::isInstance))
                    .isTrue();
        }
        return all.stream().anyMatch(action -> action instanceof SocketAction.Send(ClientMessage.Welcome _));
    }

    private static SocketEvent event(SplittableRandom dice) {
        return switch (dice.nextInt(12)) {
            case 0 -> new SocketEvent.Doubt();
            case 1 -> new SocketEvent.Pushed(new Push.FeedsAre(new Feeds(1, List.of())));
            case 2 -> new SocketEvent.Unreadable("no frame");
            default -> new SocketEvent.Heard(any(TO_GATE, dice));
        };
    }

    @Test
    void aClient_takesAnythingFromAGate() {
        int online = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            Client client = new Client(ClientConfig.of(List.of("a", "b"), "ada", Bytes.EMPTY), dice);
            long[] connection = {0};
            int[] welcomesAndEnds = {0, 0};
            Outbox<ClientAction> all = action -> {
                switch (action) {
                    case ClientAction.Connect(long number, String _) -> connection[0] = number;
                    case ClientAction.Online _ -> welcomesAndEnds[0]++;
                    case ClientAction.Ended _ -> welcomesAndEnds[1]++;
                    default -> {}
                }
            };
            long now = 0;
            client.on(now, new ClientEvent.Start(), all);
            for (int step = 0; step < 80; step++) {
                now += dice.nextLong(SECOND);
                client.advance(now, all);
                client.on(now, clientEvent(dice, connection[0]), all);
            }
            assertThat(welcomesAndEnds[1]).isLessThanOrEqualTo(1);
            assertThat(client.nextWakeNanos()).isPositive();
            online += welcomesAndEnds[0] > 0 ? 1 : 0;
        }
        assertThat(online).isGreaterThan(RUNS / 8);
    }

    private static ClientEvent clientEvent(SplittableRandom dice, long connection) {
        return switch (dice.nextInt(12)) {
            case 0, 1, 2 -> new ClientEvent.Connected(connection);
            case 3, 4 -> new ClientEvent.Heard(connection, new ClientMessage.Greeting(1, 60_000));
            case 5, 6 ->
                new ClientEvent.Heard(
                        connection, new ClientMessage.Welcome("ada", Bytes.utf8("t"), 1, any(FEEDS, dice)));
            case 7 -> new ClientEvent.Say("t", Bytes.EMPTY);
            default -> {
                var message = any(TO_CLIENT, dice);
                // Most are of the kind after which it comes back.
                yield new ClientEvent.Heard(
                        connection,
                        message instanceof ClientMessage.Gone gone && dice.nextInt(10) > 0
                                ? new ClientMessage.Gone(gone.code(), gone.text(), gone.retryMillis(), false)
                                : message);
            }
        };
    }

    @Test
    void aSession_takesAnythingFromAGate_andFitsIntoItsEntity() {
        long applied = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            SplittableRandom dice = new SplittableRandom(seed);
            Session session = new Session(SessionState.NEW);
            session.on(new SessionCall.Login(0, 7, 5, Bytes.utf8("#")), NOTHING, _ -> {});
            long[] runs = {0};
            for (int step = 0; step < 40; step++) {
                session.on(
                        call(dice, session.state()),
                        (_, _, _, _) -> {
                            runs[0]++;
                            return new Outcome.Done("t", Bytes.EMPTY);
                        },
                        _ -> {});
                assertThat(session.state().answers()).hasSizeLessThanOrEqualTo(SessionLimits.SAYS_MAX);
            }
            applied += runs[0];
        }
        assertThat(applied).isGreaterThan(RUNS);
        int most = SessionLimits.SAYS_MAX * (SessionLimits.BODY_MAX + 2 * SessionLimits.NAME_MAX)
                + SessionLimits.HISTORY_BYTES_MAX
                + SessionLimits.HISTORY_MAX * 16
                + SessionLimits.FEEDS_MAX * 3 * SessionLimits.NAME_MAX;
        assertThat(most).isLessThan(EntityLimits.STATE_MAX);
    }

    private static SessionCall call(SplittableRandom dice, SessionState state) {
        long epoch = state.epoch() - (dice.nextInt(8) == 0 ? dice.nextInt(3) : 0);
        ClientMessage.ToGate any = any(TO_GATE, dice);
        return switch (any) {
            case ClientMessage.Say say ->
                new SessionCall.Say(epoch, say.seq(), say.first(), say.heard(), say.type(), say.body());
            case ClientMessage.Ack(long heard) -> new SessionCall.Ack(epoch, heard);
            case ClientMessage.Read(int feed, long from) -> new SessionCall.Read(epoch, feed, from);
            case ClientMessage.Resume resume -> new SessionCall.Resume(8, Bytes.utf8("#"), resume.heard());
            case ClientMessage.Bye() -> new SessionCall.Check(epoch, 9);
            case ClientMessage.Hello _, ClientMessage.Login _ -> new SessionCall.Closed(epoch, true);
            case ClientMessage.Ping _, ClientMessage.Enter _ -> {
                long seq = state.said() + dice.nextInt(3);
                yield new SessionCall.Say(epoch, seq, Math.max(1, seq - dice.nextInt(40)), 0, "t", Bytes.EMPTY);
            }
        };
    }
}
