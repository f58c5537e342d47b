package dev.berth.core.entity;

import java.time.Duration;

/** The bounds of one entity. Any thread. */
public final class EntityLimits {
    /** Most bytes of all its states together, the histories of its feeds among them. */
    public static final int STATE_MAX = 400 << 10;

    /** Most states that one entity has. */
    public static final int CELLS_MAX = 64;

    /** Most feeds that it tells. */
    public static final int FEEDS_MAX = 8;

    /** Most timers that outlive its owner. */
    public static final int ALARMS_MAX = 64;

    /** Messages that wait to arrive. */
    public static final int PARCELS_MAX = 256;

    /** Most bytes of those messages together. */
    public static final int PARCEL_BYTES_MAX = 96 << 10;

    /** Most letters of the name of a state or a timer. */
    public static final int NAME_MAX = 120;

    /** Operations whose answers are kept. */
    public static final int ANSWERS_MAX = 1_000;

    /** Most bytes of those answers together. */
    public static final int ANSWER_BYTES_MAX = 256 << 10;

    /** So long they are kept; afterwards they may be forgotten. */
    public static final Duration ANSWERS_KEPT = Duration.ofMinutes(10);

    /** Clients of whom something was forgotten and of whom it is known how much. */
    public static final int CLIENTS_MAX = 8_192;

    private EntityLimits() {}
}
