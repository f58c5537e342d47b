package dev.berth.node.process;

import dev.berth.core.PublicApi;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * In a contract, of a process or an entity: a method without an answer for which its caller does not wait; at most once, and
 * nobody says what became of it.
 */
@PublicApi
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneWay {}
