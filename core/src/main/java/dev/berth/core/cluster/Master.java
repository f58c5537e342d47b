package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;

// Elected -> read the record -> take over by one conditional transaction -> lead. Every doubt (a conflict, an
// answer that never came, a foreign term) leads back to reading, and a deposed master forgets everything: what it
// knew is in the record or is no longer its business. Several masters may believe that they are elected. The number
// of the election decides between them: whoever reads the term of a later one gives up, whoever reads that of an
// earlier one, however late it was written, takes over again. So the last to be elected leads in the end.

/** One of the masters: stands by, takes over, leads, steps down (rules 1-11). One thread: the driver's. */
@PublicApi
public class Master implements Machine<MasterEvent, MasterAction> {
    private sealed interface Phase {
        record StandingBy() implements Phase {}

        record Reading() implements Phase {}

        record TakingOver(long request, long sentNanos, Durable durable, TermRecord term) implements Phase {}

        record Leading(Leader leader) implements Phase {}

        /** It has answered its last beat and says so in the record. */
        record Resigned() implements Phase {}
    }

    private final MasterConfig config;
    private final MasterMeasures measures;
    private final Requests requests = new Requests();
    private final Rereading reading;
    private Phase phase = new Phase.StandingBy();
    private String leaderName = "";
    /** The election that this master has won; 0 if none, or it is lost. */
    private long election;

    public Master(MasterConfig config) {
        this(config, MasterMeasures.ALL);
    }

    /** For the simulator, which takes a measure away to show that it is needed. */
    public Master(MasterConfig config, MasterMeasures measures) {
        this.config = config;
        this.measures = measures;
        this.reading = new Rereading(requests, config.timings().leaderLeaseNanos());
    }

    /** Whether this master leads and its own lease holds. */
    public boolean leads(long nowNanos) {
        return phase instanceof Phase.Leading leading && leading.leader().mayLead(nowNanos);
    }

    @Override
    public void on(long nowNanos, MasterEvent event, Outbox<MasterAction> out) {
        switch (event) {
            case MasterEvent.Elected elected -> {
                election = Math.max(election, elected.election());
                if (phase instanceof Phase.StandingBy) {
                    read(nowNanos, out);
                }
            }
            case MasterEvent.Deposed _ -> {
                election = 0;
                if (!(phase instanceof Phase.Resigned)) {
                    standBy("the election is lost", out);
                }
            }
            case MasterEvent.WasRead read -> wasRead(nowNanos, read, out);
            case MasterEvent.ReadFailed failed -> {
                reading.failed(nowNanos, failed.request());
                if (phase instanceof Phase.Leading leading) {
                    leading.leader().readFailed(nowNanos, failed.request(), out);
                }
            }
            case MasterEvent.WasWritten written -> wasWritten(nowNanos, written, out);
            case MasterEvent.Received received -> received(nowNanos, received, out);
            case MasterEvent.Resign _ -> resign(nowNanos, out);
        }
    }

    @Override
    public void advance(long nowNanos, Outbox<MasterAction> out) {
        switch (phase) {
            case Phase.Reading _ -> reading.advance(nowNanos, out);
            case Phase.TakingOver takingOver -> {
                if (nowNanos >= takingOver.sentNanos() + config.timings().leaderLeaseNanos()) {
                    read(nowNanos, out);
                }
            }
            case Phase.Leading leading -> leading.leader().advance(nowNanos, out);
            case Phase.StandingBy _, Phase.Resigned _ -> {}
        }
    }

    @Override
    public long nextWakeNanos() {
        return switch (phase) {
            case Phase.Reading _ -> reading.nextWakeNanos();
            case Phase.TakingOver takingOver ->
                takingOver.sentNanos() + config.timings().leaderLeaseNanos();
            case Phase.Leading leading -> leading.leader().nextWakeNanos();
            case Phase.StandingBy _, Phase.Resigned _ -> NEVER;
        };
    }

    private void read(long nowNanos, Outbox<MasterAction> out) {
        phase = new Phase.Reading();
        reading.start(nowNanos, out);
    }

    private void wasRead(long nowNanos, MasterEvent.WasRead read, Outbox<MasterAction> out) {
        Durable durable = read.durable();
        switch (phase) {
            case Phase.Reading _ -> {
                if (reading.answered(read.request())) {
                    takeOver(nowNanos, durable, out);
                }
            }
            case Phase.Leading leading -> {
                if (!leading.leader().read(nowNanos, read.request(), durable, out)) {
                    takeOver(nowNanos, durable, out);
                }
            }
            case Phase.StandingBy _, Phase.TakingOver _, Phase.Resigned _ -> {}
        }
    }

