package dev.berth.node.entity;

import dev.berth.core.PublicApi;

/** An entity's "no", which is an answer and no accident: nothing has changed, and the caller catches the same. Any thread. */
@PublicApi
public final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Denied(String why) {
        // It is thrown often, and where is of no interest.
        super(why, null, false, false);
    }
}
