package dev.berth.node.process;

/** What a node that is in no view asks the {@link Desk} of the one it is connected to. */
sealed interface Errand {
    /** Which process has this name? The answer is the way to it, or null. */
    record Find(String name) implements Errand {}

    /** Let a process of yours stand for one of mine. The answer is the way to it. */
    record Serve() implements Errand {}

    /** Give the name to a process that stands for one of mine. The answer is null. */
    record Register(String name, ProcessRef<?> way) implements Errand {}
}