    /** Rule 1: the term is raised by a transaction that finds the record as it was read, or by none. */
    private void takeOver(long nowNanos, Durable durable, Outbox<MasterAction> out) {
        if (durable.term().election() > election) {
            standBy(
                    "term " + durable.term().term() + " belongs to "
                            + durable.term().leader(),
                    out);
            leaderName = durable.term().leader();
            return;
        }
        TermRecord term = new TermRecord(durable.term().term() + 1, 0, config.name(), false, election);
        long request = requests.next();
        phase = new Phase.TakingOver(request, nowNanos, durable, term);
        View same = durable.view().number() == 0
                ? View.empty(config.timings().leaseNanos())
                : durable.view().toView();
        JournalEntry entry = JournalEntry.ofTakeOver(term, durable);
        out.add(new MasterAction.TakeOver(request, durable.termVersion(), term, durable.viewVersion(), same, entry));
    }

    private void wasWritten(long nowNanos, MasterEvent.WasWritten written, Outbox<MasterAction> out) {
        switch (phase) {
            case Phase.TakingOver takingOver -> {
                if (written.request() != takingOver.request()) {
                    return;
                }
                if (written.outcome() == MasterEvent.WasWritten.Outcome.DONE) {
                    lead(nowNanos, takingOver, out);
                } else {
                    read(nowNanos, out);
                }
            }
            case Phase.Leading leading -> leading.leader().written(nowNanos, written.request(), written.outcome(), out);
            case Phase.StandingBy _, Phase.Reading _, Phase.Resigned _ -> {}
        }
    }

    private void lead(long nowNanos, Phase.TakingOver won, Outbox<MasterAction> out) {
        Durable read = won.durable();
        ViewImage view = read.view().number() == 0
                ? ViewImage.of(View.empty(config.timings().leaseNanos()))
                : read.view();
        Durable durable = new Durable(view, read.viewVersion(), read.term(), read.termVersion(), read.touches());
        Leader leader = new Leader(config, measures, requests, nowNanos, won.sentNanos(), durable, won.term());
        phase = new Phase.Leading(leader);
        leaderName = config.name();
        out.add(new MasterAction.Note("master " + config.name() + " STANDING_BY -> LEADING term="
                + won.term().term() + " view=" + view.number()));
        leader.advance(nowNanos, out);
    }

    private void received(long nowNanos, MasterEvent.Received received, Outbox<MasterAction> out) {
        if (received.message() instanceof ClusterMessage.AskJournal(Nonce id, int place)) {
            out.add(new MasterAction.ReadJournal(received.link(), id, place));
        } else if (phase instanceof Phase.Leading leading) {
            leading.leader().received(nowNanos, received.link(), received.message(), out);
        } else if (wantsAnswer(received.message())) {
            int hint = leaderName.equals(config.name()) ? -1 : config.indexOf(leaderName);
            out.add(new MasterAction.Send(received.link(), new ClusterMessage.NotLeader(hint)));
        }
    }

    private static boolean wantsAnswer(ClusterMessage.ToMaster message) {
        return switch (message) {
            case ClusterMessage.Beat _,
                    ClusterMessage.Join _,
                    ClusterMessage.Propose _,
                    ClusterMessage.AskStatus _,
                    ClusterMessage.Dead _ -> true;
            case ClusterMessage.Prepared _,
                    ClusterMessage.Released _,
                    ClusterMessage.GivenUp _,
                    ClusterMessage.DrainAbandoned _,
                    ClusterMessage.AskJournal _,
                    ClusterMessage.Leave _ -> false;
        };
    }

    private void resign(long nowNanos, Outbox<MasterAction> out) {
        if (phase instanceof Phase.Leading leading) {
            out.add(leading.leader().resign(nowNanos));
        }
        phase = new Phase.Resigned();
        out.add(new MasterAction.Note("master " + config.name() + " RESIGNED"));
    }

    private void standBy(String cause, Outbox<MasterAction> out) {
        if (!(phase instanceof Phase.StandingBy)) {
            out.add(new MasterAction.Note("master " + config.name() + " -> STANDING_BY cause=" + cause));
        }
        phase = new Phase.StandingBy();
        if (leaderName.equals(config.name())) {
            leaderName = "";
        }
    }
}
