package dev.berth.node.process;

import java.util.function.Function;

/** Who wants to hear of a process's end, and as what message. */
record Monitor(LocalProcess watcher, Function<String, Object> message) {
    void tell(String cause) {
        watcher.tell(message.apply(cause));
    }

    boolean isVoid() {
        return watcher.hasEnded();
    }
}
