package dev.berth.core.session;

import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

// Users log in from several devices over gates that die, to sessions and rooms whose owners die. What an owner has in
// memory is lost with it, what it has written is there for the next one. Calls are repeated until they are answered or
// their time is over, and have one effect, as calls between nodes have; pushes arrive at most once.

/** Clients, gates, owners and rooms in a storm, with a witness that knows the truth. */
final class SessionWorld {
    private static final int GATES = 3;
    private static final int WORKERS = 3;
    private static final int USERS = 3;
    private static final int DEVICES_MAX = 4;
    private static final List<String> ROOMS = List.of("room-a", "room-b");
    private static final long CALL_NANOS = 4 * Waters.SECOND;
    private static final GateLimits PATIENCE =
            new GateLimits(2 * Waters.SECOND, 5 * Waters.SECOND, 4 * Waters.SECOND, 1_000, 500);

    final Waters waters;
    final Witness witness = new Witness(this);
    final Measures measures;
    boolean faults = true;
    /** Whether users join and leave rooms of their own accord. */
    boolean wanders = true;

    private final List<Worker> workers = new ArrayList<>();
    final List<Gate> gates = new ArrayList<>();
    private final Map<String, Owner> owners = new LinkedHashMap<>();
    final Map<String, Sitting> sessions = new LinkedHashMap<>();
    final Map<String, Room> rooms = new LinkedHashMap<>();
    final List<Device> devices = new ArrayList<>();
    final Map<Long, Socket> sockets = new HashMap<>();
    private long addresses;

    SessionWorld(long seed, Measures measures) {
        waters = new Waters(seed);
        this.measures = measures;
        for (int i = 0; i < WORKERS; i++) {
            workers.add(new Worker());
        }
        for (int i = 0; i < GATES; i++) {
            gates.add(new Gate());
        }
        for (int i = 0; i < USERS; i++) {
            Sitting session = new Sitting("user-" + i);
            sessions.put(session.uid, session);
            owners.put(session.uid, session);
        }
        for (String name : ROOMS) {
            Room room = new Room(this, name);
            rooms.put(name, room);
            owners.put(name, room);
        }
    }

    /** A node that owns entities. */
    private static final class Worker {
        private int life;
    }

    /** A node with clients, and its connections with the workers. */
    final class Gate {
        int life;
        boolean up = true;
        /** What waits for a gate that stands still: nothing that is sent to it is lost, and it answers nothing. */
        private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

        private boolean stopped;
        final List<Waters.Channel> to = new ArrayList<>();
        final List<Waters.Channel> from = new ArrayList<>();

        Gate() {
            for (int i = 0; i < WORKERS; i++) {
                to.add(waters.new Channel());
                from.add(waters.new Channel());
            }
        }

        /** At once, or when it goes on. */
        void act(Runnable what) {
            if (stopped) {
                waiting.add(what);
            } else {
                what.run();
            }
        }

        /** Its process is stopped, or its machine hangs; up to so long. */
        void stop(long mostNanos) {
            stopped = true;
            int its = life;
            waters.within(mostNanos, () -> {
                if (life == its) {
                    stopped = false;
                    while (!stopped && !waiting.isEmpty()) {
                        waiting.remove().run();
                    }
                }
            });
        }

        void doubt() {
            sockets.values().removeIf(socket -> !socket.isThere());
            List.copyOf(sockets.values()).forEach(socket -> {
                if (socket.gate == this && socket.isThere()) {
                    socket.on(new SocketEvent.Doubt());
                }
            });
        }

        /** One message for all its clients; whom it does not have, or who does not hear that, it says. */
        void told(Room by, Telling telling) {
            for (Place place : Witness.places(telling)) {
                Socket socket = sockets.get(place.gate());
                if (socket != null && socket.isThere() && socket.machine.hears(place.feed())) {
                    socket.on(new SocketEvent.Pushed(new Push.Told(place.feed(), telling.position(), telling.item())));
                } else {
                    to.get(by.at).send(() -> by.audience.lost(place::equals));
                }
            }
        }

        void cut(int worker) {
            to.get(worker).cut();
            from.get(worker).cut();
            waters.within(Waters.SECOND, () -> {
                to.get(worker).mend();
                from.get(worker).mend();
                doubt();
            });
        }

        void die() {
            up = false;
            life++;
            stopped = false;
            waiting.clear();
            List.copyOf(sockets.values()).forEach(socket -> {
                if (socket.gate == this) {
                    socket.breakOff();
                }
            });
            waters.within(3 * Waters.SECOND, () -> up = true);
        }
    }

