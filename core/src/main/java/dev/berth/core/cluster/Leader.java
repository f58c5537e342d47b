package dev.berth.core.cluster;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// Everything that a master knows is in here, and is forgotten when it is deposed. Time enters in three places
// only: the leader's own lease, the lease of each member (what was promised), and the silence of each member (what
// is suspected). The view changes only by one conditional write at a time; from the decision until that write has
// surely failed, those whom it expels get no lease.

/** A master while it leads (rules 2-11, 21-23, 25). One thread: the master's. */
final class Leader {
    private final MasterConfig config;
    private final Timings timings;
    private final MasterMeasures measures;
    private final Requests requests;
    private final LeaderLease lease;
    private final Roster roster = new Roster();
    private final Barriers barriers = new Barriers();
    private final Silence silence;
    private final Joins joins;
    private final Reports reports = new Reports();
    private final Wishes wishes;
    private final TreeMap<Incarnation, Integer> touches = new TreeMap<>();
    private final TreeMap<SlotId, SlotState.Offered> offered = new TreeMap<>();

    /** Services that find no room in the view; each is worth one line. */
    private final TreeSet<String> unplanned = new TreeSet<>();

    private final long ledSinceNanos;

    private View view;
    private int viewVersion;
    private long floor;
    private @Nullable PendingWrite pending;
    private final Rereading rereading;
    private boolean dirty = true;
    /** Its own lease held when it was last called; without it only renewals and reads are worth waking for. */
    private boolean led;

    private long muteSinceNanos = Machine.NEVER;

    private long formerLeaseUntilNanos = Machine.NEVER;
    private long expectedNanos = Machine.NEVER;
    private final Announcements announcements;

    /** @param takeOverSentNanos when the transaction that made this master lead was sent */
    Leader(
            MasterConfig config,
            MasterMeasures measures,
            Requests requests,
            long nowNanos,
            long takeOverSentNanos,
            Durable durable,
            Durable.TermRecord term) {
        this.config = config;
        this.timings = config.timings();
        this.measures = measures;
        this.requests = requests;
        this.ledSinceNanos = nowNanos;
        this.lease = new LeaderLease(timings, term, durable.termVersion() + 1, takeOverSentNanos);
        this.view = durable.view().toView();
        this.viewVersion = durable.viewVersion() + 1;
        this.wishes = new Wishes(config);
        this.rereading = new Rereading(requests, timings.leaderLeaseNanos());
        durable.touches().forEach(touch -> touches.put(touch.incarnation(), touch.version()));
        // Rule 2: whatever the predecessor may have promised still holds, and nobody is known to have acknowledged
        // anything.
        long promised = measures.takeOverWaitNanos(
                timings, view.longestLeaseNanos(), durable.term().resigned());
        view.forEachMember(listing -> roster.add(new Life(listing, nowNanos, nowNanos + promised)));
        this.floor = measures.floorAtTakeOver(view.number());
        view.forEachUnit((slot, state) -> {
            if (state instanceof SlotState.Offered offer) {
                offered.put(slot, offer);
            }
        });
        // Whoever was expelled a moment ago may act by a touch of which this master has not heard.
        long notBefore = touchesCount() ? nowNanos + touchWaitNanos() : Long.MIN_VALUE;
        if (view.number() > 0) {
            barriers.written(view.number(), nowNanos, notBefore, new TreeSet<>());
        }
        if (view.longestLeaseNanos() > view.leaseNanos()) {
            formerLeaseUntilNanos = nowNanos + timings.stretched(view.longestLeaseNanos());
        }
        this.silence = new Silence(config, measures, roster, nowNanos);
        this.joins = new Joins(this);
        this.announcements = new Announcements(this);
    }

    Timings timings() {
        return timings;
    }

    Roster roster() {
        return roster;
    }

    View view() {
        return view;
    }

    TreeSet<String> unplanned() {
        return unplanned;
    }

    long term() {
        return lease.term();
    }

    Announcements announcements() {
        return announcements;
    }

    MasterMeasures measures() {
        return measures;
    }

    Silence silence() {
        return silence;
    }

    /** Rule 3. */
    boolean mayLead(long nowNanos) {
        return measures.mayLead(nowNanos, lease.untilNanos());
    }

