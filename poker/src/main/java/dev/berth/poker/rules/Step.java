package dev.berth.poker.rules;

import java.util.List;

/**
 * What came of an event. Any thread.
 *
 * @param table the one before, the same object, if nothing has changed
 */
public record Step(Table table, List<Output> outputs) {}
