package dev.berth.core.record;

import dev.berth.core.PublicApi;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name by which a record, a component or an enum constant goes on the wire, where its name in Java will not do: two records of
 * one name, two components with one number. A record's name with a "/" in it is complete; otherwise the book's name and a "/" come
 * in front.
 */
@Documented
@PublicApi
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface WireName {
    String value();
}
