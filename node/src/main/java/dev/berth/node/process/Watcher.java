package dev.berth.node.process;

/** Who is told when a process is over. Any thread. */
interface Watcher {
    void tell(String cause);

    /** Whether nobody would hear it any more. */
    boolean isVoid();
}