    /** An entity that some worker has, or none for a while. */
    abstract class Owner {
        int at = waters.dice.nextInt(WORKERS);
        private int life = workers.get(at).life;
        private boolean up = true;

        boolean isServed() {
            return up && life == workers.get(at).life;
        }

        /** It is loaded somewhere from what is durable. */
        void move() {
            at = waters.dice.nextInt(WORKERS);
            life = workers.get(at).life;
            up = true;
            load();
        }

        abstract void load();

        /** Whether the owner lives on after this step. */
        boolean survives() {
            if (faults && waters.chance(4)) {
                kill(at);
                return false;
            }
            return true;
        }

        void push(List<Push> pushes) {
            for (Push push : pushes) {
                Socket socket = sockets.get(push.gate());
                if (socket == null || !survives()) {
                    continue;
                }
                socket.gate.from.get(at).send(() -> {
                    if (socket.isThere()) {
                        socket.on(new SocketEvent.Pushed(push.what()));
                    }
                });
                if (!isServed()) {
                    return;
                }
            }
        }
    }

    void kill(int worker) {
        workers.get(worker).life++;
        for (Owner owner : owners.values()) {
            if (owner.at == worker && owner.up) {
                owner.up = false;
            }
        }
        boolean isHeard = waters.chance(500);
        for (Gate gate : gates) {
            if (!isHeard) {
                gate.from.get(worker).cut();
                gate.from.get(worker).mend();
            }
        }
        waters.within(2 * Waters.SECOND, () -> {
            owners.values().stream().filter(owner -> !owner.up).forEach(Owner::move);
            gates.forEach(gate -> waters.within(Waters.SECOND / 10, gate::doubt));
        });
    }

    /** The entity of a user's session: a write has the state, the effects and the answer, or none of them. */
    final class Sitting extends Owner {
        final String uid;
        SessionState durable = SessionState.NEW;
        SessionState live = durable;
        private final Map<Long, SessionAnswer> answers = new HashMap<>();

        Sitting(String uid) {
            this.uid = uid;
        }

        @Override
        void load() {
            live = durable;
        }

        @Nullable
        SessionAnswer serve(long operation, SessionCall call) {
            SessionAnswer known = answers.get(operation);
            if (known != null) {
                return known;
            }
            List<Push> pushes = new ArrayList<>();
            List<Runnable> effects = new ArrayList<>();
            Session session = measures.session(live);
            SessionAnswer answer = session.on(
                    call,
                    (_, id, _, body) -> {
                        effects.add(() -> witness.ran(uid, id, body.utf8()));
                        if (waters.chance(400)) {
                            tell(session, "echo " + body.utf8(), pushes, effects);
                        }
                        if (wanders && waters.chance(100)) {
                            change(session, pushes, effects);
                        }
                        return new Outcome.Done("ok", Bytes.utf8("ok " + body.utf8()));
                    },
                    pushes::add);
            if (call instanceof SessionCall.Login login
                    && answer instanceof SessionAnswer.Entered(long epoch, Feeds _)) {
                effects.add(() -> witness.entered(uid, login.id(), epoch));
            }
            return commit(session, pushes, effects, () -> answers.put(operation, answer)) ? answer : null;
        }

        boolean commit(Session session, List<Push> pushes, List<Runnable> effects, Runnable remembers) {
            if (!survives()) {
                return false;
            }
            live = session.state();
            if (session.mustWrite()) {
                durable = live;
                effects.forEach(Runnable::run);
                remembers.run();
            }
            if (!survives()) {
                return false;
            }
            push(pushes);
            return isServed();
        }

        private void tell(Session session, String text, List<Push> pushes, List<Runnable> effects) {
            session.tell(new FeedItem("t", Bytes.utf8(text)), pushes::add);
            long position = session.state().personal().last();
            effects.add(() -> witness.told(uid, position, text));
        }

        /** Hears another room, or leaves one. */
        private void change(Session session, List<Push> pushes, List<Runnable> effects) {
            List<SessionState.HeardFeed> heard = session.state().feeds();
            String name = ROOMS.get(waters.dice.nextInt(ROOMS.size()));
            for (SessionState.HeardFeed feed : heard) {
                if (feed.name().equals(name)) {
                    session.leave(name, name, pushes::add);
                    effects.add(() ->
                            Objects.requireNonNull(rooms.get(name)).audience.left(uid));
                    return;
                }
            }
            FeedHistory told = Objects.requireNonNull(rooms.get(name)).durable;
            long first = Math.max(told.first(), told.last() + 1 - waters.dice.nextInt(3));
            int number = session.hear(name, name, first, pushes::add);
            effects.add(() -> witness.joined(uid, number, name, first));
        }

