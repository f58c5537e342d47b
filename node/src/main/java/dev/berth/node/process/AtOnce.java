package dev.berth.node.process;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a behavior: whoever brings it a message runs it, be it a sender's thread or the event loop of the node, so nothing is handed
 * from thread to thread. For parts of Berth itself: it must not wait for anything, and nobody sees to that. One message at a time all the same; what comes meanwhile, or while
 * the node may not act, is run by others later, in order.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AtOnce {}
