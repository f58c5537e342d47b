package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.machine.Outbox;
import dev.berth.core.wire.Bytes;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Users on several devices over gates and owners that die between any two steps, connections that break and calls that are late. A
 * witness compares what clients are told with what is durable; after the faults everybody is connected and has everything. With a
 * measure taken away the witness notices. More: {@code mvn -pl core test -Dtest=SessionStormTest -Dberth.sessions.seeds=100000}.
 */
class SessionStormTest {
    private static final int SEEDS = Integer.getInteger("berth.sessions.seeds", 500);

    private static Witness.Tally storm(Measures measures) {
        Witness.Tally all = new Witness.Tally();
        for (long seed = 1; seed <= SEEDS; seed++) {
            SessionWorld world = new SessionWorld(seed, measures);
            try {
                world.run();
            } catch (AssertionError | RuntimeException violation) {
                throw new AssertionError("seed " + seed + ": " + violation, violation);
            }
            all.add(world.witness.tally());
        }
        return all;
    }

    @Test
    @Tag("D14")
    void nothingIsLostDoubledOrOutOfOrder_andEverybodyIsBack_whateverDies() {
        Witness.Tally all = storm(new Measures() {});

        // A storm in which nothing happens shows nothing.
        assertThat(all.answers).isGreaterThan(20L * SEEDS);
        assertThat(all.items).isGreaterThan(50L * SEEDS);
        assertThat(all.resumes).isGreaterThan(5L * SEEDS);
        assertThat(all.replaced).isGreaterThan(SEEDS);
        assertThat(all.lost).isPositive();
    }

    private static String violation(Measures without) {
        try {
            storm(without);
        } catch (AssertionError found) {
            return String.valueOf(found.getMessage());
        }
        return "nothing is noticed";
    }

    private static Measures sessions(Function<SessionState, Session> session) {
        return new Measures() {
            @Override
            public Session session(SessionState state) {
                return session.apply(state);
            }
        };
    }

    private static Measures clients(BiFunction<ClientConfig, RandomGenerator, Client> client) {
        return new Measures() {
            @Override
            public Client client(ClientConfig config, RandomGenerator dice) {
                return client.apply(config, dice);
            }
        };
    }

    private static Measures cursors(Function<Feeds.Heard, Cursor> cursor) {
        return clients((config, dice) -> new Client(config, dice) {
            @Override
            Cursor cursor(Feeds.Heard feed) {
                return cursor.apply(feed);
            }
        });
    }

    @Test
    void withoutTheEpoch_whoWasReplacedHasAnEffect() {
        assertThat(violation(sessions(state -> new Session(state) {
                    @Override
                    protected boolean isCurrent(long epoch) {
                        return true;
                    }
                })))
                .contains("has an effect, and the newest login is");
    }

    @Test
    void whenAnOldCloseErasesTheNewOne_somebodyIsNotThere() {
        assertThat(violation(sessions(state -> new Session(state) {
                    @Override
                    protected boolean closes(long epoch) {
                        return true;
                    }
                })))
                .contains("not at 0");
    }

    @Test
    void whenALateLoginIsTaken_theNewestDoesNotStay() {
        assertThat(violation(sessions(state -> new Session(state) {
                    @Override
                    protected boolean isOvertaken(SessionCall.Login login) {
                        return false;
                    }
                })))
                .contains("is replaced, but nobody has come since");
    }

    @Test
    void withoutTheNumbers_somethingIsDoneTwice() {
        assertThat(violation(sessions(state -> new Session(state) {
                    @Override
                    protected boolean isKnown(long seq) {
                        return false;
                    }
                })))
                .contains("has two effects");
    }

    @Test
    void whenNothingIsSaidAgain_answersAreMissing() {
        assertThat(violation(clients((config, dice) -> new Client(config, dice) {
                    @Override
                    protected List<ClientMessage.Say> again(List<ClientMessage.Say> all) {
                        return List.of();
                    }
                })))
                .contains("is gone for good: PROTOCOL");
    }

    @Test
    void whenWhoWasReplacedComesBack_itNeverEnds() {
        assertThat(violation(clients((config, dice) -> new Client(config, dice) {
                    @Override
                    protected boolean isFinal(ClientMessage.Gone gone) {
                        return false;
                    }
                })))
                .contains("devices in the end");
    }

    @Test
    void whenNoGapIsRead_somethingIsMissing() {
        assertThat(violation(cursors(feed -> new Cursor(feed) {
                    @Override
                    protected boolean isBehind(long here, long there) {
                        return false;
                    }
                })))
                .contains(" in feed ");
    }

    @Test
    void whenAGapIsNotSeen_itIsJumpedOver() {
        assertThat(violation(cursors(feed -> new Cursor(feed) {
                    @Override
                    protected boolean fits(long at, long behind) {
                        return at > behind;
                    }
                })))
                .contains(" instead of ");
    }

    @Test
    void withoutTheDoubt_theLastItemIsMissed() {
        assertThat(violation(new Measures() {
                    @Override
                    public GateSocket socket(
                            GateLimits limits, long address, UnaryOperator<Bytes> hash, long nowNanos) {
                        return new GateSocket(limits, address, hash, nowNanos) {
                            @Override
                            protected boolean heeds(boolean doubt) {
                                return false;
                            }
                        };
                    }
                }))
                .containsAnyOf(" in feed ", "devices in the end");
    }

    @Test
    void whenTheClientIsNotAskedOnceMore_itsOwnShadowReplacesIt() {
        assertThat(violation(new Measures() {
                    @Override
                    public GateSocket socket(
                            GateLimits limits, long address, UnaryOperator<Bytes> hash, long nowNanos) {
                        return new GateSocket(limits, address, hash, nowNanos) {
                            @Override
                            public void on(long now, SocketEvent event, Outbox<SocketAction> out) {
                                boolean[] isFound = {false};
                                super.on(now, event, action -> {
                                    if (action instanceof SocketAction.Send(ClientMessage.Found _)) {
                                        isFound[0] = true;
                                    } else {
                                        out.add(action);
                                    }
                                });
                                if (isFound[0]) {
                                    super.on(now, new SocketEvent.Heard(new ClientMessage.Enter()), out);
                                }
                            }
                        };
                    }
                }))
                .contains("is replaced, but nobody has come since");
    }
}
