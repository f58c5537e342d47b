package dev.berth.lab.sim.fault;

/** Everything that can go wrong, and what operators do. */
public enum FaultKind {
    /** A member's process is killed and started again after a while. */
    CRASH,
    /** A member's process stands still; its machine does not. */
    PAUSE,
    /** The same, but between two actions of one decision. */
    PAUSE_MIDWAY,
    /** A new process of the same name starts while the old one is paused. */
    DOUBLE_START,
    /** A machine stands still with its monotonic clock; uptime and wall clock go on. */
    SUSPEND_MACHINE,
    /** A machine stands still with all its clocks. */
    FREEZE_MACHINE,
    /** A machine's wall clock jumps. */
    CLOCK_STEP,
    /** A machine's clock runs at another rate, within the bound. */
    CLOCK_RATE,
    /** A machine reaches nobody and nobody reaches it. */
    ISOLATE,
    /** A machine hears nobody. */
    DEAFEN,
    /** What a machine sends reaches nobody. */
    MUTE,
    /** One machine no longer reaches one other. */
    CUT_ONE_WAY,
    /** A part of the machines is cut off from the rest. */
    SPLIT,
    /** Connections of a process are reset; not always does everybody hear of it. */
    RESET,
    /** A machine's network gets slow. */
    SLOW,
    /** A part of all members is killed at once. */
    CRASH_MANY,
    MASTER_CRASH,
    MASTER_PAUSE,
    MASTER_PAUSE_MIDWAY,
    /** A master can no longer reach the coordinator. */
    MASTER_CUT_OFF,
    MASTER_RESIGN,
    /** The coordinator has no majority. */
    COORDINATOR_OUTAGE,
    /** Outcomes of the coordinator's writes get lost, done or not. */
    COORDINATOR_TROUBLE,
    /** A store's primary is lost, and with it what no replica had. */
    STORE_FAIL_OVER,
    STORE_PAUSE,
    /** An operator empties a node, and later gives it work again. */
    DRAIN,
    /** An operator changes the capacity of a bucketed service. */
    RESIZE,
}
