package dev.berth.core.cluster;

/** What a master is told. */
public sealed interface MasterEvent {
    /**
     * The coordinator's election has chosen this master.
     *
     * @param election greater than that of every election before; in ZooKeeper, when the winning candidate's node was created
     */
    record Elected(long election) implements MasterEvent {
        public Elected {
            if (election < 1) {
                throw new IllegalArgumentException("elections count from 1, got " + election);
            }
        }
    }

    /** The election, or the session it rests on, is lost; given before {@link Elected} of a later one. */
    record Deposed() implements MasterEvent {}

    /** The answer to {@link MasterAction.Read}. */
    record WasRead(long request, Durable durable) implements MasterEvent {}

    /** No answer to {@link MasterAction.Read}, or none that can be used. */
    record ReadFailed(long request, String cause) implements MasterEvent {}

    /** The answer to a write. */
    record WasWritten(long request, Outcome outcome) implements MasterEvent {
        public enum Outcome {
            DONE,
            /** Surely not done: a version was another one. */
            CONFLICT,
            /** May have been done. */
            UNKNOWN
        }
    }

    /**
     * A message came over a link. Numbers of links are chosen by the driver and never reused.
     */
    record Received(long link, ClusterMessage.ToMaster message) implements MasterEvent {}

    /** This master is to stop: it answers nobody from now on and resigns. */
    record Resign() implements MasterEvent {}
}
