package dev.berth.lab.mutant;

import dev.berth.core.cluster.Master;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterMeasures;
import dev.berth.core.machine.Outbox;

/** A master whose actions are changed on their way out. One thread: the master's. */
abstract class EditedMaster extends Master {
    EditedMaster(MasterConfig config, MasterMeasures measures) {
        super(config, measures);
    }

    protected abstract MasterAction edit(MasterAction action);

    @Override
    public void on(long nowNanos, MasterEvent event, Outbox<MasterAction> out) {
        super.on(nowNanos, event, action -> out.add(edit(action)));
    }

    @Override
    public void advance(long nowNanos, Outbox<MasterAction> out) {
        super.advance(nowNanos, action -> out.add(edit(action)));
    }
}