    /** Rule 6. */
    private boolean expulsionPending(Incarnation incarnation) {
        PendingWrite write = pending;
        return write != null
                && measures.withholdsFromThoseToBeExpelled()
                && write.expelled().contains(incarnation);
    }

    boolean barrierClosed(long number) {
        return measures.barrierClosed(number, barriers.closed());
    }

    boolean touchesCount() {
        return timings.touchAfterNanos() > 0;
    }

    long touchWaitNanos() {
        return measures.touchWaitNanos(timings, view.longestLeaseNanos());
    }

    long excuseWaitNanos() {
        return measures.excuseWaitNanos(timings, view.longestLeaseNanos());
    }

    // ---- Events ----

    void received(long nowNanos, long link, ClusterMessage.ToMaster message, Outbox<MasterAction> out) {
        notice(nowNanos, out);
        if (!mayLead(nowNanos)) {
            settle(nowNanos, out);
            return;
        }
        switch (message) {
            case ClusterMessage.Beat beat -> beat(nowNanos, link, beat, out);
            case ClusterMessage.Join join -> joins.ask(nowNanos, link, join, out);
            case ClusterMessage.Prepared prepared -> {
                if (barrierClosed(prepared.epoch()) && reports.prepared(view, prepared)) {
                    // A lone one runs at once; of many that were offered together, most will report within a moment.
                    dirty |= reports.preparedCount() >= offered.size();
                    reports.gather(nowNanos + timings.gatherNanos());
                }
            }
            case ClusterMessage.Released released -> dirty |= reports.released(view, released);
            case ClusterMessage.GivenUp givenUp -> dirty |= reports.givenUp(view, givenUp);
            case ClusterMessage.DrainAbandoned abandoned -> dirty |= reports.abandoned(view, abandoned);
            case ClusterMessage.Leave leave -> end(roster.at(leave.from()), "left: " + leave.cause(), out);
            case ClusterMessage.Dead dead -> certified(dead.certificate(), out);
            case ClusterMessage.AskStatus ask -> out.add(new MasterAction.Send(link, status(nowNanos, ask)));
            // Any master answers that, before it comes here.
            case ClusterMessage.AskJournal _ -> {}
            case ClusterMessage.Propose propose -> {
                if (propose.proposal() instanceof Proposal.ReleaseBrake) {
                    silence.releaseBrake();
                }
                dirty |= wishes.ask(link, propose, out);
            }
        }
        settle(nowNanos, out);
    }

    void advance(long nowNanos, Outbox<MasterAction> out) {
        notice(nowNanos, out);
        if (nowNanos >= lease.dueNanos()) {
            out.add(lease.renew(nowNanos, requests.next(), false));
        }
        if (nowNanos >= unansweredNanos()) {
            rereading.start(nowNanos, out);
        }
        rereading.advance(nowNanos, out);
        settle(nowNanos, out);
    }

    long nextWakeNanos() {
        long next = Math.min(lease.dueNanos(), Math.min(rereading.nextWakeNanos(), unansweredNanos()));
        if (led) {
            next = Math.min(next, Math.min(silence.sweepNanos(), barriers.nextWakeNanos()));
            next = mayCompose() ? Math.min(next, composeNanos()) : next;
        }
        return next;
    }

    /** Rule 23: a master that was not scheduled itself has not listened; silence in that time means nothing. */
    private void notice(long nowNanos, Outbox<MasterAction> out) {
        if (expectedNanos != Machine.NEVER
                && nowNanos - expectedNanos > Math.max(timings.beatNanos(), 1_000_000_000L)) {
            out.add(new MasterAction.Note("master " + config.name() + " PAUSED for "
                    + (nowNanos - expectedNanos) / 1_000_000 + " ms, restarts its suspicions"));
            silence.restart(nowNanos);
        }
        expectedNanos = nowNanos;
    }

