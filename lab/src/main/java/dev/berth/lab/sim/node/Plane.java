package dev.berth.lab.sim.node;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.lab.sim.net.Ear;
import dev.berth.lab.sim.net.Line;
import dev.berth.lab.sim.store.Loaded;
import java.util.List;
import java.util.SortedMap;

/** What a node does besides belonging to the cluster: calls, slots' state, registry. Called as work of its process. */
public interface Plane {
    /** Act by this view, in one step (rule 14). */
    void install(View view, List<Incarnation> expelled);

    /** The barrier of this view, which was installed, has closed. */
    void close(View view);

    /** These do not act before they have applied this view. */
    void excuse(long view, List<Incarnation> members);

    /** Another node has opened a connection to here. */
    Ear accept(Line line);

    void suspend();

    void resume();

    /** The store's content of a slot that is ours to load. */
    void loaded(Grant grant, SortedMap<Integer, Loaded> content);

    void serve(Grant grant);

    void drop(Grant grant);

    /** Refuse new calls; run {@code then} when the last handler has ended. */
    void quiesce(Grant grant, Runnable then);

    /** Run {@code then} when all that the slot has changed is durable. */
    void flush(Grant grant, Runnable then);

    /** The drained slot's last word: its next owner may load. */
    void released(Grant grant);

    /** Run {@code then} when everybody to whom the slot has sent has answered MARK. */
    void mark(Grant grant, Runnable then);

    /** The process is gone. */
    void ended();

    /** A node without an application. */
    Plane NOTHING = new Plane() {
        @Override
        public void install(View view, List<Incarnation> expelled) {}

        @Override
        public void close(View view) {}

        @Override
        public void excuse(long view, List<Incarnation> members) {}

        @Override
        public Ear accept(Line line) {
            throw new IllegalStateException("nobody is told of this node's door");
        }

        @Override
        public void suspend() {}

        @Override
        public void resume() {}

        @Override
        public void loaded(Grant grant, SortedMap<Integer, Loaded> content) {}

        @Override
        public void serve(Grant grant) {}

        @Override
        public void drop(Grant grant) {}

        @Override
        public void quiesce(Grant grant, Runnable then) {
            then.run();
        }

        @Override
        public void released(Grant grant) {}

        @Override
        public void flush(Grant grant, Runnable then) {
            then.run();
        }

        @Override
        public void mark(Grant grant, Runnable then) {
            then.run();
        }

        @Override
        public void ended() {}
    };
}
