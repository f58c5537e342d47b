package dev.berth.lab.sim.node;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.Master;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterEvent.WasWritten;
import dev.berth.core.cluster.MasterEvent.WasWritten.Outcome;
import dev.berth.core.cluster.ViewImage;
import dev.berth.lab.sim.coordinator.Client;
import dev.berth.lab.sim.coordinator.Nodes;
import dev.berth.lab.sim.coordinator.RequestKind;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.MachineProcess;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.net.Door;
import dev.berth.lab.sim.net.Ear;
import dev.berth.lab.sim.net.Frame;
import dev.berth.lab.sim.net.Line;
import java.util.TreeMap;
import java.util.function.Function;

/** A master's process: links from members, and the coordinator. One thread. */
public final class MasterProcess extends MachineProcess<MasterEvent, MasterAction>
        implements Door, Ear, Client.Candidate {
    private final Surroundings around;
    private final Master master;
    private final Client client;
    private final TreeMap<Long, Line> links = new TreeMap<>();

    public MasterProcess(Surroundings around, Host host, int number, String name, Master master) {
        super(around.agenda(), host, number, name, master);
        this.around = around;
        this.master = master;
        this.client = new Client(around.agenda(), this, around.coordinator(), around.trace());
    }

    /** Listens, and stands for election. */
    public void start() {
        around.network().open(this);
        client.stand(this);
    }

    /** Stops in good order: says so in the record, then ends its session. */
    public void resign() {
        tell(new MasterEvent.Resign());
        post(client::resign);
    }

    public boolean leads() {
        return isAlive() && master.leads(host().monotonic());
    }

    @Override
    public Process process() {
        return this;
    }

    @Override
    public Ear accept(Line line) {
        links.put(line.number(), line);
        return this;
    }

    @Override
    public void opened(Line line) {}

    @Override
    public void heard(Line line, Frame frame) {
        feed(new MasterEvent.Received(line.number(), around.codecs().toMaster(frame)));
    }

    @Override
    public void closed(Line line, String cause) {
        links.remove(line.number());
    }

    @Override
    public void elected(long election) {
        around.trace().line(name(), "is elected");
        feed(new MasterEvent.Elected(election));
    }

    @Override
    public void deposed() {
        around.trace().line(name(), "learns that it is deposed");
        feed(new MasterEvent.Deposed());
    }

    @Override
    protected void perform(MasterAction action) {
        switch (action) {
            case MasterAction.Send send -> send(send);
            case MasterAction.Read read -> read(read);
            case MasterAction.WriteTerm write -> writeTerm(write);
            case MasterAction.TakeOver takeOver -> takeOver(takeOver);
            case MasterAction.WriteView write -> writeView(write);
            case MasterAction.ReadJournal _ -> {}
            case MasterAction.Note note -> around.trace().line(name(), note.line());
        }
    }

    private void send(MasterAction.Send send) {
        Line line = links.get(send.link());
        if (line != null) {
            Frame frame = around.codecs().frame(send.message());
            around.tally().sent(frame);
            line.send(frame);
        }
    }

    private void read(MasterAction.Read read) {
        client.submit(
                RequestKind.READ,
                nodes -> new Durable(
                        Codecs.view(nodes.view()),
                        nodes.viewVersion(),
                        Codecs.term(nodes.term()),
                        nodes.termVersion(),
                        nodes.touches()),
                durable -> feed(new MasterEvent.WasRead(read.request(), durable)),
                () -> feed(new MasterEvent.ReadFailed(read.request(), "connection loss")));
    }

    private void writeTerm(MasterAction.WriteTerm write) {
        submit(RequestKind.WRITE_TERM, write.request(), nodes -> {
            boolean done = nodes.writeTerm(write.termVersion(), Codecs.term(write.term()));
            if (done) {
                termWritten(write.term(), false);
            }
            return done;
        });
    }

    private void takeOver(MasterAction.TakeOver write) {
        submit(RequestKind.TAKE_OVER, write.request(), nodes -> {
            byte[] view = Codecs.view(ViewImage.of(write.view()));
            boolean done = nodes.takeOver(
                    write.termVersion(), Codecs.term(write.term()), write.viewVersion(), view, write.entry());
            if (done) {
                termWritten(write.term(), true);
                around.checks().takenOver(write.entry());
                around.trace().line("coordinator", () -> name() + " takes over: " + write.term());
            }
            return done;
        });
    }

    private void termWritten(TermRecord term, boolean takeOver) {
        around.checks().termWritten(term.term(), takeOver);
    }

    private void writeView(MasterAction.WriteView write) {
        byte[] bytes = Codecs.view(ViewImage.of(write.view()));
        around.tally().recorded(bytes);
        submit(RequestKind.WRITE_VIEW, write.request(), nodes -> {
            boolean done = nodes.writeView(write.viewVersion(), bytes, write.unchanged(), write.entry());
            around.trace()
                    .line(
                            "coordinator",
                            () -> "view " + write.view().number() + " of " + name()
                                    + (done ? " is durable" : " meets another version"));
            if (done) {
                around.checks().viewWritten(write.view(), write.entry());
            }
            return done;
        });
    }

    private void submit(RequestKind kind, long request, Function<Nodes, Boolean> run) {
        client.submit(
                kind,
                run,
                done -> feed(new WasWritten(request, done ? Outcome.DONE : Outcome.CONFLICT)),
                () -> feed(new WasWritten(request, Outcome.UNKNOWN)));
    }

    @Override
    protected void broken(RuntimeException cause) {
        around.checks().broken(name(), cause);
        end();
    }

    @Override
    protected void ended() {
        around.network().processEnded(this, around.dice().nextBoolean());
    }
}
