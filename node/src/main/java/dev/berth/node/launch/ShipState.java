package dev.berth.node.launch;

/** Where a node is in its life, as its launcher sees it. */
sealed interface ShipState {
    /** For those that must serve first. */
    record Waiting() implements ShipState {}

    /** Its process runs. */
    record Starting(long sinceNanos) implements ShipState {}

    record Serving(long sinceNanos) implements ShipState {}

    /**
     * It has been asked to end, or its process has ended and others of its group have not.
     *
     * @param startedNanos when this life began
     * @param exited whether the process has been waited for
     * @param killNanos when it is killed (again)
     */
    record Ending(long startedNanos, boolean exited, long killNanos, int kills) implements ShipState {}

    /** Between a death and the next start. */
    record Resting(long untilNanos) implements ShipState {}

    /** It died too often, or cannot be killed. */
    record Down() implements ShipState {}

    record Stopped() implements ShipState {}

    /** For people. */
    default String word() {
        return switch (this) {
            case Waiting _ -> "WAITING";
            case Starting _ -> "STARTING";
            case Serving _ -> "SERVING";
            case Ending _ -> "ENDING";
            case Resting _ -> "RESTING";
            case Down _ -> "DOWN";
            case Stopped _ -> "STOPPED";
        };
    }

    /** Whether there may be a process. */
    default boolean isAlive() {
        return switch (this) {
            case Starting _, Serving _, Ending _ -> true;
            case Waiting _, Resting _, Down _, Stopped _ -> false;
        };
    }

    /** Whether those that wait for it need not wait any longer. */
    default boolean isSettled() {
        return switch (this) {
            case Serving _, Down _, Stopped _ -> true;
            case Waiting _, Starting _, Ending _, Resting _ -> false;
        };
    }
}