    private void beat(long nowNanos, long link, ClusterMessage.Beat beat, Outbox<MasterAction> out) {
        Life life = roster.at(beat.from().node());
        if (life == null || life.ended || !measures.isOf(life.incarnation(), beat.from())) {
            out.add(new MasterAction.Send(link, new ClusterMessage.Expelled(lease.term(), beat.from(), view.number())));
            return;
        }
        life.link = link;
        life.load = beat.load();
        roster.acked(life, Math.min(beat.applied(), view.number()));
        boolean fresh = measures.echoIsFresh(nowNanos, lease.term(), beat, timings.suspicionNanos());
        // Rule 9: who beats but does not acknowledge gets no lease, so that no barrier waits for it for ever; and it
        // counts as silent, so that its slots do not wait for it either.
        boolean overdue =
                life.acked < view.number() && nowNanos - timings.ackNanos() > barriers.writtenNanos(life.acked + 1);
        boolean keepsUp = !overdue && measures.reachesFloor(life.acked, floor);
        if (fresh) {
            life.heardNanos = nowNanos;
        }
        if (fresh && keepsUp) {
            life.freshNanos = nowNanos;
            if (life.passedOver) {
                // What was planned without it is planned again; together with others who are heard again.
                life.passedOver = false;
                reports.gather(nowNanos + timings.gatherNanos());
            }
            if (silence.heard(life.incarnation())) {
                out.add(new MasterAction.Note(life + " SUSPECTED -> HEARD"));
            }
        }
        boolean grant = fresh && keepsUp && !expulsionPending(life.incarnation());
        if (grant) {
            life.leasedUntilNanos =
                    Math.max(life.leasedUntilNanos, nowNanos + measures.memberWaitNanos(timings, view.leaseNanos()));
            dirty |= !life.granted;
            life.granted = true;
        }
        announcements.push(nowNanos, life, out);
        out.add(new MasterAction.Send(
                link,
                new ClusterMessage.Answer(
                        lease.term(),
                        life.incarnation(),
                        beat.seq(),
                        grant ? view.leaseNanos() : 0,
                        view.number(),
                        barriers.closed(),
                        nowNanos)));
    }

    private ClusterMessage.Status status(long nowNanos, ClusterMessage.AskStatus ask) {
        List<MemberStatus> members = new ArrayList<>();
        for (Life life : roster.all()) {
            members.add(new MemberStatus(
                    life.incarnation(),
                    life.acked,
                    nowNanos - life.freshNanos,
                    Math.max(nowNanos, life.leasedUntilNanos) - nowNanos,
                    silence.has(life.incarnation()),
                    life.load));
        }
        ViewImage image = announcements.whole().view();
        return new ClusterMessage.Status(
                ask.id(), lease.term(), config.name(), image, barriers.closed(), members, joins.standing(nowNanos));
    }

    private void certified(Certificate certificate, Outbox<MasterAction> out) {
        Life life = roster.at(certificate.incarnation());
        if (life != null && measures.accepts(certificate, life.listing)) {
            end(life, "certified " + certificate.proof() + " by " + certificate.launcher(), out);
        } else if (life != null) {
            out.add(new MasterAction.Note(life + " certificate refused, launcher=" + certificate.launcher()));
        }
    }

    private void end(@Nullable Life life, String how, Outbox<MasterAction> out) {
        if (life != null && !life.ended) {
            life.ended = true;
            life.endedHow = how;
            silence.ended(life);
            dirty = true;
            out.add(new MasterAction.Note(life + " ENDED " + how));
        }
    }

    /** Whether somebody who owns a slot of one of these services is suspected but not yet surely lapsed. */
    boolean anySuspectedOwner(long nowNanos, List<Offer> offers) {
        for (Offer offer : offers) {
            Service service = view.service(offer.service());
            boolean[] found = new boolean[1];
            if (service != null) {
                service.forEachUnit((i, state) -> {
                    Life life = roster.at(state.owner());
                    found[0] |= life != null && silence.suspected(nowNanos, life);
                });
            }
            if (found[0]) {
                return true;
            }
        }
        return false;
    }

    // ---- What follows ----

