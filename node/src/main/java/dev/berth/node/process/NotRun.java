package dev.berth.node.process;

/** Why a letter was surely not run. */
enum NotRun {
    BUSY,
    NO_SUCH_PROCESS,
    TIMED_OUT
}
