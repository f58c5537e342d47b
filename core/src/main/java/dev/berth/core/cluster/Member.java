package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// A member joins, keeps its lease, applies views in order, and suspends itself the moment it can no longer prove
// that it may act. There are three lives of a view inside it: `head` is the newest one heard of, `installing` is
// on its way through the node's loops, `installed` is what every loop acts by. Only the last is acknowledged.

/**
 * The side of a node that talks to the master (rules 12-15, 18-21, 25). One thread: the driver's; {@link #mayAct} and
 * {@link #leaseUntilNanos} are for that thread too, which publishes them.
 */
@PublicApi
public class Member implements Machine<MemberEvent, MemberAction> {
    private static final int PROPOSALS_MAX = 256;
    /** So many installed views are remembered until their barriers close; forgetting one delays, no more. */
    private static final int UNCLOSED_MAX = 256;

    private final MemberConfig config;
    private final Timings timings;
    private final MemberLease lease;
    private final Holdings holdings;
    private final Masters masters;
    private final Map<Nonce, Proposal> asked = new LinkedHashMap<>();

    private Incarnation self = Incarnation.NONE;
    private @Nullable View head;
    private @Nullable View installing;
    private @Nullable View installed;
    private final ArrayDeque<View> unclosed = new ArrayDeque<>();
    private final TreeSet<SlotId> toFollow = new TreeSet<>();
    private final TreeSet<Incarnation> gone = new TreeSet<>();

    private boolean over;
    private boolean acting;
    private String suspendCause = "no lease yet";
    private long termSeen;
    private long echoTerm;
    private long echoNanos;
    private long closed;
    private int load;
    private long nextBeatNanos = Long.MIN_VALUE;
    private long lastAnswerNanos;
    private long expectedNanos = NEVER;
    private long touchRequest;
    private long touchSentNanos;
    private boolean touching;
    private long nextTouchNanos;

    public Member(MemberConfig config) {
        this.config = config;
        this.timings = config.timings();
        this.lease = new MemberLease(timings);
        this.holdings = new Holdings(timings);
        this.masters = new Masters(config.masters());
    }

    /** This life, or {@link Incarnation#NONE} before admission. */
    public Incarnation self() {
        return self;
    }

    /** The view that the node acts by; null before the first. */
    public @Nullable View view() {
        return installed;
    }

    /** Whether it has stopped for good. */
    public boolean isOver() {
        return over;
    }

    public long leaseUntilNanos() {
        return lease.untilNanos();
    }

    /** Rule 12: asked before each dispatch, timer, send, reply, client write and store write. */
    public boolean mayAct(long nowNanos) {
        return !over && installed != null && lease.holds(nowNanos);
    }

    /** Rule 12: the lease is counted from the moment the beat was sent, whenever its answer comes. */
    protected long leaseStart(long sentNanos, long receivedNanos) {
        return sentNanos;
    }

    /** Rule 12: the answer of a deposed master is worth nothing to whoever has heard its successor. */
    protected boolean termCounts(long term) {
        return term >= termSeen;
    }

    // Many members in one process come to equal views: whoever runs them may let them share one object.

    /** The view after {@code base}. */
    protected View next(View base, Delta delta) {
        return base.apply(delta);
    }

    /** The view that a whole image shows. */
    protected View opened(ViewImage image) {
        return image.toView();
    }

    @Override
    public void on(long nowNanos, MemberEvent event, Outbox<MemberAction> out) {
        if (over) {
            return;
        }
        notice(nowNanos, out);
        switch (event) {
            case MemberEvent.Received received -> received(nowNanos, received, out);
            case MemberEvent.Installed done -> installed(nowNanos, done.view(), out);
            case MemberEvent.Fenced fenced -> holdings.fenced(fenced.grant());
            case MemberEvent.FenceRefused refused -> fenceRefused(refused, out);
            case MemberEvent.Loaded loaded -> holdings.loaded(loaded.grant(), out);
            case MemberEvent.LoadFailed failed -> holdings.fail(failed.grant(), failed.cause(), 0, out);
            case MemberEvent.Quiesced quiesced -> holdings.quiesced(quiesced.grant(), out);
            case MemberEvent.Flushed flushed -> holdings.flushed(flushed.grant(), out);
            case MemberEvent.Marked marked -> holdings.marked(marked.grant(), out);
            case MemberEvent.Touched touched -> touched(nowNanos, touched, out);
            case MemberEvent.TouchFailed failed -> touching &= failed.request() != touchRequest;
            case MemberEvent.Clocks clocks -> clocks(nowNanos, clocks, out);
            case MemberEvent.Load busy -> load = busy.thousandths();
            case MemberEvent.Ask ask -> ask(ask, out);
            case MemberEvent.Stop stop -> stop(stop.cause(), out);
        }
        settle(nowNanos, out);
    }