    private void settle(long nowNanos, Outbox<MasterAction> out) {
        boolean leads = mayLead(nowNanos);
        if (led && !leads) {
            muteSinceNanos = lease.untilNanos();
        } else if (leads && !led && nowNanos - muteSinceNanos > timings.beatNanos()) {
            // Rule 23 again: it answered nobody meanwhile, so nobody could prove that he hears.
            out.add(new MasterAction.Note("master " + config.name() + " was MUTE for "
                    + (nowNanos - muteSinceNanos) / 1_000_000 + " ms, restarts its suspicions"));
            silence.restart(nowNanos);
        }
        led = leads;
        if (led) {
            dirty |= silence.sweep(nowNanos, view.leaseNanos(), out);
            if (barriers.close(nowNanos, this)) {
                closed(out);
            }
            if (mayCompose() && (dirty || nowNanos >= composeNanos())) {
                compose(nowNanos, out);
            }
        }
        expectedNanos = Math.max(nowNanos, nextWakeNanos());
    }

    private void closed(Outbox<MasterAction> out) {
        floor = Math.max(floor, barriers.closed());
        announcements.closed(barriers.closed(), offered.values(), out);
    }

    // ---- The next view ----

    private boolean mayCompose() {
        return pending == null && rereading.isIdle();
    }

    /** When there is something to compose by the clock alone. */
    private long composeNanos() {
        long gathered = Math.min(joins.dueNanos(), reports.dueNanos());
        return Math.min(gathered, Math.min(silence.brakeNanos(), formerLeaseUntilNanos));
    }

    private void compose(long nowNanos, Outbox<MasterAction> out) {
        dirty = false;
        NextView next = new NextView(this, nowNanos);
        next.compose(config, reports, wishes, joins, out);
        silence.brakePassed(nowNanos);
        if (nowNanos >= formerLeaseUntilNanos) {
            next.draft.add(
                    new Change.LeaseChanged(view.leaseNanos(), view.leaseNanos()), "nobody counts with the former one");
        }
        if (next.draft.isEmpty()) {
            // Nothing to change: what was asked for is in the view already, or needs none.
            next.answers.forEach(
                    answer -> out.add(new MasterAction.Send(answer.link(), answer.decidedIn(view.number()))));
            return;
        }
        PendingWrite write = new PendingWrite(next, touchesOfLapsed(nowNanos), view, lease.term(), config.name());
        pending = write;
        out.add(write.send(nowNanos, requests.next(), viewVersion));
    }

    /** Rule 25: those who live but may not act by what this master knows, and how often it has seen them touch. */
    private List<Durable.Touch> touchesOfLapsed(long nowNanos) {
        List<Durable.Touch> lapsed = new ArrayList<>();
        if (touchesCount() && measures.checksTouches()) {
            for (Life life : roster.all()) {
                if (!life.ended && silence.lapsed(nowNanos, life)) {
                    lapsed.add(new Durable.Touch(life.incarnation(), touches.getOrDefault(life.incarnation(), 0)));
                }
            }
        }
        return lapsed;
    }

    boolean mayOwn(long nowNanos, Life life) {
        return life.granted && !silence.has(life.incarnation()) && nowNanos < life.leasedUntilNanos;
    }

    // ---- The durable record answers ----

    private long unansweredNanos() {
        long sent = pending == null || !rereading.isIdle() ? Machine.NEVER : pending.sentNanos();
        sent = rereading.isIdle() ? Math.min(sent, lease.unansweredSinceNanos()) : sent;
        return sent == Machine.NEVER ? sent : sent + timings.leaderLeaseNanos();
    }

    void written(long nowNanos, long request, MasterEvent.WasWritten.Outcome outcome, Outbox<MasterAction> out) {
        notice(nowNanos, out);
        PendingWrite write = pending;
        boolean done = outcome == MasterEvent.WasWritten.Outcome.DONE;
        if (lease.awaits(request)) {
            if (done) {
                lease.renewed(measures.renewalStart(lease.sentNanos(), nowNanos));
            } else {
                rereading.start(nowNanos, out);
            }
        } else if (write != null && write.request() == request) {
            if (done) {
                commit(nowNanos, write, viewVersion + 1, out);
            } else {
                write.failed(outcome);
                rereading.start(nowNanos, out);
            }
        }
        settle(nowNanos, out);
    }

