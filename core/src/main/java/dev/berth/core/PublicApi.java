package dev.berth.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type that programs outside Berth may use. Its public and protected signatures are kept in {@code docs/api}; a change
 * there fails the build until it is accepted and announced in CHANGELOG.md. A public type without this mark may change at any time.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface PublicApi {}
