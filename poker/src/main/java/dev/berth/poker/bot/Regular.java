package dev.berth.poker.bot;

/**
 * A player of a {@link Crowd}, who always sits down at the same place. Any thread.
 *
 * @param buyIn in cents, or what the account has, if that is less
 * @param seed of what it plays
 */
public record Regular(String nick, String password, long game, int seat, long buyIn, long seed) {}
