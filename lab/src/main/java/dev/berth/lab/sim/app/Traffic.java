package dev.berth.lab.sim.app;

import dev.berth.core.call.Admission;
import dev.berth.core.call.AdmissionAction;
import dev.berth.core.call.AdmissionEvent;
import dev.berth.core.call.AdmissionLimits;
import dev.berth.core.call.CallAction;
import dev.berth.core.call.CallEvent;
import dev.berth.core.call.CallLimits;
import dev.berth.core.call.Calls;
import dev.berth.core.call.Dispatch;
import dev.berth.core.call.Judge;
import dev.berth.core.call.Link;
import dev.berth.core.call.LinkAction;
import dev.berth.core.call.LinkEvent;
import dev.berth.core.call.LinkLimits;
import dev.berth.core.call.MarkAction;
import dev.berth.core.call.MarkEvent;
import dev.berth.core.call.MarkSet;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.Peers;
import dev.berth.core.call.PeersAction;
import dev.berth.core.call.PeersEvent;
import dev.berth.core.call.Request;
import dev.berth.core.call.Table;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.net.Ear;
import dev.berth.lab.sim.net.Frame;
import dev.berth.lab.sim.net.Line;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Surroundings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

// A shell compares no epochs, incarnations or views: it carries events and actions between the machines of core.call,
// and reports to the checks what it is about to do.

/** The way in and out of one node: links, admissions, calls and marks. One thread: its process. */
final class Traffic {
    /** What the application does with what traffic brings. */
    interface Handler {
        /** A call was admitted: put it into its mailbox. */
        void dispatched(Dispatch dispatch);

        void ended(Request request, Outcome<Bytes> outcome);

        void disconnected(Incarnation peer);
    }

    private static final Backoff REDIAL = new Backoff(20_000_000L, 2_000_000_000L);
    private static final Backoff RETRY = new Backoff(5_000_000L, 500_000_000L);
    private static final CallLimits CALLS = new CallLimits(4_096, 2_048, RETRY, 200_000_000L);
    private static final AdmissionLimits ADMISSION = new AdmissionLimits(256, 4_096, 5_000_000L, 200_000_000L);

    private final Surroundings around;
    private final MemberProcess process;
    private final Handler handler;
    private final Judge judge;
    private final MarkSet marks;
    private final Peers peers;
    private final Calls calls;
    private final List<End> ends = new ArrayList<>();
    /** What the application is to hear of, once the machine that says so has returned: it may call any of them. */
    private final ArrayDeque<Runnable> application = new ArrayDeque<>();

    private boolean applicationRuns;
    private final TreeMap<Grant, Runnable> marking = new TreeMap<>();
    private Table table;
    private final Alarm alarm;

    Traffic(Surroundings around, MemberProcess process, CallMachines machines, View view, Handler handler) {
        this.around = around;
        this.process = process;
        this.handler = handler;
        this.alarm = new Alarm(around.agenda(), process, this::wake);
        this.table = Table.of(view, process.self());
        Dice dice = new Dice(around.dice().nextLong());
        this.judge = machines.judge().apply(_ -> process.mayAct());
        this.marks = machines.marks().get();
        this.peers = new Peers(REDIAL, table, dice);
        this.calls = machines.calls().make(CALLS, judge, marks, table, dice);
        End loop = new End(this, Link.accepted(LinkLimits.DEFAULT, judge, peers, table, true), process.self(), 0);
        ends.add(loop);
        establish(loop, process.self(), Peers.LOOPBACK);
    }

    Table table() {
        return table;
    }

    int inFlight() {
        return calls.inFlight();
    }

    private long now() {
        return process.host().monotonic();
    }

    // --- what the member says

    /** Rule 14, in one step: who was expelled is cut off before anything is judged by the new table. */
    void install(View view) {
        table = table.installed(view);
        peers.on(now(), new PeersEvent.Installed(table), this::act);
        for (End end : List.copyOf(ends)) {
            feed(end, new LinkEvent.Installed(table));
        }
        publish();
        marks.on(now(), new MarkEvent.Installed(table), this::act);
        settle();
    }

    void serving(Grant grant) {
        table = table.serving(grant);
        publish();
        settle();
    }

    void withdrawn(Grant grant) {
        table = table.withdrawn(grant);
        publish();
        settle();
    }

    private void publish() {
        for (End end : List.copyOf(ends)) {
            if (end.admission != null) {
                feed(end, new AdmissionEvent.Installed(table));
            }
        }
        calls.on(now(), new CallEvent.Installed(table), this::act);
    }

    void resume() {
        for (End end : List.copyOf(ends)) {
            if (end.admission != null) {
                feed(end, new AdmissionEvent.Resumed());
            }
        }
        calls.on(now(), new CallEvent.Resumed(), this::act);
        settle();
    }

