package dev.berth.node.operate;

import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.core.store.StoreOutcome;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.store.StoreClient;
import dev.berth.node.store.StoreClientConfig;
import java.io.IOException;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks stores how far epochs had come. One thread, which waits. */
final class Inquiry implements AutoCloseable {
    private static final int DIAL_MILLIS = 1_000;

    /** What a store says of its fences. */
    sealed interface Fences {}

    record Known(int count, long highest) implements Fences {}

    /** Owners are connected. */
    record InUse(int others) implements Fences {}

    record Silent(String cause) implements Fences {}

    private final Loops loops = Loops.start(1);
    private final Transport transport;
    private final long millis;

    Inquiry(TransportConfig config, long millis) {
        this.transport = new Transport(config, loops, _ -> {});
        this.millis = millis;
    }

    Fences fences(HostPort store) throws InterruptedException {
        try (StoreClient client = StoreClient.open(
                transport, loops.next(), store.address(), StoreClientConfig.DEFAULT, new SplittableRandom())) {
            client.opened().get(millis, TimeUnit.MILLISECONDS);
            return switch (client.status().get(millis, TimeUnit.MILLISECONDS)) {
                case StoreOutcome.Done<StoreStatus> done -> judge(done.value());
                case StoreOutcome.Refused<StoreStatus> refused ->
                    new Silent(refused.reason().toString());
                case StoreOutcome.Unknown<StoreStatus> unknown -> new Silent(unknown.cause());
            };
        } catch (TimeoutException silent) {
            return new Silent("no answer within " + millis / 1_000 + " s");
        } catch (ExecutionException failed) {
            return new Silent(String.valueOf(failed.getCause()));
        }
    }

    private static Fences judge(StoreStatus status) {
        if (status.connections() > 1) {
            return new InUse(status.connections() - 1);
        }
        return status.fences() > 0 && status.highestEpoch() == 0
                ? new Silent("its release is too old to say how high its fences are; start it with this one")
                : new Known(status.fences(), status.highestEpoch());
    }

    /** Whether somebody listens there. */
    static boolean answers(HostPort where) {
        try (Socket probe = new Socket()) {
            probe.connect(where.address(), DIAL_MILLIS);
            return true;
        } catch (IOException nobody) {
            // Nobody listens, or nobody can be reached: what was asked for.
            return false;
        }
    }

    @Override
    public void close() {
        transport.close();
        loops.close();
    }
}
