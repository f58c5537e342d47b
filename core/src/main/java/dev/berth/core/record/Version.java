package dev.berth.core.record;

import dev.berth.core.PublicApi;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The version of a record, 1 without this mark. Raise it when an older build must not read what this one writes, because it would
 * take it for something else or lose some of it: the older build then refuses and says so. Older versions are read as ever.
 */
@Documented
@PublicApi
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Version {
    int value();
}