        /** Something happens to the user that nobody asked for. */
        void news(int items) {
            if (!isServed()) {
                return;
            }
            List<Push> pushes = new ArrayList<>();
            List<Runnable> effects = new ArrayList<>();
            Session session = measures.session(live);
            for (int i = 0; i < items; i++) {
                tell(session, "news " + waters.now() + " " + i, pushes, effects);
            }
            if (items == 0) {
                change(session, pushes, effects);
            }
            commit(session, pushes, effects, () -> {});
        }
    }

    /** A connection of a client with a gate. */
    final class Socket {
        final Gate gate;
        final int life;
        final long address = ++addresses;
        private final Device device;
        private final long connection;
        private final GateSocket machine;
        final Waters.Channel up = waters.new Channel();
        final Waters.Channel down = waters.new Channel();
        private long wakeNanos = Long.MAX_VALUE;
        private boolean isClosed;

        private Socket(Gate gate, Device device, long connection) {
            this.gate = gate;
            this.life = gate.life;
            this.device = device;
            this.connection = connection;
            this.machine = measures.socket(PATIENCE, address, SessionWorld::hash, waters.now());
            wake();
        }

        boolean isThere() {
            return gate.up && gate.life == life && !machine.isOver();
        }

        void on(SocketEvent event) {
            gate.act(() -> {
                if (isThere()) {
                    machine.on(waters.now(), event, this::act);
                    wake();
                }
            });
        }

        private void wake() {
            long next = machine.nextWakeNanos();
            if (next < wakeNanos) {
                wakeNanos = next;
                waters.in(Math.max(0, next - waters.now()), () -> {
                    wakeNanos = Long.MAX_VALUE;
                    gate.act(() -> {
                        if (isThere()) {
                            machine.advance(waters.now(), this::act);
                            wake();
                        }
                    });
                });
            }
        }

        private void act(SocketAction action) {
            switch (action) {
                case SocketAction.Send(ClientMessage.ToClient message) ->
                    down.send(() -> device.on(new ClientEvent.Heard(connection, message)));
                case SocketAction.Close() -> {
                    if (!isClosed) {
                        isClosed = true;
                        down.send(() -> device.on(new ClientEvent.Broken(connection, "closed")));
                    }
                }
                case SocketAction.Authenticate(String name, Bytes _, String _) ->
                    waters.within(50 * Waters.MILLI, () -> {
                        long id = waters.dice.nextLong();
                        witness.drew(id, device.name);
                        if (isThere()) {
                            on(new SocketEvent.Known(name, id, Bytes.utf8(Long.toHexString(waters.dice.nextLong()))));
                        }
                    });
                case SocketAction.Visit _ -> throw new IllegalStateException("nobody visits");
                case SocketAction.Call(long call, String uid, SessionCall what) -> {
                    Sitting session = Objects.requireNonNull(sessions.get(uid));
                    ask(call, session, () -> session.serve(address * 100_000 + call, what));
                }
                case SocketAction.ReadAt read -> {
                    Room room = Objects.requireNonNull(rooms.get(read.origin()));
                    ask(
                            read.call(),
                            room,
                            () -> new SessionAnswer.Page(read.feed(), room.read(read, address, gates.indexOf(gate))));
                }
            }
        }

        private void ask(long call, Owner owner, Supplier<@Nullable SessionAnswer> serve) {
            Ask ask = new Ask(call, owner, serve, waters.now() + CALL_NANOS);
            waters.in(CALL_NANOS, () -> ask.end(new SocketEvent.Failed(call, "no answer in time")));
            ask.attempt();
        }

        /** A call: repeated until it is answered or its time is over. */
        private final class Ask {
            private final long call;
            private final Owner owner;
            private final Supplier<@Nullable SessionAnswer> serve;
            private final long untilNanos;
            private boolean isEnded;

            Ask(long call, Owner owner, Supplier<@Nullable SessionAnswer> serve, long untilNanos) {
                this.call = call;
                this.owner = owner;
                this.serve = serve;
                this.untilNanos = untilNanos;
            }

            void end(SocketEvent event) {
                if (!isEnded && isThere()) {
                    isEnded = true;
                    on(event);
                }
            }

            void attempt() {
                if (isEnded || waters.now() >= untilNanos || !isThere()) {
                    return;
                }
                int worker = owner.at;
                if (gate.stopped) {
                    gate.act(this::attempt);
                    return;
                }
                gate.to.get(worker).send(() -> {
                    if (owner.at != worker || !owner.isServed()) {
                        return;
                    }
                    SessionAnswer answer = serve.get();
                    if (answer != null) {
                        gate.from.get(worker).send(() -> end(new SocketEvent.Answered(call, answer)));
                    }
                });
                waters.in(Waters.SECOND / 5 + waters.dice.nextLong(Waters.SECOND), this::attempt);
            }
        }

