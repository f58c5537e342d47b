package dev.berth.node.entity;

import dev.berth.core.wire.Bytes;

/** The session of a user, an entity beside the user's own: its key is the user's as text. For what Berth itself builds on it. */
public interface UserSession extends Entity<String> {
    /** Of the contract. */
    String NAME = "UserSession";

    /**
     * What a gate asks.
     *
     * @param call a SessionCall
     * @param kind of the user's key, with a Login; or ""
     * @return a SessionAnswer
     */
    Bytes on(Bytes call, String kind);

    /**
     * Ends it, if there is one. After DISABLED nobody gets in before {@link #admit}.
     *
     * @param why of {@link dev.berth.core.session.End}
     */
    void end(String why);

    /** The user may log in again. */
    void admit();

    /** An item for the user's own feed. */
    void tell(String type, Bytes body);

    /**
     * From now on the user hears another entity's feed.
     *
     * @param name as his client knows it
     * @param origin whose it is
     * @param first the position from which on
     */
    void hear(String name, String origin, long first);

    /** And from now on no more. */
    void leave(String name, String origin);
}