    /** Takes what a read has shown; false if another master has taken over. */
    boolean read(long nowNanos, long request, Durable durable, Outbox<MasterAction> out) {
        notice(nowNanos, out);
        if (!rereading.answered(request)) {
            return true;
        }
        if (durable.term().term() != lease.term()) {
            return false;
        }
        lease.adopt(durable.term(), durable.termVersion());
        durable.touches().forEach(touch -> touches.put(touch.incarnation(), touch.version()));
        PendingWrite write = pending;
        if (write != null && durable.view().number() == write.next().number()) {
            commit(nowNanos, write, durable.viewVersion(), out);
        } else if (write != null && write.surelyFailed()) {
            pending = null;
            dirty = true;
        } else if (write != null) {
            // It may still land: the same write again does no harm, and its answer will settle the matter.
            out.add(write.send(nowNanos, requests.next(), viewVersion));
        }
        settle(nowNanos, out);
        return true;
    }

    void readFailed(long nowNanos, long request, Outbox<MasterAction> out) {
        notice(nowNanos, out);
        rereading.failed(nowNanos, request);
        settle(nowNanos, out);
    }

    /** Rule 6: the view is durable; only now does anybody hear of it. */
    private void commit(long nowNanos, PendingWrite write, int version, Outbox<MasterAction> out) {
        pending = null;
        dirty = true;
        view = write.next();
        viewVersion = version;
        out.add(new MasterAction.Note(
                "view " + view.number() + " " + write.delta().reason()));
        write.entry().slotNotes().forEach(line -> out.add(new MasterAction.Note(line)));
        boolean touched = write.unchanged().stream()
                .anyMatch(touch -> touch.version() > 0 && write.expelled().contains(touch.incarnation()));
        TreeSet<Incarnation> untouched = new TreeSet<>();
        write.unchanged().stream()
                .filter(touch -> touch.version() == 0)
                .forEach(touch -> untouched.add(touch.incarnation()));
        barriers.written(view.number(), nowNanos, touched ? nowNanos + touchWaitNanos() : Long.MIN_VALUE, untouched);
        for (Change change : write.delta().changes()) {
            follow(nowNanos, change, out);
        }
        announcements.committed(nowNanos, write.delta(), out);
        write.answers().forEach(answer -> out.add(new MasterAction.Send(answer.link(), answer.decided())));
    }

    private void follow(long nowNanos, Change change, Outbox<MasterAction> out) {
        switch (change) {
            case Change.MemberGone gone -> {
                Life life = roster.at(gone.incarnation());
                if (life != null && life.link != Life.NO_LINK) {
                    out.add(new MasterAction.Send(
                            life.link, new ClusterMessage.Expelled(lease.term(), gone.incarnation(), view.number())));
                }
                roster.remove(gone.incarnation());
                silence.forget(gone.incarnation());
                touches.remove(gone.incarnation());
            }
            case Change.MemberListed listed -> {
                Life life = roster.at(listed.listing().incarnation());
                if (life != null) {
                    life.listing = listed.listing();
                } else {
                    Life newcomer = new Life(listed.listing(), nowNanos, Long.MIN_VALUE);
                    newcomer.link = joins.admitted(listed.listing().nonce());
                    roster.add(newcomer);
                    silence.watch(newcomer);
                }
            }
            case Change.SlotChanged slot -> {
                if (slot.state() instanceof SlotState.Offered offer) {
                    offered.put(slot.slot(), offer);
                } else {
                    offered.remove(slot.slot());
                }
            }
            case Change.LeaseChanged changed ->
                formerLeaseUntilNanos = changed.formerNanos() > changed.leaseNanos()
                        ? nowNanos + timings.stretched(changed.formerNanos())
                        : Machine.NEVER;
            case Change.ServicePlanned _,
                    Change.Resized _,
                    Change.BucketReassigned _,
                    Change.HomeChosen _,
                    Change.NameTaken _,
                    Change.NameFreed _,
                    Change.SettingChanged _,
                    Change.SettingRemoved _ -> {}
        }
    }

    /** The last word of a master that stops: its successor need not wait for what nobody was promised. */
    MasterAction resign(long nowNanos) {
        // What its own predecessor promised may still run; only after a while is everything that holds its own.
        boolean nothingOlder = nowNanos - ledSinceNanos >= timings.stretched(timings.leaderLeaseNanos());
        return lease.renew(nowNanos, requests.next(), nothingOlder);
    }

    boolean resigned(long request) {
        return lease.awaits(request);
    }
}
