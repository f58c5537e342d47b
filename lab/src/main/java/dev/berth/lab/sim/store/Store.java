package dev.berth.lab.sim.store;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Fences;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.kernel.Digest;
import dev.berth.lab.sim.kernel.Trace;
import dev.berth.lab.sim.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

// Every request is in flight for a while: between a writer's last check and the write there is always time for the
// world to change. Requests may overtake each other: an owner that cares waits for the answer.

/** The data tier: a few shards, each with a primary and a replica. One thread. */
public final class Store {
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    /** Is told of every write that a primary has accepted. */
    public interface Witness {
        void loaded(Grant grant);

        void accepted(Append append, Entry entry);
    }

    /** How an asker hears of a result: exactly one of the two, unless it is gone. */
    public record Ask<T>(Consumer<T> answered, Runnable unknown) {}

    private final Agenda agenda;
    private final Host host;
    private final Network network;
    private final Dice dice;
    private final Digest digest;
    private final Trace trace;
    private final Witness witness;
    private final List<Shard> shards = new ArrayList<>();
    private final List<WriteRule> rules = new ArrayList<>();
    private long jitterNanos;

    public Store(
            Agenda agenda,
            Host host,
            Network network,
            Dice dice,
            Digest digest,
            Trace trace,
            Witness witness,
            int shardCount,
            Supplier<Fences> makeFences,
            long jitterNanos) {
        this.agenda = agenda;
        this.host = host;
        this.network = network;
        this.dice = dice;
        this.digest = digest;
        this.trace = trace;
        this.witness = witness;
        this.jitterNanos = jitterNanos;
        for (int i = 0; i < shardCount; i++) {
            shards.add(new Shard(makeFences));
        }
    }

    public int shardCount() {
        return shards.size();
    }

    public Host host() {
        return host;
    }

    public void jitter(long nanos) {
        jitterNanos = nanos;
    }

    public void fence(Process asker, Grant grant, Ask<FenceAnswer> ask) {
        Shard shard = shardOf(grant.slot());
        Reply<FenceAnswer> reply = new Reply<>(asker, ask);
        travel(asker, "FENCE", grant, () -> {
            if (shard.isDown()) {
                return;
            }
            FenceAnswer answer = shard.fence(grant, () -> reply.send(FenceAnswer.Taken.TAKEN));
            digest.mix(grant.epoch());
            trace.line("store", () -> "fence " + grant + " by " + asker.name() + ": " + answer);
            if (answer instanceof FenceAnswer.Taken) {
                replicateSoon(shard);
            } else {
                reply.send(answer);
            }
        });
    }

    public void append(Process asker, Append append, Ask<Appended> ask) {
        Shard shard = shardOf(append.grant().slot());
        Reply<Appended> reply = new Reply<>(asker, ask);
        travel(asker, "APPEND", append.grant(), () -> {
            if (shard.isDown()) {
                return;
            }
            Appended[] done = new Appended[1];
            done[0] = shard.append(append, () -> reply.send(done[0]));
            digest.mix(append.grant().epoch() ^ append.operation().counter());
            trace.line("store", () -> append + " by " + asker.name() + ": " + done[0]);
            if (done[0].isDone()) {
                witness.accepted(append, shard.entry(append.grant().slot(), append.key()));
                replicateSoon(shard);
            } else {
                reply.send(done[0]);
            }
        });
    }

    public void load(Process asker, Grant grant, Ask<SortedMap<Integer, Loaded>> ask) {
        Shard shard = shardOf(grant.slot());
        Reply<SortedMap<Integer, Loaded>> reply = new Reply<>(asker, ask);
        travel(asker, "LOAD", grant, () -> {
            if (!shard.isDown()) {
                witness.loaded(grant);
                reply.send(shard.load(grant.slot()));
            }
        });
    }

    private void travel(Process asker, String kind, Grant grant, Runnable execution) {
        if (network.blocks(asker.host(), host)) {
            return;
        }
        for (WriteRule rule : rules) {
            if (rule.picks(asker, kind, grant)) {
                trace.line(asker.name(), () -> kind + " of " + grant + " is held");
                rule.hold(execution);
                return;
            }
        }
        agenda.in(delay(), execution::run);
    }

    private long delay() {
        return 50_000L + dice.nextLong(jitterNanos);
    }

    private void replicateSoon(Shard shard) {
        agenda.in(delay(), shard::replicateNext);
    }

    private Shard shardOf(SlotId slot) {
        return shards.get(Math.floorMod(slot.number() * 31 + slot.service().length(), shards.size()));
    }

    /** The primary stops answering; a replica that did not have everything takes over after a while. */
    public void failOver(int shardNumber, long afterNanos) {
        Shard shard = shards.get(shardNumber);
        shard.outageBegins();
        trace.line("store", () -> "shard " + shardNumber + " has lost its primary");
        agenda.in(afterNanos, () -> {
            int lost = shard.failOver();
            shard.replicating(true);
            shard.outageEnds();
            trace.line(
                    "store",
                    () -> "shard " + shardNumber + " is served by its replica, " + lost
                            + " unacknowledged changes lost");
        });
    }

    /** No answer for a while, nothing lost. */
    public void pause(int shardNumber, long nanos) {
        shards.get(shardNumber).outageBegins();
        agenda.in(nanos, shards.get(shardNumber)::outageEnds);
    }

    /** From now on changes reach no replica, until the next fail-over. */
    public void stopReplication(int shardNumber) {
        shards.get(shardNumber).replicating(false);
    }

    /** Everything is served and replicated; what was lost stays lost. */
    public void calm() {
        for (Shard shard : shards) {
            if (shard.isDown()) {
                shard.failOver();
            }
            shard.replicating(true);
            shard.outagesEnd();
            while (shard.hasPending()) {
                shard.replicateNext();
            }
        }
    }

    public void forgetFences() {
        shards.forEach(Shard::forgetFences);
    }

    /** What the primary shows: for checks. */
    public Entry entry(SlotId slot, int key) {
        return shardOf(slot).entry(slot, key);
    }

    /** Holds requests that are picked until they are released. Kinds: FENCE, APPEND, LOAD. */
    public WriteRule hold(WriteRule rule) {
        rules.add(rule);
        return rule;
    }

    public void release(WriteRule rule) {
        rules.remove(rule);
        rule.releaseAll();
    }

    /** Carries one answer back, or tells the asker after a while that there is none. */
    private final class Reply<T> {
        private final Process asker;
        private final Ask<T> ask;
        private boolean settled;

        Reply(Process asker, Ask<T> ask) {
            this.asker = asker;
            this.ask = ask;
            agenda.in(PATIENCE_NANOS, () -> asker.post(this::giveUp));
        }

        private void giveUp() {
            if (!settled) {
                settled = true;
                ask.unknown().run();
            }
        }

        void send(T answer) {
            if (!network.blocks(host, asker.host())) {
                agenda.in(delay(), () -> asker.post(() -> take(answer)));
            }
        }

        private void take(T answer) {
            if (!settled) {
                settled = true;
                ask.answered().accept(answer);
            }
        }
    }
}
