package dev.berth.node.coordinator;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterEvent.WasWritten;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberEvent;
import java.util.function.Consumer;

// A master has at most one request of a kind in flight, and repeats it at the pace of its leader lease; a member has
// one touch in flight. That bounds what waits here while the coordinator is away.

/**
 * A process's handle on the coordinator. Any thread may call it; answers come on a thread of its own and must not block it.
 * Requests are carried out in the order in which they were made, at most once, and each has at most one answer. An answer
 * that got lost is an unknown outcome, never a conflict.
 */
public final class Coordinator implements AutoCloseable {
    private final Session session;
    private final Paths paths;
    private final Founding founding;
    private final RecordReader reader;
    private final Ledger ledger;
    private final Toucher toucher;
    private final JournalRing journal;

    /**
     * @param who this process, for people who look into the coordinator
     * @param note gets a line for people about each change of state, and when the coordinator stays away
     * @param broken told once when this client itself has failed: then whoever uses it must end
     */
    public Coordinator(CoordinatorConfig config, String who, Consumer<String> note, Consumer<Throwable> broken) {
        session = new Session(config, note, broken);
        paths = new Paths(config.cluster());
        session.listen(new Presence(paths, who));
        founding = new Founding(session, paths, note);
        reader = new RecordReader(session, paths);
        ledger = new Ledger(session, paths);
        toucher = new Toucher(session, paths);
        journal = new JournalRing(session, paths);
    }

    /** The same for a process that people know by its number. */
    public Coordinator(CoordinatorConfig config, Consumer<String> note, Consumer<Throwable> broken) {
        this(config, "process " + ProcessHandle.current().pid(), note, broken);
    }

    /** Connects, and again whenever that is needed. A coordinator that is not there is waited for. */
    public void start() {
        session.start();
    }

    /**
     * Stands for election from now on; the first candidate of a cluster also creates its record.
     *
     * @param name for people who look into the coordinator
     */
    public void stand(String name, Consumer<? super MasterEvent> told) {
        session.listen(new Candidacy(session, paths, founding, name, told));
    }

    public void read(MasterAction.Read read, Consumer<? super MasterEvent> answer) {
        reader.read(read, answer);
    }

    public void write(MasterAction.WriteTerm write, Consumer<? super MasterEvent> answer) {
        ledger.write(write, answer);
    }

    /** @throws RecordTooLargeException when the view does not fit */
    public void write(MasterAction.TakeOver write, Consumer<? super MasterEvent> answer) {
        ledger.write(write, answer);
    }

    /** @throws RecordTooLargeException when the view does not fit */
    public void write(MasterAction.WriteView write, Consumer<? super MasterEvent> answer) {
        ledger.write(write, event -> {
            answer.accept(event);
            if (event instanceof WasWritten written && written.outcome() == WasWritten.Outcome.DONE) {
                reader.removeTouchesOfTheGone();
            }
        });
    }

    /** A page of the journal; what cannot be read of it is said and left out. */
    public void read(MasterAction.ReadJournal read, Consumer<? super ClusterMessage.JournalPage> answer) {
        journal.read(
                read.place(),
                page -> answer.accept(
                        new ClusterMessage.JournalPage(read.id(), page.entries(), page.next(), page.problem())));
    }

    public void touch(MemberAction.Touch touch, Consumer<? super MemberEvent> answer) {
        toucher.touch(touch, answer);
    }

    /** Ends the session after all that was asked before; then the next candidate is elected at once. */
    @Override
    public void close() {
        session.close();
    }
}
