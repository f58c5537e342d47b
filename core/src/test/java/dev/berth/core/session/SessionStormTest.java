package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.machine.Outbox;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
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
 * measure taken away the witness notices. More: {@code mvn -pl core test -Dtest=SessionStormTest -Dberth.sessions.seeds=100000},
 * of these the first by {@code -Dberth.sessions.seed=11941}.
 */
class SessionStormTest {
    private static final long FIRST = Long.getLong("berth.sessions.seed", 1);
    private static final int SEEDS = Integer.getInteger("berth.sessions.seeds", 1_500);

    private static Witness.Tally storm(Measures measures) {
        Witness.Tally all = new Witness.Tally();
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
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

    /** One of the seeds shows it in these words; others may show it in others. */
    private static void assertNoticed(String words, Measures without) {
        List<String> noticed = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new SessionWorld(seed, without).run();
            } catch (AssertionError found) {
                String message = String.valueOf(found.getMessage());
                if (message.contains(words)) {
                    return;
                }
                noticed.add("seed " + seed + ": " + message);
            }
        }
        assertThat(noticed).as("%d seeds", SEEDS).anyMatch(message -> message.contains(words));
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
        assertNoticed("has an effect, and the newest login is", sessions(state -> new Session(state) {
            @Override
            protected boolean isCurrent(long epoch) {
                return true;
            }
        }));
    }

    @Test
    void whenAnOldCloseErasesTheNewOne_somebodyIsNotThere() {
        assertNoticed("not at 0", sessions(state -> new Session(state) {
            @Override
            protected boolean closes(long epoch) {
                return true;
            }
        }));
    }

    @Test
    void whenALateLoginIsTaken_theNewestDoesNotStay() {
        assertNoticed("is replaced, but nobody has come since", sessions(state -> new Session(state) {
            @Override
            protected boolean isOvertaken(SessionCall.Login login) {
                return false;
            }
        }));
    }

    @Test
    void withoutTheNumbers_somethingIsDoneTwice() {
        assertNoticed("has two effects", sessions(state -> new Session(state) {
            @Override
            protected boolean isKnown(long seq) {
                return false;
            }
        }));
    }

    @Test
    void whenNothingIsSaidAgain_answersAreMissing() {
        assertNoticed("is gone for good: PROTOCOL", clients((config, dice) -> new Client(config, dice) {
            @Override
            protected List<ClientMessage.Say> again(List<ClientMessage.Say> all) {
                return List.of();
            }
        }));
    }

    @Test
    void whenWhoWasReplacedComesBack_itNeverEnds() {
        assertNoticed("devices in the end", clients((config, dice) -> new Client(config, dice) {
            @Override
            protected boolean isFinal(ClientMessage.Gone gone) {
                return false;
            }
        }));
    }

    @Test
    void whenNoGapIsRead_somethingIsMissing() {
        assertNoticed(" in feed ", cursors(feed -> new Cursor(feed) {
            @Override
            protected boolean isBehind(long here, long there) {
                return false;
            }
        }));
    }

    @Test
    void whenAGapIsNotSeen_itIsJumpedOver() {
        assertNoticed(" instead of ", cursors(feed -> new Cursor(feed) {
            @Override
            protected boolean fits(long at, long behind) {
                return at > behind;
            }
        }));
    }

    @Test
    void withoutTheDoubt_theLastItemIsMissed() {
        assertNoticed(" in feed ", new Measures() {
            @Override
            public GateSocket socket(GateLimits limits, long address, UnaryOperator<Bytes> hash, long nowNanos) {
                return new GateSocket(limits, address, hash, nowNanos) {
                    @Override
                    protected boolean heeds(boolean doubt) {
                        return false;
                    }
                };
            }
        });
    }

    @Test
    void whenWhatNoConnectionTook_isNotToldAgain_theLastItemIsMissed() {
        assertNoticed(" in feed ", new Measures() {
            @Override
            public void again(Audience audience, Audience.Message untaken, Outbox<Audience.Message> out) {}
        });
    }

    @Test
    void whenTheClientIsNotAskedOnceMore_itsOwnShadowReplacesIt() {
        assertNoticed("is replaced, but nobody has come since", new Measures() {
            @Override
            public GateSocket socket(GateLimits limits, long address, UnaryOperator<Bytes> hash, long nowNanos) {
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
        });
    }
}
