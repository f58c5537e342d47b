package dev.berth.node.session;

import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.FeedRead;
import dev.berth.core.session.Place;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Ground;
import dev.berth.node.entity.Requests;
import dev.berth.node.entity.UserKey;
import dev.berth.node.entity.UserSession;
import dev.berth.node.worker.Node;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a gate needs of an application with users, at one node. Any thread. */
public final class Lobby {
    private final @Nullable Node node;
    private final Entities app;
    private final Talk talk;
    private final Requests requests;
    private final Function<? super Credentials, ?> login;
    private final JsonBodies json;
    private final Shown shown;

    /** @param login the user's key; throws Denied for a no */
    public Lobby(Node node, Entities app, Function<? super Credentials, ?> login, Talk talk) {
        this(node, new Requests(app, node), app, login, talk);
    }

    /** Of a cluster that is played: there is no node, nobody logs in here, and nobody visits. */
    public Lobby(Ground ground, Entities app) {
        this(
                null,
                new Requests(app, ground),
                app,
                who -> {
                    throw new Denied(who.name() + " does not log in here");
                },
                new Talk());
    }

    private Lobby(
            @Nullable Node node, Requests requests, Entities app, Function<? super Credentials, ?> login, Talk talk) {
        this.app = app;
        this.talk = talk;
        this.node = node;
        this.requests = requests;
        this.login = login;
        this.json = new JsonBodies(app.messages());
        this.shown = talk.shown(app.messages(), requests::wireName);
    }

    public Node node() {
        return Objects.requireNonNull(node, "a played cluster has no nodes");
    }

    /** For clients that write their bodies as JSON. */
    public JsonBodies json() {
        return json;
    }

    /** What clients are told in the place of what entities tell. */
    public Shown shown() {
        return shown;
    }

    /** Who that is; may take long, and throws what the application's function throws. */
    public UserKey login(Credentials who) {
        Object user = requests.within(() -> login.apply(who));
        if (user == null) {
            throw new IllegalStateException("login answers nobody; for a no it throws Denied");
        }
        return UserKey.of(user);
    }

    /** What becomes of what somebody says who has not logged in; may take long, and throws if nobody knows. */
    public ClientMessage.Outcome visit(String type, Bytes body) {
        return requests.within(() -> talk.visited(app.messages(), requests::wireName, type, body));
    }

    /**
     * Asks a user's session and goes on. The end comes on the node's loop: Answered or Failed.
     *
     * @param caller the client's address
     * @param kind of the user's key, with a Login
     */
    public void ask(
            long caller, long call, String user, String kind, SessionCall what, Consumer<? super SocketEvent> end) {
        requests.ask(
                UserSession.class,
                user,
                "on",
                caller,
                outcome -> end.accept(ended(call, outcome)),
                SessionBook.write(what),
                kind);
    }

    private static SocketEvent ended(long call, Outcome<Bytes> outcome) {
        if (!(outcome instanceof Outcome.Done<Bytes>(Bytes answer))) {
            return new SocketEvent.Failed(call, String.valueOf(outcome));
        }
        try {
            return new SocketEvent.Answered(call, SessionBook.read(answer, SessionAnswer.class));
        } catch (WireException unreadable) {
            return new SocketEvent.Failed(call, String.valueOf(unreadable.getMessage()));
        }
    }

    /**
     * Asks the origin of a feed and goes on, as {@link #ask}.
     *
     * @param client its address
     * @param hub the gate's own
     */
    public void read(long client, long hub, SocketAction.ReadAt read, Consumer<? super SocketEvent> end) {
        requests.read(
                read.origin(),
                client,
                new FeedRead(read.name(), read.from(), read.uid(), read.epoch(), client, hub, read.feed()),
                outcome -> end.accept(
                        outcome instanceof Outcome.Done<FeedPage>(FeedPage page)
                                ? new SocketEvent.Answered(read.call(), new SessionAnswer.Page(read.feed(), page))
                                : new SocketEvent.Failed(read.call(), String.valueOf(outcome))));
    }

    /** As {@link Requests#unheard}. */
    public void unheard(String origin, Place place) {
        requests.unheard(origin, place);
    }

    /** Where the origin of a feed is; empty if the application has none such. */
    public Optional<SlotId> origin(String origin) {
        return requests.slot(origin);
    }

    /** Where a user's session is, as the newest view divides the slots. */
    public SlotId slot(String user) {
        return requests.slot(UserSession.class, user);
    }
}
