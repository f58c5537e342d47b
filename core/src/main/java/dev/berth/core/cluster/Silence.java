package dev.berth.core.cluster;

import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

// Suspicion is an impression that nobody else can see; what counts is that the promise has run out as well. Only
// then is a member silent, and even then it stays listed until somebody can take its place (S2.19).

/** Who has been silent for so long that its lease has surely lapsed, and who of them may go. One thread: the master's. */
final class Silence {
    private final MasterConfig config;
    private final Timings timings;
    private final MasterMeasures measures;
    private final Roster roster;
    private final Brake brake = new Brake();
    private final TreeMap<Incarnation, Life> silent = new TreeMap<>();
    private long sweepNanos;

    Silence(MasterConfig config, MasterMeasures measures, Roster roster, long nowNanos) {
        this.config = config;
        this.timings = config.timings();
        this.measures = measures;
        this.roster = roster;
        this.sweepNanos = nowNanos + timings.suspicionNanos();
    }

    boolean isEmpty() {
        return silent.isEmpty();
    }

    boolean has(Incarnation incarnation) {
        return silent.containsKey(incarnation);
    }

    long sweepNanos() {
        return sweepNanos;
    }

    /** When the brake lets the next one go. */
    long brakeNanos() {
        return silent.isEmpty() ? Long.MAX_VALUE : brake.nextWakeNanos();
    }

    boolean suspected(long nowNanos, Life life) {
        return life.ended || nowNanos - life.freshNanos > timings.suspicionNanos();
    }

    /** Long before it may be suspected: it may have missed a beat, or have frozen. */
    boolean quiet(long nowNanos, Life life) {
        return nowNanos - life.freshNanos > Candidate.QUIET_BEATS * timings.beatNanos();
    }

    boolean anySuspected(long nowNanos) {
        return roster.all().stream().anyMatch(life -> suspected(nowNanos, life));
    }

    boolean lapsed(long nowNanos, Life life) {
        return measures.surelyLapsed(nowNanos, life.leasedUntilNanos, life.ended);
    }

    /** Finds those who have become silent; says whether there are any at all. */
    boolean sweep(long nowNanos, long leaseNanos, Outbox<MasterAction> out) {
        if (nowNanos < sweepNanos) {
            return false;
        }
        sweepNanos = nowNanos + timings.suspicionNanos();
        for (Life life : roster.all()) {
            if (silent.containsKey(life.incarnation())) {
                continue;
            }
            if (suspected(nowNanos, life) && lapsed(nowNanos, life)) {
                fall(nowNanos, life, leaseNanos, out);
            } else {
                long due = Math.max(life.freshNanos + timings.suspicionNanos(), life.leasedUntilNanos) + 1;
                sweepNanos = Math.min(sweepNanos, Math.max(due, nowNanos + 1));
            }
        }
        if (silent.isEmpty()) {
            brake.release();
        }
        return !silent.isEmpty();
    }

    private void fall(long nowNanos, Life life, long leaseNanos, Outbox<MasterAction> out) {
        silent.put(life.incarnation(), life);
        out.add(new MasterAction.Note(life + " SUSPECTED and surely lapsed"));
        long window = measures.memberWaitNanos(timings, leaseNanos);
        if (brake.silent(nowNanos, window, 3 * leaseNanos, roster.size() - silent.size())) {
            out.add(new MasterAction.Note("master " + config.name() + " BRAKE engaged: " + silent.size() + " of "
                    + roster.size() + " members are silent"));
        }
    }

    /** A member has been admitted: it has until then to be heard. */
    void watch(Life life) {
        sweepNanos = Math.min(sweepNanos, life.freshNanos + timings.suspicionNanos() + 1);
    }

    /** It is over, by certificate or by its own word. */
    void ended(Life life) {
        silent.put(life.incarnation(), life);
    }

    boolean heard(Incarnation incarnation) {
        return silent.remove(incarnation) != null;
    }

    void forget(Incarnation incarnation) {
        silent.remove(incarnation);
    }

    /** The master itself was not scheduled: nobody had a chance to be heard. */
    void restart(long nowNanos) {
        for (Life life : roster.all()) {
            life.freshNanos = Math.max(life.freshNanos, nowNanos);
        }
        silent.values().removeIf(life -> !life.ended);
        sweepNanos = nowNanos + timings.suspicionNanos();
    }

    /** Those who may be expelled for good reason; verified now, not when they were found. */
    List<Life> replaceable(long nowNanos) {
        List<Life> lives = new ArrayList<>();
        for (Life life : silent.values()) {
            if (suspected(nowNanos, life) && lapsed(nowNanos, life)) {
                lives.add(life);
            }
        }
        return lives;
    }

    boolean brakePermits(long nowNanos, Life life) {
        return life.ended || brake.permits(nowNanos);
    }

    void expels(long nowNanos, Life life) {
        if (!life.ended) {
            brake.passed(nowNanos);
        }
    }

    void brakePassed(long nowNanos) {
        brake.passed(nowNanos);
    }

    void releaseBrake() {
        brake.release();
    }

    /** Nobody waits for its place, so it gets time to come back to it; not for ever, for its names and entries must go. */
    boolean mayGo(long nowNanos, Life life, long leaseNanos) {
        long grace = MasterConfig.GRACE_LEASES * leaseNanos;
        return life.ended || nowNanos > Math.max(life.leasedUntilNanos, life.freshNanos) + grace;
    }
}
