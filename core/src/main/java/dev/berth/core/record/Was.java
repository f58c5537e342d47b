package dev.berth.core.record;

import dev.berth.core.PublicApi;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The first name of a record, a component or an enum constant that was renamed. On the wire it keeps that name for ever, so builds
 * from before and after the change read each other. Renamed once more, it still says the first one.
 */
@Documented
@PublicApi
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Was {
    String value();
}
