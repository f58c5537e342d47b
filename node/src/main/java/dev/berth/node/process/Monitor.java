package dev.berth.node.process;

import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that wants to hear of another one's end, and as what message. */
record Monitor(LocalProcess process, Function<String, Object> message) implements Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

    @Override
    public void tell(String cause) {
        try {
            process.tell(message.apply(cause));
        } catch (RuntimeException thrown) {
            LOG.warn("{}: what makes its message of another one's end threw", process, thrown);
        }
    }

    @Override
    public boolean isVoid() {
        return process.hasEnded();
    }
}
