package dev.berth.node.process;

import dev.berth.core.PublicApi;

/** A name was not given: another process has it, or nobody could say so in time. The message says which. */
@PublicApi
public final class NameRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NameRefusedException(String name, String why) {
        super("the name " + name + " is not given: " + why);
    }
}
