package dev.berth.node.link;

import java.util.function.Supplier;

/**
 * What a listening port does with connections of one kind. Any thread.
 *
 * @param ears makes the ears of an accepted connection, on its event loop, when it has been authenticated
 */
public record Door<I, O>(Dialect<I, O> dialect, Supplier<? extends PipeEars<I, O>> ears) {}
