package dev.berth.lab.sim.node;

import dev.berth.core.cluster.Certificate;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;

// It is the parent of the node's process: it learns of its end by waiting for it, and of nothing else.

/** The process that starts a node and certifies its death (rule 22). One thread. */
public final class Launcher extends Process {
    private static final long REPEAT_NANOS = 500_000_000L;
    private static final int TIMES = 8;

    private final Surroundings around;
    private final MasterLinks masters;

    public Launcher(Surroundings around, Host host, int number, String name, int masterCount) {
        super(around.agenda(), host, number, name);
        this.around = around;
        this.masters = new MasterLinks(around, this, masterCount, false, (_, _) -> {});
    }

    /** Says that a life is over; true only if somebody has waited for its process. */
    public void certify(String member, Incarnation incarnation, long afterNanos) {
        Certificate certificate = new Certificate(member, incarnation, name(), Certificate.Proof.WAITED);
        around.trace().line(name(), () -> "certifies the death of " + member + " " + incarnation);
        agenda().in(afterNanos, () -> post(() -> say(new ClusterMessage.Dead(certificate), TIMES)));
    }

    private void say(ClusterMessage.Dead dead, int times) {
        for (int i = 0; i < masters.count(); i++) {
            masters.send(i, dead);
        }
        if (times > 1) {
            agenda().in(REPEAT_NANOS, () -> post(() -> say(dead, times - 1)));
        }
    }

    @Override
    protected void finish() {}

    @Override
    protected void ended() {
        around.network().processEnded(this, true);
    }
}