    void mark(Grant grant, Runnable then) {
        marking.put(grant, then);
        marks.on(now(), new MarkEvent.Start(grant), this::act);
        calls.on(now(), new CallEvent.Leaving(), this::act);
        settle();
    }

    void stop() {
        calls.on(now(), new CallEvent.Stopped(), this::act);
        settle();
    }

    // --- what the application says

    void submit(Request request) {
        calls.submit(now(), request, this::act);
        settle();
    }

    /** Judged once more, at the last moment: when a process takes the message from its mailbox. */
    Judge.Verdict judge(Dispatch dispatch) {
        return judge.judge(now(), table, peers.current(dispatch.peer()), dispatch);
    }

    void taken(Dispatch dispatch) {
        tell(dispatch, new AdmissionEvent.Taken(dispatch));
    }

    void returned(Dispatch dispatch) {
        tell(dispatch, new AdmissionEvent.Returned(dispatch));
    }

    void answer(Dispatch dispatch, PeerMessage.Result result) {
        tell(dispatch, new AdmissionEvent.Answered(dispatch, result));
    }

    private void tell(Dispatch dispatch, AdmissionEvent event) {
        for (End end : ends) {
            if (end.admission != null && end.connection == dispatch.connection() && end.peer.equals(dispatch.peer())) {
                feed(end, event);
                settle();
                return;
            }
        }
    }

    // --- connections

    Ear accept(Line line) {
        End end = new End(this, Link.accepted(LinkLimits.DEFAULT, judge, peers, table, false), Incarnation.NONE, 0);
        end.line = line;
        ends.add(end);
        return end;
    }

    private void dial(Incarnation peer, long connection) {
        End end =
                new End(this, Link.dialed(LinkLimits.DEFAULT, judge, peers, table, peer, connection), peer, connection);
        ends.add(end);
        Listing listing = table.view().member(peer.node());
        int address = listing == null ? -1 : Addresses.process(listing);
        end.line = around.network().connect(process, address, end, false);
    }

    void opened(End end) {
        if (end.open) {
            feed(end, new LinkEvent.Opened());
            settle();
        }
    }

    void heard(End end, Frame frame) {
        if (!end.open) {
            return;
        }
        PeerMessage message = (PeerMessage) around.codecs().message(frame);
        if (end.admission != null) {
            feed(end, new AdmissionEvent.Received(message));
        } else {
            feed(end, new LinkEvent.Received(message));
        }
        settle();
    }

    void closed(End end) {
        if (end.open) {
            end.open = false;
            feed(end, new LinkEvent.Closed());
            settle();
        }
    }

    void write(End end, PeerMessage message) {
        Line line = end.line;
        if (line != null) {
            line.send(around.codecs().frame(message));
        } else if (end.admission != null) {
            // The connection with itself: by reference, and never at once.
            around.agenda()
                    .in(
                            1_000L,
                            () -> process.post(() -> {
                                feed(end, new AdmissionEvent.Received(message));
                                settle();
                            }));
        }
    }

    private void establish(End end, Incarnation peer, long connection) {
        end.peer = peer;
        end.connection = connection;
        end.admission = new Admission(ADMISSION, judge, marks, table, peer, false, connection);
        calls.on(now(), new CallEvent.Connected(peer, connection), this::act);
        marks.on(now(), new MarkEvent.Connected(peer, connection), this::act);
    }

    private void feed(End end, LinkEvent event) {
        end.link.on(now(), event, action -> act(end, action));
    }

    private void feed(End end, AdmissionEvent event) {
        if (end.admission != null) {
            end.admission.on(now(), event, action -> act(end, action));
        }
    }

    private void act(End end, LinkAction action) {
        switch (action) {
            case LinkAction.Send(PeerMessage message) -> write(end, message);
            case LinkAction.Supersede(Incarnation peer, long connection, long by) -> {
                for (End old : established(peer, connection)) {
                    feed(old, new AdmissionEvent.Superseded(by));
                    feed(old, new LinkEvent.Stopped("superseded"));
                }
            }
            case LinkAction.CancelDial(Incarnation peer, long connection) -> cancel(peer, connection);
            case LinkAction.Established(Incarnation peer, boolean hidden, long connection, int version) -> {
                trace(() -> "connection " + connection + " with " + peer + " is established");
                establish(end, peer, connection);
            }
            case LinkAction.Forward(PeerMessage message) -> feed(end, new AdmissionEvent.Received(message));
            case LinkAction.Down(Incarnation peer, boolean hidden, long connection) -> {
                trace(() -> "connection " + connection + " with " + peer + " is down");
                feed(end, new AdmissionEvent.Closed());
                peers.on(now(), new PeersEvent.Ended(peer, connection), this::act);
                calls.on(now(), new CallEvent.Disconnected(peer, connection, ""), this::act);
                marks.on(now(), new MarkEvent.Disconnected(peer, connection), this::act);
                application.add(() -> handler.disconnected(peer));
            }
            case LinkAction.Close(String cause) -> {
                end.open = false;
                Line line = end.line;
                if (line != null) {
                    line.close(cause);
                }
            }
        }
    }

