package dev.berth.core.record;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a component's value of a former type becomes one of today's. */
record Upcast(Class<?> record, String component, Class<?> former, Function<Object, @Nullable Object> function) {
    @Override
    public String toString() {
        return record.getName() + "." + component + " from " + former.getSimpleName();
    }
}
