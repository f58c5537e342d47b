package dev.berth.node.launch;

/** What a node is for. They are started in this order, each kind when the one before serves, and stopped in the reverse one. */
public enum NodeKind {
    COORDINATOR,
    MASTER,
    STORE,
    WORKER,
    /** Any command of {@code berth}, last of all. */
    COMMAND;

    public String word() {
        return switch (this) {
            case COORDINATOR -> "coordinator";
            case MASTER -> "master";
            case STORE -> "store";
            case WORKER -> "worker";
            case COMMAND -> "command";
        };
    }
}
