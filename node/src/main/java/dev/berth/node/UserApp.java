package dev.berth.node;

import dev.berth.core.PublicApi;
import dev.berth.core.gateway.Way;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.UserSession;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.session.Credentials;
import dev.berth.node.session.GateOpener;
import dev.berth.node.session.GateOpener.Door;
import dev.berth.node.session.Lobby;
import dev.berth.node.session.Sessions;
import dev.berth.node.session.Talk;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An application with users. Their clients connect at gates, and stay whatever dies: what a user says is done once, what he is told
 * ({@link dev.berth.node.entity.Context#send}) arrives once. Each has a session beside his entities, in the same service. One thread.
 *
 * {@snippet :
 * Berth.app("hello")
 *         .entity(Player.class, PlayerCode::new)
 *         .login(who -> Long.parseLong(who.name()))
 *         .on(Buy.class, (uid, message) -> Berth.agent(Player.class, uid).buy(message))
 *         .start(args);
 * }
 *
 * @param <K> what tells users apart: a Long, Integer, String or UUID; two that are the same as text are the same user
 */
@PublicApi
public final class UserApp<K> {
    /** Of a development cluster, if nothing is said. */
    private static final Door DEV = Door.of(new HostPort("127.0.0.1", 7_400), Way.TCP);

    private final String name;
    private final Entities.Builder entities;
    private final Function<Node, Function<Credentials, K>> login;
    private final Talk talk = new Talk();
    private Opening opening = (_, _, _) -> List.of();

    UserApp(String name, Entities.Builder entities, Function<Node, Function<Credentials, K>> login) {
        this.name = name;
        this.entities = entities;
        this.login = login;
        entities.entity(UserSession.class, Sessions.code(talk)).records(Sessions.KEPT);
    }

    /**
     * What a message of a client does. Runs in the session of the user, one message at a time and in the order in which he has said them. What it calls
     * ({@link Berth#agent}) happens once, also if the client, its gate and the owners of all that is called die in between; anything else it does may
     * be done again. Denied, and whatever else it throws, is the client's answer too.
     *
     * @param handler its answer is a record of the application, 4 KiB at most, or null
     */
    public <M extends Record> UserApp<K> on(
            Class<M> message, BiFunction<? super K, ? super M, ? extends @Nullable Object> handler) {
        @SuppressWarnings("unchecked") // the user is what the log-in has said, the message is of the class
        BiFunction<Object, Object, @Nullable Object> plain =
                (BiFunction<Object, Object, @Nullable Object>) (BiFunction<?, ?, ?>) handler;
        talk.on(message, plain);
        entities.records(message);
        return this;
    }

    /**
     * What a message of a client does that has not logged in: questions that change nothing, since it may be run any number of times, at the client's gate.
     * Everything else that visitors say is refused.
     *
     * @param handler its answer is a record of the application, or null; what it throws is the client's answer too
     */
    public <M extends Record> UserApp<K> onVisitor(
            Class<M> message, Function<? super M, ? extends @Nullable Object> handler) {
        @SuppressWarnings("unchecked") // the message is of the class
        Function<Object, @Nullable Object> plain = (Function<Object, @Nullable Object>) (Function<?, ?>) handler;
        talk.onVisitor(message, plain);
        entities.records(message);
        return this;
    }

    /**
     * What clients are told in the place of a record: entities may tell something short, or something of which not all is for everybody, and clients
     * hear what they can read. Made at the gate for each item anew, of nothing but the record.
     *
     * @param shown 16 KiB at most
     */
    public <M extends Record, S extends Record> UserApp<K> shown(
            Class<M> told, Class<S> shown, Function<? super M, ? extends S> as) {
        talk.shown(told, as);
        entities.records(told, shown);
        return this;
    }

    /** What a program opens at its node besides gates: doors for clients that speak something else. */
    @PublicApi
    @FunctionalInterface
    public interface Opening {
        /**
         * The node is there, but may not be listed yet; called once, and may wait.
         *
         * @return what to say about it, a line each
         */
        List<String> open(Node node, Entities app, Lobby lobby) throws IOException;
    }

    /** What {@link #start} opens besides the gates that its words name. */
    public UserApp<K> opening(Opening more) {
        opening = more;
        return this;
    }

    /** As {@link App#entities}. */
    public Entities entities() {
        return entities.build();
    }

    /** What a gate needs, for whoever runs a node of his own: {@code SessionGate.open(lobby, config)} in the module gate. */
    public Lobby lobby(Node node, Entities app) {
        return new Lobby(node, app, login.apply(node), talk);
    }

    /**
     * As {@link App#start}. A node is a gate if its words say where: {@code --gate HOST:PORT} for TCP, {@code --web HOST:PORT} for WebSockets, path
     * {@code /berth}; several are possible. A development cluster without any has one at 127.0.0.1:7400. Such a node is a server: it takes so many players as
     * {@code gate.places} says. {@code --gateway HOST:PORT} and {@code --web-gateway HOST:PORT} make it a gateway, which sends clients to servers that have a
     * place; {@code --reached HOST:PORT} behind a gate is where clients reach it, if that is not where it listens. Browsers
     * get the files of {@code --pages DIRECTORY} at every port for WebSockets of the node.
     */
    public void start(String... args) throws IOException {
        GateWords words = GateWords.parse(args);
        NodeEnvironment.ofThisProcess()
                .ifPresent(its -> words.requireNoGames(its.name(), !its.offers().isEmpty()));
        Entities app = entities.build();
        App.start(app, (node, launched) -> open(node, app, words, launched));
    }

    /** As {@link App#dev}, without a gate. */
    public App.Running dev() throws IOException {
        return App.dev(entities.build());
    }

    private List<String> open(Node node, Entities app, GateWords words, boolean launched) throws IOException {
        boolean isSilent = words.gates().isEmpty() && words.gateways().isEmpty();
        List<Door> gates = isSilent && !launched ? List.of(DEV) : words.gates();
        List<String> said = new ArrayList<>();
        if (!gates.isEmpty()) {
            said.addAll(said(
                    "clients of ", gates, GateOpener.ofThisClassPath().open(lobby(node, app), app.service(), gates)));
        }
        if (!words.gateways().isEmpty()) {
            said.addAll(said(
                    "gateway to servers of ",
                    words.gateways(),
                    GateOpener.ofThisClassPath().gateway(node, app.service(), words.gateways())));
        }
        said.addAll(opening.open(node, app, lobby(node, app)));
        return said;
    }

    private List<String> said(String what, List<Door> doors, GateOpener.Opened opened) {
        List<String> said = new ArrayList<>();
        for (int i = 0; i < doors.size(); i++) {
            said.add(what + name + ": " + doors.get(i).way() + " "
                    + HostPort.of(opened.addresses().get(i)));
        }
        return said;
    }
}
