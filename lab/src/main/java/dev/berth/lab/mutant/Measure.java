package dev.berth.lab.mutant;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.sim.Machines;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

// docs/rules.md ends with a table: each measure, and what goes wrong without it. Here is the table in code. A
// measure is taken away by overriding the one method that takes it, or by changing what a machine is told or wants
// done; everything else stays as it is. docs/simulator.md says in which scenario each is caught.

/** A measure of the protocol that can be taken away. Any thread. */
public enum Measure {
    BARRIER(Invariant.I3, MasterMutants::barrier),
    MEMBER_LEASE(Invariant.I1, MemberMutants::lease),
    COUNT_FROM_SEND(Invariant.I1, MemberMutants::countFromSend),
    STRETCH(Invariant.I1, MasterMutants::stretch),
    STORE_FENCE(Invariant.I2, StoreMutants::fence),
    TAKE_OVER_WAIT(Invariant.I1, MasterMutants::takeOverWait),
    LEADER_LEASE(Invariant.I1, MasterMutants::leaderLease),
    CONDITIONAL_WRITES(Invariant.I5, MasterMutants::conditionalWrites),
    TERM_WRITE_REWRITES_VIEW(Invariant.I1, MasterMutants::termWriteRewritesView),
    FLOOR(Invariant.I3, MasterMutants::floor),
    FLOOR_AT_TAKE_OVER(Invariant.I3, MasterMutants::floorAtTakeOver),
    NO_LEASE_WHILE_EXPELLING(Invariant.I1, MasterMutants::noLeaseWhileExpelling),
    INCARNATION_AT_RECEIVERS(Invariant.I3, CallMutants::incarnation),
    INCARNATION_AT_MASTER(Invariant.I8, MasterMutants::incarnation),
    ECHO(Invariant.I8, MasterMutants::echo),
    TOUCH_VERSION_CHECK(Invariant.I1, MasterMutants::touchVersionCheck),
    TOUCH_VIEW_CHECK(Invariant.I1, Machines::withTouchesUnchecked),
    TOUCH_WAIT(Invariant.I1, MasterMutants::touchWait),
    TOUCH_EXCUSE(Invariant.I3, MasterMutants::touchExcuse),
    DRAIN_STOP(Invariant.I3, MemberMutants::drainStop),
    DRAIN_WAIT(Invariant.I3, MemberMutants::drainWait),
    DRAIN_MARK(Invariant.I3, MemberMutants::drainMark),
    DRAIN_FLUSH(Invariant.I2, MemberMutants::drainFlush),
    FENCE_BEFORE_LOAD(Invariant.I2, MemberMutants::fenceBeforeLoad),
    CERTIFICATE_ORIGIN(Invariant.I1, MasterMutants::certificateOrigin),
    REGISTRY_WAIT(Invariant.REGISTRY, RegistryMutants::waiting),
    REGISTRY_VOID(Invariant.REGISTRY, RegistryMutants::voiding),
    REGISTRY_BARRIER(Invariant.REGISTRY, RegistryMutants::barrier);

    private final Invariant protectedOne;
    /** Always a method without state. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final UnaryOperator<Machines> removal;

    Measure(Invariant protectedOne, UnaryOperator<Machines> removal) {
        this.protectedOne = protectedOne;
        this.removal = removal;
    }

    /** What is violated without it. */
    public Invariant protects() {
        return protectedOne;
    }

    /** All other invariants: they might speak first while this measure is missing. */
    public Set<Invariant> mutes() {
        return EnumSet.complementOf(EnumSet.of(protectedOne));
    }

    /** These machines without this measure. */
    public Machines takenFrom(Machines machines) {
        return removal.apply(machines);
    }

    /** As in {@code --without}: lower case, with hyphens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Measure> named(String word) {
        for (Measure measure : values()) {
            if (measure.word().equals(word)) {
                return Optional.of(measure);
            }
        }
        return Optional.empty();
    }
}
