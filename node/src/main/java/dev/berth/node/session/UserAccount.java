package dev.berth.node.session;

import dev.berth.node.entity.Entity;

/** An account, an entity beside the application's own: its key is the name. It never sees a password. For what Berth itself builds on it. */
public interface UserAccount extends Entity<String> {
    /** Of the contract. */
    String NAME = "UserAccount";

    AccountKept look();

    /** For people: without the hash. Denied if there is no such account. */
    Users.Account show();

    /**
     * @param hash of {@link Passwords}
     * @param user his key, or 0 for one that nobody has
     * @return his key; Denied if there is such an account
     */
    long add(String hash, long user);

    /** Denied if there is no such account, here and below. */
    void password(String hash);

    /**
     * A password was wrong.
     *
     * @param tried the hash that it was compared with; if there is another one by now it does not count
     * @param most one more disables the account
     * @return whether it is disabled now
     */
    boolean failed(String tried, int most);

    /**
     * A password was right.
     *
     * @param better the same as a new hash, or ""
     * @return whether that is still so
     */
    boolean passed(String tried, String better);

    /** Nobody gets in any more, and whoever is in is out. */
    void disable();

    /** The opposite; wrong passwords are forgotten. */
    void enable();
}
