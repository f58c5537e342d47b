package dev.berth.lab.mutant;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterMeasures;
import dev.berth.core.machine.Outbox;

// The machine counts on its take-over to raise the version of the view node by one. Here it does not, so while
// this master leads it is shown versions that are one higher than they are, and what it writes is put right again.

/** A master whose take-over raises the term and leaves the view node as it is. One thread: the master's. */
final class TermOnlyMaster extends EditedMaster {
    private boolean leading;
    private long takeOver = -1;

    TermOnlyMaster(MasterConfig config) {
        super(config, MasterMeasures.ALL);
    }

    @Override
    public void on(long nowNanos, MasterEvent event, Outbox<MasterAction> out) {
        if (event instanceof MasterEvent.WasWritten(long request, MasterEvent.WasWritten.Outcome outcome)
                && request == takeOver) {
            leading = outcome == MasterEvent.WasWritten.Outcome.DONE;
        } else if (event instanceof MasterEvent.Deposed) {
            leading = false;
        }
        super.on(nowNanos, leading ? raised(event) : event, out);
    }

    private static MasterEvent raised(MasterEvent event) {
        if (!(event instanceof MasterEvent.WasRead(long request, Durable read))) {
            return event;
        }
        Durable higher =
                new Durable(read.view(), read.viewVersion() + 1, read.term(), read.termVersion(), read.touches());
        return new MasterEvent.WasRead(request, higher);
    }

    @Override
    protected MasterAction edit(MasterAction action) {
        return switch (action) {
            case MasterAction.TakeOver write -> {
                leading = false;
                takeOver = write.request();
                yield new MasterAction.WriteTerm(write.request(), write.termVersion(), write.term());
            }
            case MasterAction.WriteView write ->
                new MasterAction.WriteView(
                        write.request(), write.viewVersion() - 1, write.view(), write.unchanged(), write.entry());
            case MasterAction.Read _,
                    MasterAction.WriteTerm _,
                    MasterAction.ReadJournal _,
                    MasterAction.Send _,
                    MasterAction.Note _ -> action;
        };
    }
}