    private List<End> established(Incarnation peer, long connection) {
        List<End> found = new ArrayList<>(1);
        for (End end : ends) {
            if (end.admission != null && end.connection == connection && end.peer.equals(peer)) {
                found.add(end);
            }
        }
        return found;
    }

    private void cancel(Incarnation peer, long connection) {
        for (End end : List.copyOf(ends)) {
            if (end.admission == null && end.open && end.connection == connection && end.peer.equals(peer)) {
                feed(end, new LinkEvent.Stopped("cancelled"));
            }
        }
    }

    // --- actions

    private void act(PeersAction action) {
        switch (action) {
            case PeersAction.Dial(Incarnation peer, long connection) -> dial(peer, connection);
            case PeersAction.CancelDial(Incarnation peer, long connection) -> cancel(peer, connection);
        }
    }

    private void act(CallAction action) {
        switch (action) {
            case CallAction.Send(Incarnation peer, long connection, PeerMessage.Call call, Request request) -> {
                around.checks().acts(process, "send");
                around.checks().addressed(process, peer, "a call");
                if (request.context() instanceof Attempt attempt) {
                    attempt.sent(peer, call.to());
                }
                write(peer, connection, call);
            }
            case CallAction.Connect(Incarnation peer) -> peers.on(now(), new PeersEvent.Wanted(peer), this::act);
            case CallAction.Ended(Request request, Outcome<Bytes> outcome, long _) ->
                application.add(() -> handler.ended(request, outcome));
        }
    }

    private void act(MarkAction action) {
        switch (action) {
            case MarkAction.Send(Incarnation peer, long connection, PeerMessage.Mark mark) ->
                write(peer, connection, mark);
            case MarkAction.Connect(Incarnation peer) -> peers.on(now(), new PeersEvent.Wanted(peer), this::act);
            case MarkAction.Complete(Grant grant) -> {
                Runnable then = marking.remove(grant);
                if (then != null) {
                    application.add(then);
                }
            }
        }
    }

    private void act(End end, AdmissionAction action) {
        switch (action) {
            case Dispatch dispatch -> application.add(() -> handler.dispatched(dispatch));
            case AdmissionAction.Deliver(Incarnation peer, long connection, PeerMessage.Reply reply) ->
                calls.replied(now(), peer, connection, reply, this::act);
            case AdmissionAction.Send(long connection, PeerMessage message) -> {
                if (message instanceof PeerMessage.Reply) {
                    around.checks().acts(process, "reply");
                }
                if (end.open) {
                    write(end, message);
                }
            }
            case AdmissionAction.MarkAnswered(Incarnation peer, long connection, Grant grant) ->
                marks.on(now(), new MarkEvent.Answered(peer, connection, grant), this::act);
            case AdmissionAction.Dropped(PeerMessage message, String cause) ->
                trace(() -> "drops " + message.getClass().getSimpleName() + ": " + cause);
            case AdmissionAction.Violated(String cause) -> feed(end, new LinkEvent.Stopped(cause));
        }
    }

    private void write(Incarnation peer, long connection, PeerMessage message) {
        for (End end : established(peer, connection)) {
            if (end.open) {
                write(end, message);
                return;
            }
        }
        throw new IllegalStateException(process.name() + " has no open connection " + connection + " with " + peer);
    }

    private void trace(Supplier<String> words) {
        around.trace().line(process.name(), words);
    }

    // --- time

    /** Lets the application run, which may lead back to any machine, and sets the alarm. */
    private void settle() {
        if (!applicationRuns) {
            applicationRuns = true;
            while (!application.isEmpty()) {
                application.removeFirst().run();
            }
            applicationRuns = false;
        }
        long next = Math.min(calls.nextWakeNanos(), Math.min(peers.nextWakeNanos(), marks.nextWakeNanos()));
        for (End end : ends) {
            next = Math.min(next, end.link.nextWakeNanos());
            if (end.admission != null) {
                next = Math.min(next, end.admission.nextWakeNanos());
            }
        }
        alarm.set(next);
    }

    private void wake() {
        peers.advance(now(), this::act);
        for (End end : List.copyOf(ends)) {
            end.link.advance(now(), action -> act(end, action));
            if (end.admission != null) {
                end.admission.advance(now(), action -> act(end, action));
            }
        }
        calls.advance(now(), this::act);
        marks.advance(now(), this::act);
        ends.removeIf(End::isSpent);
        settle();
    }
}
