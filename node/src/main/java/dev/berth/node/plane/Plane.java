package dev.berth.node.plane;

import dev.berth.core.call.Admission;
import dev.berth.core.call.AdmissionAction;
import dev.berth.core.call.AdmissionEvent;
import dev.berth.core.call.CallAction;
import dev.berth.core.call.CallEvent;
import dev.berth.core.call.CallStory;
import dev.berth.core.call.Calls;
import dev.berth.core.call.Dispatch;
import dev.berth.core.call.GuestCalls;
import dev.berth.core.call.Judge;
import dev.berth.core.call.Link;
import dev.berth.core.call.LinkEvent;
import dev.berth.core.call.MarkAction;
import dev.berth.core.call.MarkEvent;
import dev.berth.core.call.MarkSet;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.Peers;
import dev.berth.core.call.PeersAction;
import dev.berth.core.call.PeersEvent;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.call.Table;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.PipeEars;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// The shell of core.call on one event loop: it carries events and actions between the machines, the pipes and the
// application, and compares nothing itself. The application hears only after the machine that speaks has returned,
// since it may call any of them; what a pass of the loop sends leaves together at its end.

/**
 * The way in and out of one node: connections, admissions, calls and marks. Made when the node has its first view. {@link
 * #submit}, {@link #install}, {@link #serving}, {@link #withdrawn}, {@link #resume}, {@link #suspend}, {@link #mark} and {@link
 * #stop} may be called on any thread; what one thread says is done in that order.
 */
public final class Plane {
    private static final Logger LOG = LoggerFactory.getLogger(Plane.class);

    /**
     * Calls that wait for the loop to take them; more are refused, or a caller that never waits would fill the memory. A node of
     * 100,000 calls per second may stand still for half a second.
     */
    private static final int SUBMISSIONS_MAX = 65_536;

    private final EventLoop loop;
    private final LongSupplier clock;
    private final PlaneLimits limits;
    private final Dialer dialer;
    private final Application application;
    private final Consumer<? super Throwable> broken;
    private final Judge judge;
    private final MarkSet marks = new MarkSet();
    private final Peers peers;
    private final Calls calls;
    private final List<End> ends = new ArrayList<>();
    private final IntObjectHashMap<List<End>> established = new IntObjectHashMap<>();
    private final Map<Grant, Runnable> marking = new HashMap<>();
    private final Outbox<CallAction> callOut = this::act;
    private final Outbox<MarkAction> markOut = this::act;
    private final Outbox<PeersAction> peersOut = this::act;
    /** What the application is to hear: Work, an Ended call, or a task. */
    private final ArrayDeque<Object> told = new ArrayDeque<>();

    private boolean telling;
    private final Inbox inbox;
    private final List<End> touched = new ArrayList<>();
    /** The last reading of the clock: the time of the event that is being carried. */
    private long nowNanos;

    private long alarmNanos = Machine.NEVER;
    private Future<?> alarm = CompletableFuture.completedFuture(null);
    private volatile Table table;

    /**
     * @param mayAct says at any time, on any thread, whether the node's lease holds (rule 12)
     * @param broken hears what a machine or the application throws: the plane is then of no use and the node has to end
     * @param random the dice of its machines, which a test can repeat
     */
    public Plane(
            EventLoop loop,
            LongSupplier clock,
            PlaneLimits limits,
            Dialer dialer,
            LongPredicate mayAct,
            View view,
            Incarnation self,
            Application application,
            Consumer<? super Throwable> broken,
            RandomGenerator random) {
        this.loop = loop;
        this.clock = clock;
        this.limits = limits;
        this.dialer = dialer;
        this.application = application;
        this.broken = broken;
        this.inbox = new Inbox(loop, () -> guarded(this::drain), broken);
        this.table = Table.of(view, self);
        this.judge = new Judge(mayAct);
        this.peers = new Peers(limits.redial(), table, random);
        this.calls = new Calls(limits.calls(), judge, marks, table, random);
        run(this::openLoopback);
    }

    private void openLoopback() {
        Incarnation self = table.self();
        End itself = new End(this, Link.accepted(limits.link(), judge, peers, table, true), self, 0);
        ends.add(itself);
        established(itself, self, false, Peers.LOOPBACK);
        settle(itself);
    }

    long now() {
        nowNanos = clock.getAsLong();
        return nowNanos;
    }

    /** What the node acts by; any thread. */
    public Table table() {
        return table;
    }

