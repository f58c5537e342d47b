package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.machine.Outbox;
import dev.berth.core.session.LoginCell.Comes;
import dev.berth.core.session.LoginCell.Game;
import dev.berth.core.session.LoginCell.Player;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every way in which a user can come: what connection, session and game he had, on which device he comes, who has just died; played under virtual time with
 * the storm's clients, gates and owners. One function says what is to happen; the storm's witness sees to effects, items and order. More seeds for each cell:
 * {@code -Dberth.table.seeds=20}.
 */
class LoginTableTest {
    private static final int SEEDS = Integer.getInteger("berth.table.seeds", 1);
    private static final String UID = "user-0";

    /** Makes sessions; a test takes a measure away by another one. */
    private interface Sessions {
        Session of(SessionState state, LongPredicate gateIsThere);
    }

    /** One cell, played. */
    private static final class Play implements Measures {
        private final LoginCell cell;
        private final Sessions sessions;
        private final SessionWorld world;
        private final SessionWorld.Sitting ada;
        private final Room table;
        private final List<Condition> found = new ArrayList<>();
        private final Map<Long, String> gone = new LinkedHashMap<>();

        Play(LoginCell cell, long seed, Sessions sessions) {
            this.cell = cell;
            this.sessions = sessions;
            this.world = new SessionWorld(seed, this);
            this.ada = Objects.requireNonNull(world.sessions.get(UID));
            this.table = Objects.requireNonNull(world.rooms.get("room-a"));
            world.faults = false;
            world.wanders = false;
            ada.at = 0;
            table.at = 1;
        }

        @Override
        public Session session(SessionState state) {
            return sessions.of(state, this::isThere);
        }

        /** As a view would say it. */
        private boolean isThere(long address) {
            SessionWorld.Socket socket = world.sockets.get(address);
            return socket != null && socket.gate.up && socket.gate.life == socket.life;
        }

        @Override
        public GateSocket socket(GateLimits limits, long address, UnaryOperator<Bytes> hash, long nowNanos) {
            return new GateSocket(limits, address, hash, nowNanos) {
                private Outbox<SocketAction> noting(Outbox<SocketAction> out) {
                    return action -> {
                        if (action instanceof SocketAction.Send(ClientMessage.Gone said)) {
                            gone.putIfAbsent(address, said.code());
                        }
                        out.add(action);
                    };
                }

                @Override
                public void on(long now, SocketEvent event, Outbox<SocketAction> out) {
                    if (event
                            instanceof
                            SocketEvent.Answered(long _, SessionAnswer.At(long _, Condition how, boolean _))) {
                        found.add(how);
                    }
                    super.on(now, event, noting(out));
                }

                @Override
                public void advance(long now, Outbox<SocketAction> out) {
                    super.advance(now, noting(out));
                }
            };
        }

        private void run(long nanos) {
            world.waters.run(world.waters.now() + nanos);
        }

        private Device device(String name) {
            Device device = new Device(world, UID, name, this);
            world.devices.add(device);
            device.start();
            return device;
        }

        private void change(boolean joins) {
            List<Push> pushes = new ArrayList<>();
            List<Runnable> effects = new ArrayList<>();
            Session session = session(ada.live);
            if (joins) {
                long first = table.durable.last() + 1;
                int number = session.hear(table.name, table.name, first, pushes::add);
                effects.add(() -> world.witness.joined(UID, number, table.name, first));
            } else {
                session.leave(table.name, table.name, pushes::add);
            }
            ada.commit(session, pushes, effects, () -> {});
        }

        /** @return the device that he had, and its connection */
        private @Nullable Device before() {
            if (cell.player() == Player.NEVER) {
                return null;
            }
            Device device = device("old");
            run(5 * Waters.SECOND);
            if (cell.game() != Game.NONE) {
                change(true);
            }
            table.tell(3);
            ada.news(2);
            device.say(2);
            for (int i = 0; i < 4 && !world.witness.hasAll(device, ada); i++) {
                run(5 * Waters.SECOND);
            }
            world.witness.isUpToDate(device, ada);
            device.say(1); // it may have an effect or not, and never two
            return device;
        }

        private void loses(Device device, SessionWorld.Socket socket) {
            if (!cell.formerLives()
                    || (cell.comes() == Comes.SAME_WITH_TOKEN && cell.socket() != LoginCell.Socket.ALIVE)) {
                device.sleeps();
            }
            switch (cell.socket()) {
                case ALIVE -> {}
                case NONE -> {
                    socket.on(new SocketEvent.Broken());
                    run(4 * Waters.SECOND); // the session has heard of it
                }
                case DEAD -> {
                    socket.up.cut();
                    socket.down.cut();
                }
            }
        }

        private void whileHeIsAway() {
            ada.news(2);
            if (cell.game() != Game.NONE) {
                table.tell(2);
            }
            if (cell.game() == Game.OVER) {
                change(false);
            }
            if (cell.player() == Player.EVICTED || cell.player() == Player.ELSEWHERE) {
                ada.at = cell.player() == Player.ELSEWHERE ? 2 : 0;
                ada.load();
            }
        }

        private void dies(SessionWorld.@Nullable Socket socket) {
            if (cell.gateDies()) {
                (socket == null ? world.gates.getFirst() : socket.gate).die();
            }
            if (cell.sessionOwnerDies()) {
                world.kill(ada.at);
            }
            if (cell.gameOwnerDies()) {
                world.kill(table.at);
            }
        }