    @Override
    public void advance(long nowNanos, Outbox<MemberAction> out) {
        if (over) {
            return;
        }
        notice(nowNanos, out);
        if (nowNanos >= nextBeatNanos) {
            beatOrJoin(nowNanos, out);
        }
        touchIfForsaken(nowNanos, out);
        settle(nowNanos, out);
    }

    @Override
    public long nextWakeNanos() {
        if (over) {
            return NEVER;
        }
        long next = Math.min(nextBeatNanos, holdings.nextWakeNanos());
        if (acting) {
            next = Math.min(next, lease.untilNanos());
        }
        if (touchingAllowed()) {
            next = Math.min(next, Math.max(nextTouchNanos, lastAnswerNanos + timings.touchAfterNanos()));
        }
        return next;
    }

    /** TILT: this loop was not called when it should have been. */
    private void notice(long nowNanos, Outbox<MemberAction> out) {
        if (nextBeatNanos == Long.MIN_VALUE) {
            nextBeatNanos = nowNanos;
        }
        if (expectedNanos != NEVER && nowNanos - expectedNanos > lease.lateNanos()) {
            tilt(nowNanos, "the loop came " + (nowNanos - expectedNanos) / 1_000_000 + " ms late", out);
        }
        // A lapse counts even if this very event brings the next lease: what was claimed under the old one may be gone.
        changeStanding(nowNanos, out);
    }

    private void clocks(long nowNanos, MemberEvent.Clocks clocks, Outbox<MemberAction> out) {
        if (!lease.clocksAgree(nowNanos, clocks.wallNanos(), clocks.uptimeNanos())) {
            tilt(nowNanos, "a clock jumped", out);
        }
    }

    private void tilt(long nowNanos, String cause, Outbox<MemberAction> out) {
        lease.tilt(nowNanos);
        masters.restart(nowNanos);
        suspendCause = "TILT, " + cause;
        out.add(new MemberAction.Note("member " + config.name() + " TILT cause=" + cause));
        nextBeatNanos = nowNanos;
    }

    private void received(long nowNanos, MemberEvent.Received event, Outbox<MemberAction> out) {
        masters.heard(event.master(), !(event.message() instanceof ClusterMessage.NotLeader), nowNanos);
        switch (event.message()) {
            case ClusterMessage.Admit admit -> admitted(nowNanos, admit, out);
            case ClusterMessage.Refused refused -> {
                if (self.isNone() && refused.nonce().equals(config.nonce())) {
                    exit("refused: " + refused.reason() + ", " + refused.detail(), out);
                }
            }
            case ClusterMessage.Parked _, ClusterMessage.Status _, ClusterMessage.JournalPage _ -> {}
            case ClusterMessage.Answer answer -> answered(nowNanos, answer, out);
            case ClusterMessage.ViewDeltas deltas -> heardDeltas(nowNanos, deltas, out);
            case ClusterMessage.ViewFull full -> heardFull(opened(full.view()), out);
            case ClusterMessage.Closed up -> {
                if (up.to().equals(self) && termCounts(up.term())) {
                    closed = Math.max(closed, up.view());
                    if (!up.excused().isEmpty()) {
                        out.add(new MemberAction.Excused(up.view(), up.excused()));
                    }
                }
            }
            case ClusterMessage.Expelled expelled -> {
                // A deposed master's view may be older than our admission.
                if (expelled.incarnation().equals(self)
                        && expelled.view() >= self.number()
                        && termCounts(expelled.term())) {
                    exit("expelled by view " + expelled.view(), out);
                }
            }
            case ClusterMessage.NotLeader elsewhere -> {
                if (masters.follow(event.master(), elsewhere.leader(), nowNanos, timings.beatNanos() / 4)) {
                    nextBeatNanos = nowNanos;
                }
            }
            case ClusterMessage.Decided decided -> {
                if (asked.remove(decided.id()) != null) {
                    out.add(new MemberAction.Answered(
                            decided.id(), decided.accepted(), decided.view(), decided.reason()));
                }
            }
        }
    }

    private void admitted(long nowNanos, ClusterMessage.Admit admit, Outbox<MemberAction> out) {
        if (!self.isNone() || !admit.nonce().equals(config.nonce())) {
            return;
        }
        self = admit.incarnation();
        holdings.ownedBy(self);
        termSeen = Math.max(termSeen, admit.term());
        echoTerm = admit.term();
        echoNanos = admit.clockNanos();
        lastAnswerNanos = nowNanos;
        nextBeatNanos = nowNanos;
        out.add(new MemberAction.Note("member " + config.name() + " LISTED as " + self));
    }

