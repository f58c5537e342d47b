package dev.berth.core.wire;

import java.util.ArrayList;
import java.util.List;

/** The records of a sealed interface, through sealed interfaces below it. Any thread. */
public final class Cases {
    private Cases() {}

    /** Each once, in the order of the source. */
    public static List<Class<?>> of(Class<?> sealed) {
        List<Class<?>> cases = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                cases.add(permitted);
            } else if (permitted.isSealed()) {
                cases.addAll(of(permitted));
            } else {
                throw new IllegalArgumentException(permitted.getName() + " is a case of " + sealed.getName()
                        + " but no record; only records travel");
            }
        }
        return cases.stream().distinct().toList();
    }
}