        private List<Device> comes(@Nullable Device former) {
            return switch (cell.comes()) {
                case SAME_WITH_TOKEN -> {
                    Objects.requireNonNull(former).roams();
                    yield List.of();
                }
                case SAME_WITHOUT_TOKEN, ANOTHER -> List.of(device("new"));
                case TWO -> List.of(device("new-1"), device("new-2"));
            };
        }

        void run() {
            Device former = before();
            SessionWorld.Socket socket = former == null ? null : former.socket();
            if (former != null && socket != null) {
                loses(former, socket);
            }
            whileHeIsAway();
            dies(socket);
            found.clear();
            List<Device> coming = comes(former);
            run(40 * Waters.SECOND);

            List<Device> all = new ArrayList<>(coming);
            if (former != null && cell.formerLives()) {
                all.add(former);
            }
            List<Device> in =
                    all.stream().filter(each -> !world.witness.isOver(each)).toList();
            assertThat(in).as("who is in").hasSize(1);
            assertThat(in.getFirst().name).isEqualTo(world.witness.newest(UID));
            assertThat(in.getFirst() == former).isEqualTo(coming.isEmpty());
            world.witness.isUpToDate(in.getFirst(), ada);
            if (!coming.isEmpty()) {
                assertThat(cell.conditions()).as("how he was found").contains(found.getFirst());
            }
            if (socket != null) {
                assertThat(cell.told())
                        .as("what the former connection was told")
                        .contains(gone.getOrDefault(socket.address, ""));
            }
        }
    }

    /** Those cells in which it is not as it is to be. */
    private static List<String> wrong(List<LoginCell> cells, Sessions sessions) {
        List<String> wrong = new ArrayList<>();
        long seed = 0;
        for (LoginCell cell : cells) {
            for (int i = 0; i < SEEDS; i++) {
                try {
                    new Play(cell, ++seed, sessions).run();
                } catch (AssertionError | RuntimeException found) {
                    wrong.add("seed " + seed + " " + cell + ": " + found);
                }
            }
        }
        return wrong;
    }

    @Test
    @Tag("S3.13")
    @Tag("S3.14")
    @Tag("S3.15")
    @Tag("S3.16")
    @Tag("S3.17")
    @Tag("S3.21")
    @Tag("S3.22")
    @Tag("S3.24")
    @Tag("S3.25")
    @Tag("S3.26")
    @Tag("S3.27")
    @Tag("D1")
    @Tag("D2")
    @Tag("D3")
    void howeverHeComes_oneConnectionIsIn_theOthersAreTold_andNothingIsMissedOrDoneTwice() {
        assertThat(LoginCell.all()).hasSizeGreaterThan(500);
        assertThat(wrong(LoginCell.all(), Session::new)).isEmpty();
    }

    /** Without a measure it is wrong in some cells, in these words, and in no others than these. */
    private static void assertNoticed(String words, Predicate<LoginCell> where, Sessions without) {
        List<String> wrong = wrong(LoginCell.all().stream().filter(where).toList(), without);
        assertThat(wrong).isNotEmpty().allSatisfy(each -> assertThat(each).containsPattern(words));
        assertThat(wrong(LoginCell.all().stream().filter(where.negate()).toList(), without))
                .isEmpty();
    }

    private static boolean logsIn(LoginCell cell) {
        return cell.comes() != Comes.SAME_WITH_TOKEN;
    }

    @Test
    @Tag("D1")
    void whenBusyLooksForALivingSocket_whoDroppedOutIsNotBusy() {
        assertNoticed(
                "how he was found",
                cell -> logsIn(cell) && cell.game() == Game.ON,
                (state, there) -> new Session(state, there) {
                    @Override
                    public Condition condition() {
                        boolean down = state.gate() == 0 || !there.test(state.gate());
                        return super.condition() == Condition.BUSY && down ? Condition.CLIENT_DOWN : super.condition();
                    }
                });
    }

    @Test
    @Tag("S3.22")
    void whenStaleHandlesAreBelieved_aDeadGateHasItsUsersStill() {
        assertNoticed(
                "how he was found",
                cell -> logsIn(cell) && cell.gateDies() && cell.game() != Game.ON,
                (state, _) -> new Session(state, _ -> true));
    }

    @Test
    @Tag("S3.27")
    void whenALoginForgetsTheGame_itsHistoryIsMissed() {
        assertNoticed(
                "in feed", cell -> logsIn(cell) && cell.game() == Game.ON, (state, there) -> new Session(state, there) {
                    @Override
                    public SessionAnswer on(SessionCall call, Application application, Outbox<Push> out) {
                        SessionAnswer answer = super.on(call, application, out);
                        return call instanceof SessionCall.Login
                                        && answer instanceof SessionAnswer.Entered(long epoch, Feeds feeds)
                                ? new SessionAnswer.Entered(
                                        epoch,
                                        new Feeds(feeds.version(), feeds.all().subList(0, 1)))
                                : answer;
                    }
                });
    }

    @Test
    @Tag("S3.25")
    void whenTheFormerOneIsNotTold_itBelievesThatItIsIn() {
        assertNoticed(
                "former connection was told|who is in",
                cell -> cell.comes() == Comes.TWO || cell.player() != Player.NEVER,
                (state, there) -> new Session(state, there) {
                    @Override
                    public SessionAnswer on(SessionCall call, Application application, Outbox<Push> out) {
                        return super.on(call, application, push -> {
                            if (!(push.what() instanceof Push.Gone)) {
                                out.add(push);
                            }
                        });
                    }
                });
    }
}