    private void answered(long nowNanos, ClusterMessage.Answer answer, Outbox<MemberAction> out) {
        if (!answer.to().equals(self) || !termCounts(answer.term())) {
            return;
        }
        boolean firstOfTerm = answer.term() > echoTerm;
        termSeen = Math.max(termSeen, answer.term());
        echoTerm = answer.term();
        echoNanos = answer.clockNanos();
        lastAnswerNanos = nowNanos;
        closed = Math.max(closed, answer.closed());
        long sentNanos = lease.sentAt(answer.seq());
        if (sentNanos == Long.MIN_VALUE) {
            return;
        }
        if (!lease.rateAgrees(answer.term(), sentNanos, nowNanos, answer.clockNanos())) {
            tilt(nowNanos, "the master's clock and ours run at different rates", out);
        } else if (answer.leaseNanos() > 0 && lease.rateIsTrusted()) {
            lease.extend(leaseStart(sentNanos, nowNanos), answer.leaseNanos());
        } else if (firstOfTerm) {
            // A new master grants nothing before it knows that we hear it; now our next beat proves that.
            nextBeatNanos = nowNanos;
        }
    }

    private void heardDeltas(long nowNanos, ClusterMessage.ViewDeltas deltas, Outbox<MemberAction> out) {
        if (head == null || deltas.from() > head.number()) {
            // Something is missing: an early beat shows the master what.
            nextBeatNanos = Math.min(nextBeatNanos, nowNanos + timings.beatNanos() / 8);
            return;
        }
        for (Delta delta : deltas.deltas()) {
            if (delta.number() == head.number() + 1) {
                head = next(head, delta);
                remember(delta.changes());
            }
        }
        installNext(out);
    }

    private void remember(List<Change> changes) {
        for (Change change : changes) {
            if (change instanceof Change.SlotChanged slot) {
                toFollow.add(slot.slot());
            } else if (change instanceof Change.MemberGone left) {
                gone.add(left.incarnation());
            }
        }
    }

    private void heardFull(View view, Outbox<MemberAction> out) {
        if (self.isNone() || (head != null && view.number() <= head.number())) {
            return;
        }
        // A full view may skip both the expulsion and the readmission of a node: incarnations are compared, not names.
        gone.addAll(view.expelledSince(head));
        head = view;
        holdings.all().forEach(holding -> toFollow.add(holding.grant.slot()));
        for (Service service : view.services().values()) {
            service.forEachUnit((i, state) -> {
                if (concernsUs(state)) {
                    toFollow.add(new SlotId(service.name(), i + 1));
                }
            });
        }
        installNext(out);
    }

    private boolean concernsUs(SlotState state) {
        return state.owner().equals(self)
                || (state instanceof SlotState.Draining draining
                        && draining.target().equals(self));
    }

    /** Rule 14: one view after the other goes through the node's loops. */
    private void installNext(Outbox<MemberAction> out) {
        if (head == null || installing != null || (installed != null && installed.number() >= head.number())) {
            return;
        }
        if (!head.lists(self)) {
            exit("view " + head.number() + " does not list " + self, out);
            return;
        }
        installing = head;
        out.add(new MemberAction.Install(head, List.copyOf(gone)));
        gone.clear();
    }

    private void installed(long nowNanos, long number, Outbox<MemberAction> out) {
        View done = installing;
        if (done == null || done.number() != number) {
            throw new IllegalStateException("view " + number + " was installed, asked for "
                    + (done == null ? "none" : String.valueOf(done.number())));
        }
        installed = done;
        installing = null;
        if (unclosed.size() == UNCLOSED_MAX) {
            unclosed.removeFirst();
        }
        unclosed.addLast(done);
        // Slots that a still newer head has changed again are followed when that one is installed, once more.
        for (SlotId slot : toFollow) {
            holdings.follow(nowNanos, done, slot, out);
        }
        if (head != null && head.number() == done.number()) {
            toFollow.clear();
        }
        beatOrJoin(nowNanos, out);
        installNext(out);
    }

    private void fenceRefused(MemberEvent.FenceRefused refused, Outbox<MemberAction> out) {
        String cause = "the store holds epoch " + refused.storedEpoch();
        if (head != null && refused.storedEpoch() > head.number()) {
            cause += ", newer than view " + head.number() + ": the coordinator has lost views, run recover";
        }
        holdings.fail(refused.grant(), cause, refused.storedEpoch(), out);
    }

