package dev.berth.test;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.Incarnation;

/**
 * A node of the played cluster, as {@link BerthTest#ownerOf} finds it. Any thread.
 *
 * @param life this one; a node that was killed comes back with another
 */
@PublicApi
public record TestNode(String name, Incarnation life) {}