    /** Does it now if this is the loop, else soon. */
    void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    void later(Runnable task) {
        inbox.add(new Inbox.Errand() {
            @Override
            void run() {
                task.run();
            }
        });
    }

    private void drain() {
        inbox.runAll();
        settle();
        for (int i = 0; i < touched.size(); i++) {
            End end = touched.get(i);
            end.untouched();
            alarmAt(end.nextWakeNanos());
        }
        touched.clear();
    }

    /** It has heard something; what follows from it is seen to at the end of this drain. */
    void touch(End end) {
        touched.add(end);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error thrown) {
            broken.accept(thrown);
        }
    }

    // ---- What the member says

    /** Rule 14, in one step: who was expelled is cut off before anything is judged by the new table. */
    public void install(View view, Runnable then) {
        run(() -> {
            table = table.installed(view);
            peers.on(now(), new PeersEvent.Installed(table), peersOut);
            LinkEvent installed = new LinkEvent.Installed(table);
            List.copyOf(ends).forEach(end -> end.feed(installed));
            publish();
            marks.on(now(), new MarkEvent.Installed(table), markOut);
            settleAll();
            then.run();
        });
    }

    public void serving(Grant grant) {
        run(() -> {
            table = table.serving(grant);
            publish();
            settleAll();
        });
    }

    public void withdrawn(Grant grant, Runnable then) {
        run(() -> {
            table = table.withdrawn(grant);
            publish();
            settleAll();
            then.run();
        });
    }

    private void publish() {
        AdmissionEvent installed = new AdmissionEvent.Installed(table);
        List.copyOf(ends).forEach(end -> end.feed(installed));
        calls.on(now(), new CallEvent.Installed(table), callOut);
    }

    public void suspend() {
        run(() -> {
            LinkEvent suspended = new LinkEvent.Suspended();
            List.copyOf(ends).forEach(end -> end.feed(suspended));
            settleAll();
        });
    }

    public void resume() {
        run(() -> {
            AdmissionEvent resumed = new AdmissionEvent.Resumed();
            List.copyOf(ends).forEach(end -> end.feed(resumed));
            calls.on(now(), new CallEvent.Resumed(), callOut);
            settleAll();
        });
    }

    /** MemberAction.Mark; {@code then} is called on the loop when everybody has answered. */
    public void mark(Grant grant, Runnable then) {
        run(() -> {
            marking.put(grant, then);
            marks.on(now(), new MarkEvent.Start(grant), markOut);
            calls.on(now(), new CallEvent.Leaving(), callOut);
            settleAll();
        });
    }

    /** The node is over: every call ends, every connection closes. */
    public void stop(String cause, Runnable then) {
        run(() -> {
            calls.on(now(), new CallEvent.Stopped(), callOut);
            LinkEvent stopped = new LinkEvent.Stopped(cause);
            List.copyOf(ends).forEach(end -> end.feed(stopped));
            settleAll();
            then.run();
        });
    }

    // ---- What the application says

    /** Begins a call; its end is told to {@link Application#ended}, exactly once. */
    public void submit(Request request) {
        if (loop.inEventLoop()) {
            calls.submit(now(), request, callOut);
            settle();
        } else {
            if (!inbox.offer(new Submission(null, request), SUBMISSIONS_MAX)) {
                application.ended(request, new Outcome.Refused<>(RefusedReason.BUSY, 0), 0);
            }
        }
    }

    /** The same to a hidden node that is connected here. */
    void submit(Guest guest, Request request) {
        if (!inbox.offer(new Submission(guest, request), SUBMISSIONS_MAX)) {
            application.ended(request, new Outcome.Refused<>(RefusedReason.BUSY, 0), 0);
        }
    }

    private final class Submission extends Inbox.Errand {
        private final @Nullable Guest guest;
        private final Request request;

        Submission(@Nullable Guest guest, Request request) {
            this.guest = guest;
            this.request = request;
        }

        @Override
        void run() {
            if (guest == null) {
                calls.submit(now(), request, callOut);
            } else {
                guest.submitted(request);
            }
        }

        @Override
        void tooLate() {
            application.ended(request, new Outcome.Refused<>(RefusedReason.STOPPED, 0), 0);
        }
    }

    /** A handler has ended. */
    void answer(End end, Dispatch dispatch, PeerMessage.Result result) {
        if (loop.inEventLoop()) {
            end.answered(dispatch, result);
            settle(end);
        } else {
            inbox.add(new Answer(end, dispatch, result));
        }
    }

    private static final class Answer extends Inbox.Errand {
        private final End end;
        private final Dispatch dispatch;
        private final PeerMessage.Result result;

        Answer(End end, Dispatch dispatch, PeerMessage.Result result) {
            this.end = end;
            this.dispatch = dispatch;
            this.result = result;
        }

        @Override
        void run() {
            end.answered(dispatch, result);
            end.touched();
        }
    }

    Judge.Verdict judge(End end, Dispatch dispatch) {
        return judge.judge(clock.getAsLong(), table, end.current(), dispatch);
    }

    // ---- Connections

    /** The ears of a connection that another node has opened; called on the loop. */
    public PipeEars<PeerMessage, PeerMessage> accept() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("a plane's connections are accepted on its own loop");
        }
        End end = new End(this, Link.accepted(limits.link(), judge, peers, table, true), Incarnation.NONE, 0);
        ends.add(end);
        return end;
    }

    private void dial(Incarnation peer, long connection) {
        End end = new End(this, Link.dialed(limits.link(), judge, peers, table, peer, connection), peer, connection);
        ends.add(end);
        end.dialed(dialer.dial(table.view().member(peer.node()), end, loop));
    }

    Admission admission(Incarnation peer, boolean hidden, long connection) {
        return new Admission(
                peer.equals(table.self()) ? limits.own() : limits.admission(),
                judge,
                marks,
                table,
                peer,
                hidden,
                connection);
    }

    void established(End end, Incarnation peer, boolean hidden, long connection) {
        LOG.info("node {} connection {} with {} ESTABLISHED", table.self(), connection, peer);
        end.establish(peer, hidden, connection);
        if (hidden) {
            end.guest(new Guest(this, end, new GuestCalls(judge, peer, connection)));
            return;
        }
        List<End> pair = established.get(peer.node().value());
        if (pair == null) {
            pair = new ArrayList<>(2);
            established.put(peer.node().value(), pair);
        }
        pair.add(end);
        calls.on(now(), new CallEvent.Connected(peer, connection), callOut);
        marks.on(now(), new MarkEvent.Connected(peer, connection), markOut);
    }

    void supersede(Incarnation peer, long connection, long by) {
        for (End old : List.copyOf(pair(peer))) {
            if (old.is(peer, connection)) {
                old.supersede(by);
            }
        }
    }

    void cancelDial(Incarnation peer, long connection) {
        for (End end : List.copyOf(ends)) {
            if (!end.isEstablished() && end.isOpen() && end.is(peer, connection)) {
                end.feed(new LinkEvent.Stopped("cancelled"));
            }
        }
    }

    void down(End end, Incarnation peer, boolean hidden, long connection) {
        LOG.info("node {} connection {} with {} DOWN cause={}", table.self(), connection, peer, end.cause());
        end.feed(new AdmissionEvent.Closed());
        if (hidden) {
            end.guestLeaves(told::add);
            later(this::forgetSpent);
            return;
        }
        boolean wasEstablished = pair(peer).remove(end);
        peers.on(now(), new PeersEvent.Ended(peer, connection), peersOut);
        calls.on(now(), new CallEvent.Disconnected(peer, connection, end.cause()), callOut);
        marks.on(now(), new MarkEvent.Disconnected(peer, connection), markOut);
        if (wasEstablished) {
            told.add((Runnable) () -> application.disconnected(peer));
        }
    }

    private List<End> pair(Incarnation peer) {
        List<End> pair = established.get(peer.node().value());
        return pair == null ? new ArrayList<>() : pair;
    }

    private void write(Incarnation peer, long connection, PeerMessage message) {
        List<End> pair = pair(peer);
        for (int i = 0; i < pair.size(); i++) {
            End end = pair.get(i);
            if (end.is(peer, connection) && end.isOpen()) {
                end.send(message);
                return;
            }
        }
        throw new IllegalStateException(table.self() + " has no open connection " + connection + " with " + peer);
    }

    // ---- What the machines want

    void admitted(End end, Dispatch dispatch) {
        told.add(new Work(this, end, dispatch));
    }

    void replied(Incarnation peer, long connection, PeerMessage.Reply reply) {
        calls.replied(nowNanos, peer, connection, reply, callOut);
    }

    void markAnswered(AdmissionAction.MarkAnswered answered) {
        marks.on(now(), new MarkEvent.Answered(answered.peer(), answered.connection(), answered.grant()), markOut);
    }

    void dropped(End end, PeerMessage message, String cause) {
        LOG.debug("{}: drops {}: {}", end, message.getClass().getSimpleName(), cause);
        if (message instanceof PeerMessage.Call call && call.session() == 0 && call.to() == null) {
            told.add((Runnable) () -> application.dropped(call));
        }
    }

    private void act(PeersAction action) {
        switch (action) {
            case PeersAction.Dial(Incarnation peer, long connection) -> dial(peer, connection);
            case PeersAction.CancelDial(Incarnation peer, long connection) -> cancelDial(peer, connection);
        }
    }

    private void act(CallAction action) {
        switch (action) {
            case CallAction.Send(Incarnation peer, long connection, PeerMessage.Call call, Request request) ->
                write(peer, connection, call);
            case CallAction.Connect(Incarnation peer) -> peers.on(now(), new PeersEvent.Wanted(peer), peersOut);
            case CallAction.Ended ended -> told.add(ended);
        }
    }

    /** What the calls to a hidden node want. */
    void act(End end, CallAction action) {
        switch (action) {
            case CallAction.Send(Incarnation _, long _, PeerMessage.Call call, Request _) -> end.send(call);
            case CallAction.Ended ended -> told.add(ended);
            case CallAction.Connect(Incarnation peer) ->
                throw new IllegalStateException("a hidden node is not dialed: " + peer);
        }
    }

    private void act(MarkAction action) {
        switch (action) {
            case MarkAction.Send(Incarnation peer, long connection, PeerMessage.Mark mark) ->
                write(peer, connection, mark);
            case MarkAction.Connect(Incarnation peer) -> peers.on(now(), new PeersEvent.Wanted(peer), peersOut);
            case MarkAction.Complete(Grant grant) -> {
                Runnable then = marking.remove(grant);
                if (then != null) {
                    told.add(then);
                }
            }
        }
    }

    // ---- Time

    /** Lets the application hear, which may lead back to any machine, and sets the alarm for what was touched. */
    void settle(End touched) {
        settle();
        alarmAt(touched.nextWakeNanos());
    }

    private void settleAll() {
        settle();
        ends.forEach(end -> alarmAt(end.nextWakeNanos()));
        forgetSpent();
    }

    private void settle() {
        if (!telling) {
            telling = true;
            for (Object next = told.poll(); next != null; next = told.poll()) {
                tell(next);
            }
            telling = false;
        }
        alarmAt(Math.min(calls.nextWakeNanos(), Math.min(peers.nextWakeNanos(), marks.nextWakeNanos())));
    }

    private void tell(Object what) {
        if (what instanceof Work work) {
            application.admitted(work);
        } else if (what instanceof CallAction.Ended(Request request, Outcome<Bytes> outcome, long call)) {
            application.ended(request, outcome, call);
        } else {
            ((Runnable) what).run();
        }
    }

    /** Rings at this reading of the clock at the latest; ringing early is legal. */
    private void alarmAt(long nanos) {
        if (nanos < alarmNanos) {
            alarmNanos = nanos;
            alarm.cancel(false);
            long now = now();
            // Whoever wants to be woken at once may name the beginning of time, from which nothing can be subtracted.
            long wait = nanos <= now ? 0 : nanos - now;
            alarm = loop.schedule(() -> guarded(() -> ring(nanos)), wait, TimeUnit.NANOSECONDS);
        }
    }

    private void ring(long nanos) {
        if (alarmNanos != nanos) {
            return;
        }
        alarmNanos = Machine.NEVER;
        long now = now();
        peers.advance(now, peersOut);
        for (End end : List.copyOf(ends)) {
            if (now >= end.nextWakeNanos()) {
                end.advance(now);
            }
        }
        calls.advance(now, callOut);
        marks.advance(now, markOut);
        settleAll();
    }

    private void forgetSpent() {
        ends.removeIf(End::isSpent);
    }

    /** Asks what is remembered of a call, or of the latest ones for 0; answered on the loop. */
    public void recall(long call, int max, Consumer<? super List<CallStory>> answer) {
        run(() ->
                answer.accept(call == 0 ? calls.log().newest(max) : calls.log().find(call)));
    }

    /** Calls that have not ended; the loop's thread. */
    public int inFlight() {
        return calls.inFlight();
    }
}
