package dev.berth.node.process;

import dev.berth.core.PublicApi;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a behavior: while it waits for an answer it takes questions from those for whose answer it waits, however many calls lie
 * between, on this node or on others, and nothing else. Its state may have changed when its call returns.
 */
@PublicApi
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Reentrant {}
