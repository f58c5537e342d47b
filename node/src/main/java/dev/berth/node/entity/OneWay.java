package dev.berth.node.entity;

import dev.berth.core.PublicApi;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A method without an answer for which its caller does not wait: at most once, and nobody says what became of it. */
@PublicApi
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneWay {}
