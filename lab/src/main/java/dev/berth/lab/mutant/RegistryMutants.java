package dev.berth.lab.mutant;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Outbox;
import dev.berth.core.registry.RegistryFront;
import dev.berth.core.registry.RegistryLimits;
import dev.berth.core.registry.RegistryOwner;
import dev.berth.core.registry.RegistryOwnerAction;
import dev.berth.core.registry.RegistryOwnerEvent;
import dev.berth.lab.sim.Machines;

/** Fronts and owners of the registry that lack one measure each. Any thread. */
final class RegistryMutants {
    private RegistryMutants() {}

    /** Rule 24: a new owner accepts what it has not heard of as if nobody could hold it. */
    static Machines waiting(Machines machines) {
        return machines.withCalls(
                machines.calls().withOwner((grant, view, limits) -> new RegistryOwner(grant, view, limits) {
                    @Override
                    protected boolean acceptsNewNow() {
                        return true;
                    }
                }));
    }

    /** Rule 24: a node that was suspended goes on with the keys it held before. */
    static Machines voiding(Machines machines) {
        return machines.withCalls(machines.calls()
                .withFront((self, service, slotOf, limits, random) ->
                        new RegistryFront(self, service, slotOf, limits, random) {
                            @Override
                            protected boolean voidsAfterLapse() {
                                return false;
                            }
                        }));
    }

    /** Rule 25: whoever is expelled loses its keys at once, though it may still act by a touch. */
    static Machines barrier(Machines machines) {
        return machines.withCalls(machines.calls().withOwner(Hasty::new));
    }

    private static final class Hasty extends RegistryOwner {
        Hasty(Grant grant, View view, RegistryLimits limits) {
            super(grant, view, limits);
            on(0, new RegistryOwnerEvent.Closed(view), _ -> {});
        }

        @Override
        public void on(long nowNanos, RegistryOwnerEvent event, Outbox<RegistryOwnerAction> out) {
            super.on(nowNanos, event, out);
            if (event instanceof RegistryOwnerEvent.Installed installed) {
                super.on(nowNanos, new RegistryOwnerEvent.Closed(installed.view()), out);
            }
        }
    }
}
