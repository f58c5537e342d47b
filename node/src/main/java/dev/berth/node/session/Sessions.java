package dev.berth.node.session;

import dev.berth.node.entity.Context;
import dev.berth.node.entity.UserSession;
import java.util.function.Function;

/** The sessions of an application's users, as entities of it. Any thread. */
public final class Sessions {
    /** The record that they are kept as. */
    public static final Class<?> KEPT = SessionKept.class;

    private Sessions() {}

    public static Function<Context<String>, UserSession> code(Talk talk) {
        return me -> new SessionCode(me, talk);
    }
}
