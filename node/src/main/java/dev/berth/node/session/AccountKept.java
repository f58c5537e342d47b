package dev.berth.node.session;

import dev.berth.core.record.WireName;

/**
 * What an account keeps. Immutable; any thread.
 *
 * @param hash of the password, as {@link Passwords} writes it; "" if there is no such account
 * @param user his key
 * @param tries wrong passwords since the last right one
 */
@WireName("berth/AccountKept")
public record AccountKept(String hash, long user, int tries, boolean disabled) {
    static final AccountKept NONE = new AccountKept("", 0, 0, false);

    boolean exists() {
        return !hash.isEmpty();
    }

    AccountKept withHash(String other) {
        return new AccountKept(other, user, tries, disabled);
    }

    AccountKept withTries(int count, boolean disables) {
        return new AccountKept(hash, user, count, disables);
    }
}
