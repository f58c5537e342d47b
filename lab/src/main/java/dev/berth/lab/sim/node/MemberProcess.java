package dev.berth.lab.sim.node;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Member;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.View;
import dev.berth.core.store.OwnerFence;
import dev.berth.lab.sim.check.Actor;
import dev.berth.lab.sim.coordinator.Client;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.MachineProcess;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.net.Door;
import dev.berth.lab.sim.net.Ear;
import dev.berth.lab.sim.net.Line;
import java.util.function.Consumer;
import java.util.function.Function;

/** A node's process: the member, its links to the masters, the store, and whatever it does besides. One thread. */
public final class MemberProcess extends MachineProcess<MemberEvent, MemberAction> implements Actor, Door {
    private final Surroundings around;
    private final Member member;
    private final MasterLinks masters;
    private final Toucher toucher;
    private final SlotStore slots;
    private final long beatNanos;
    private final Consumer<MemberProcess> over;
    private Plane plane = Plane.NOTHING;
    private long applied;
    private long clocksReadNanos = Long.MIN_VALUE / 2;
    private String cause = "";

    /**
     * How a member's process is put together.
     *
     * @param over is told when it has ended by its own will
     */
    public record Parts(
            Member member,
            int masters,
            boolean datagrams,
            long beatNanos,
            Function<Grant, OwnerFence> makeFence,
            Consumer<MemberProcess> over) {}

    public MemberProcess(Surroundings around, Host host, int number, String name, Parts parts) {
        super(around.agenda(), host, number, name, parts.member());
        this.around = around;
        this.member = parts.member();
        this.beatNanos = parts.beatNanos();
        this.over = parts.over();
        this.masters = new MasterLinks(
                around,
                this,
                parts.masters(),
                parts.datagrams(),
                (message, master) -> feed(new MemberEvent.Received(master, message)));
        Client client = new Client(around.agenda(), this, around.coordinator(), around.trace());
        this.toucher = new Toucher(client, around.views(), this::touchAnswered);
        this.slots = new SlotStore(around, this, () -> applied, parts.makeFence());
    }

    /** To be called once, before the process does anything. */
    public void start(Plane itsPlane) {
        plane = itsPlane;
        if (!itsPlane.equals(Plane.NOTHING)) {
            around.network().open(this);
        }
        post(() -> {});
    }

    @Override
    public Process process() {
        return this;
    }

    @Override
    public Ear accept(Line line) {
        return plane.accept(line);
    }

    public SlotStore slots() {
        return slots;
    }

    public Member member() {
        return member;
    }

    /** Why it has ended, if by its own will. */
    public String cause() {
        return cause;
    }

    @Override
    public Incarnation self() {
        return member.self();
    }

    @Override
    public boolean mayAct() {
        return member.mayAct(host().monotonic());
    }

    @Override
    public long applied() {
        return applied;
    }

    /** About once a beat, and after every gap: the clocks that run on while a node does not. */
    @Override
    protected void awake() {
        long now = host().monotonic();
        if (now - clocksReadNanos >= beatNanos * 9 / 10) {
            clocksReadNanos = now;
            feed(new MemberEvent.Clocks(host().wall(), host().uptime()));
        }
    }

    @Override
    protected void perform(MemberAction action) {
        switch (action) {
            case MemberAction.Send send -> send(send);
            case MemberAction.Install install -> install(install);
            case MemberAction.Suspend _ -> plane.suspend();
            case MemberAction.Resume _ -> plane.resume();
            case MemberAction.Fence fence -> fence(fence.grant());
            case MemberAction.Load load -> {
                around.trace().line(name(), () -> "up returns " + load.grant() + " of " + load.capacity());
                load(load.grant());
            }
            case MemberAction.Preload _ -> {}
            case MemberAction.Serve serve -> {
                around.checks().serves(this, serve.grant());
                plane.serve(serve.grant());
            }
            case MemberAction.RunDone done -> {
                around.trace().line(name(), () -> "run returns " + done.grant());
                around.checks().runReturned(this, done.grant());
            }
            case MemberAction.Drop drop -> {
                plane.drop(drop.grant());
                slots.forget(drop.grant());
                around.checks().stops(this, drop.grant());
            }
            case MemberAction.Quiesce quiesce ->
                plane.quiesce(quiesce.grant(), () -> feed(new MemberEvent.Quiesced(quiesce.grant())));
            case MemberAction.Flush flush ->
                plane.flush(flush.grant(), () -> feed(new MemberEvent.Flushed(flush.grant())));
            case MemberAction.Mark mark -> plane.mark(mark.grant(), () -> feed(new MemberEvent.Marked(mark.grant())));
            case MemberAction.Closed closed -> plane.close(closed.view());
            case MemberAction.Excused excused -> plane.excuse(excused.view(), excused.members());
            case MemberAction.Touch touch -> {
                around.checks().touchSent(this);
                toucher.touch(touch);
            }
            case MemberAction.Answered answer ->
                around.trace()
                        .line(
                                name(),
                                () -> answer.accepted()
                                        ? "is granted what it asked for, by view " + answer.view()
                                        : "is refused what it asked for: " + answer.reason());
            case MemberAction.Exit exit -> exit(exit.cause());
            case MemberAction.Note note -> around.trace().line(name(), note.line());
        }
    }

    private void send(MemberAction.Send send) {
        if (send.message() instanceof ClusterMessage.Released released) {
            Grant grant = new Grant(released.slot(), released.epoch());
            around.checks().stops(this, grant);
            plane.released(grant);
        }
        masters.send(send.master(), send.message());
    }

    private void install(MemberAction.Install install) {
        View view = install.view();
        around.trace().line(name(), () -> "installs view " + view.number());
        around.checks().installed(this, view, applied);
        applied = view.number();
        plane.install(view, install.expelled());
        feed(new MemberEvent.Installed(view.number()));
    }

    private void fence(Grant grant) {
        slots.assertFence(
                grant,
                () -> feed(new MemberEvent.Fenced(grant)),
                stored -> feed(new MemberEvent.FenceRefused(grant, stored)));
    }

    private void load(Grant grant) {
        around.checks().upReturned(this, grant);
        slots.load(grant, (_, content) -> {
            plane.loaded(grant, content);
            feed(new MemberEvent.Loaded(grant));
        });
    }

    private void touchAnswered(MemberEvent event) {
        View view = member.view();
        if (view != null && event instanceof MemberEvent.Touched touched && touched.newer() == null) {
            around.checks().touched(this, view.leaseNanos());
        }
        feed(event);
    }

    private void exit(String why) {
        cause = why;
        end();
        over.accept(this);
    }

    @Override
    protected void broken(RuntimeException problem) {
        around.checks().broken(name(), problem);
        exit("broken: " + problem);
    }

    @Override
    protected void ended() {
        plane.ended();
        around.checks().ended(this);
        around.network().processEnded(this, around.dice().nextBoolean());
    }
}
