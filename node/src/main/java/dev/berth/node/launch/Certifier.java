package dev.berth.node.launch;

import dev.berth.core.cluster.Incarnation;

/** Tells the masters that an incarnation is over: its process was waited for and its group is empty. Any thread; never blocks. */
interface Certifier {
    void certify(String name, Incarnation incarnation);
}