    private void ask(MemberEvent.Ask ask, Outbox<MemberAction> out) {
        if (asked.size() >= PROPOSALS_MAX) {
            out.add(new MemberAction.Answered(
                    ask.id(), false, 0, "busy: " + PROPOSALS_MAX + " proposals are undecided"));
            return;
        }
        asked.put(ask.id(), ask.proposal());
        if (!self.isNone()) {
            send(new ClusterMessage.Propose(ask.id(), self, ask.proposal()), out);
        }
    }

    private void beatOrJoin(long nowNanos, Outbox<MemberAction> out) {
        if (masters.isSilent(nowNanos, 2 * timings.beatNanos())) {
            masters.tryNext(nowNanos);
        }
        if (self.isNone()) {
            nextBeatNanos = nowNanos + timings.beatNanos() / 2;
            send(
                    new ClusterMessage.Join(
                            config.name(),
                            config.nonce(),
                            config.wantedId(),
                            config.offers(),
                            config.addresses(),
                            config.launcher(),
                            config.previous()),
                    out);
            return;
        }
        nextBeatNanos = nowNanos + timings.beatNanos();
        long applied = installed == null ? 0 : installed.number();
        long seq = lease.sent(nowNanos);
        send(new ClusterMessage.Beat(self, seq, applied, echoTerm, echoNanos, load, nowNanos), out);
        holdings.report(message -> send(message, out));
        asked.forEach((id, proposal) -> send(new ClusterMessage.Propose(id, self, proposal), out));
    }

    /** Rule 25: without a master, but with a coordinator, renew there. */
    private void touchIfForsaken(long nowNanos, Outbox<MemberAction> out) {
        View view = installed;
        if (view == null || !touchingAllowed() || nowNanos < lastAnswerNanos + timings.touchAfterNanos()) {
            return;
        }
        if (nowNanos >= nextTouchNanos) {
            touching = true;
            touchRequest++;
            touchSentNanos = nowNanos;
            nextTouchNanos = nowNanos + timings.touchAfterNanos();
            out.add(new MemberAction.Touch(touchRequest, self, view.number()));
        }
    }

    private boolean touchingAllowed() {
        return timings.touchAfterNanos() > 0 && installed != null;
    }

    private void touched(long nowNanos, MemberEvent.Touched touched, Outbox<MemberAction> out) {
        View view = installed;
        if (!touching || touched.request() != touchRequest || view == null) {
            return;
        }
        touching = false;
        if (touched.newer() != null) {
            heardFull(touched.newer(), out);
            // It has touched in vain; the next one comes as soon as it may have caught up.
            nextTouchNanos = nowNanos + timings.beatNanos() / 4;
        } else {
            lease.extend(leaseStart(touchSentNanos, nowNanos), view.leaseNanos());
        }
    }

    /** After every call: what follows from the new state, and whether the right to act has changed. */
    private void settle(long nowNanos, Outbox<MemberAction> out) {
        if (over) {
            return;
        }
        changeStanding(nowNanos, out);
        closeViews(out);
        holdings.proceed(nowNanos, acting, closed, out);
        holdings.reportNews(message -> send(message, out));
        expectedNanos = nextWakeNanos();
    }

    private void closeViews(Outbox<MemberAction> out) {
        View newest = null;
        while (!unclosed.isEmpty() && unclosed.getFirst().number() <= closed) {
            newest = unclosed.removeFirst();
        }
        if (newest != null) {
            out.add(new MemberAction.Closed(newest));
        }
    }

    /** Suspends or resumes the node when its right to act has changed. */
    private void changeStanding(long nowNanos, Outbox<MemberAction> out) {
        boolean mayAct = mayAct(nowNanos);
        if (mayAct != acting) {
            acting = mayAct;
            out.add(new MemberAction.Note("member " + config.name()
                    + (mayAct ? " SUSPENDED -> SERVING" : " SERVING -> SUSPENDED cause=" + suspendCause)));
            out.add(mayAct ? new MemberAction.Resume() : new MemberAction.Suspend(suspendCause));
        }
        suspendCause = "lease lapsed";
    }

    private void stop(String cause, Outbox<MemberAction> out) {
        if (!self.isNone()) {
            send(new ClusterMessage.Leave(self, cause), out);
        }
        exit("stopped: " + cause, out);
    }

    /** Rule 15. */
    private void exit(String cause, Outbox<MemberAction> out) {
        over = true;
        lease.tilt(Long.MAX_VALUE);
        holdings.dropAll(cause, out);
        if (acting) {
            acting = false;
            out.add(new MemberAction.Suspend(cause));
        }
        out.add(new MemberAction.Note("member " + config.name() + " EXIT cause=" + cause));
        out.add(new MemberAction.Exit(cause));
    }

    private void send(ClusterMessage.ToMaster message, Outbox<MemberAction> out) {
        out.add(new MemberAction.Send(masters.current(), message));
    }
}