        void hears(ClientMessage.ToGate message) {
            up.send(() -> {
                if (isThere()) {
                    on(new SocketEvent.Heard(message));
                }
            });
        }

        /** The client has closed it. */
        void leaves() {
            up.send(() -> {
                if (isThere()) {
                    on(new SocketEvent.Broken());
                }
            });
        }

        /** Nothing goes through any more; each side learns it soon, late, or never. */
        void breakOff() {
            up.cut();
            down.cut();
            if (waters.chance(700)) {
                waters.within(2 * Waters.SECOND, () -> device.on(new ClientEvent.Broken(connection, "reset")));
            }
            if (waters.chance(700)) {
                waters.within(6 * Waters.SECOND, () -> {
                    if (isThere()) {
                        on(new SocketEvent.Broken());
                    }
                });
            }
        }
    }

    static Bytes hash(Bytes token) {
        return Bytes.utf8("#" + token.utf8());
    }

    /** A client wants a connection. */
    void connect(Device device, long connection, String gateName) {
        waters.within(30 * Waters.MILLI, () -> {
            Gate gate = gates.get(Integer.parseInt(gateName));
            if (gate.up) {
                Socket socket = new Socket(gate, device, connection);
                sockets.put(socket.address, socket);
                device.connected(socket, connection);
            } else if (waters.chance(500)) {
                device.on(new ClientEvent.Broken(connection, "refused"));
            }
        });
    }

    /** A user begins on another device. */
    private void begin(int user) {
        String uid = "user-" + user;
        if (devices.stream().filter(device -> device.uid.equals(uid)).count() < DEVICES_MAX) {
            Device device = new Device(this, uid, "d" + devices.size(), measures);
            devices.add(device);
            device.start();
        }
    }

    /** Some 20 seconds of faults, then calm. */
    void run() {
        for (int user = 0; user < USERS; user++) {
            begin(user);
        }
        begin(0); // two devices at the same instant
        boolean bursts = waters.chance(200);
        witness.mayLose(bursts);
        long calm = 20 * Waters.SECOND;
        step(calm, bursts);
        waters.run(calm);
        faults = false;
        waters.run(calm + Witness.CALM_NANOS / 4);
        while (waters.now() < calm + Witness.CALM_NANOS && !witness.isEverybodyUpToDate()) {
            waters.run(waters.now() + Waters.SECOND);
        }
        witness.everybodyIsUpToDate();
    }

    private void step(long untilNanos, boolean bursts) {
        if (waters.now() >= untilNanos) {
            return;
        }
        switch (waters.dice.nextInt(100)) {
            case 0 -> gates.get(waters.dice.nextInt(GATES)).die();
            case 1, 2 -> kill(waters.dice.nextInt(WORKERS));
            case 3, 4, 5 -> gates.get(waters.dice.nextInt(GATES)).cut(waters.dice.nextInt(WORKERS));
            case 6 -> {
                gates.get(waters.dice.nextInt(GATES)).die();
                kill(waters.dice.nextInt(WORKERS));
            }
            case 7, 8, 9, 10 -> anyOf(sockets.values()).ifPresent(Socket::breakOff);
            case 11, 12 -> begin(waters.dice.nextInt(USERS));
            case 13 -> sitting().news(bursts ? 300 : 0);
            case 14 -> gates.get(waters.dice.nextInt(GATES)).stop(10 * Waters.SECOND);
            case 15 -> anyOf(rooms.values()).ifPresent(room -> room.tell(bursts ? 300 : 5));
            default -> talk();
        }
        waters.within(Waters.SECOND / 4, () -> step(untilNanos, bursts));
    }

    private void talk() {
        switch (waters.dice.nextInt(4)) {
            case 0 -> sitting().news(waters.dice.nextInt(3));
            case 1 -> anyOf(rooms.values()).ifPresent(room -> room.tell(1 + waters.dice.nextInt(3)));
            default -> anyOf(devices).ifPresent(device -> device.say(1 + waters.dice.nextInt(4)));
        }
    }

    private Sitting sitting() {
        return anyOf(sessions.values()).orElseThrow();
    }

    private <T> Optional<T> anyOf(Collection<T> all) {
        return all.isEmpty()
                ? Optional.empty()
                : all.stream().skip(waters.dice.nextInt(all.size())).findFirst();
    }
}
