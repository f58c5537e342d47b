package dev.berth.core.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The number of a record component on the wire. Numbers are never reused. A record with a single component that carries no
 * {@code @Field} is a wrapper and is written as that component.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Field {
    int value();

    /** Most bytes of a string or of {@link Bytes}, most elements of a list; 0 means the default of the type. */
    int max() default 0;
}
