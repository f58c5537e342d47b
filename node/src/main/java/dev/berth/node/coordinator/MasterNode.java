package dev.berth.node.coordinator;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Master;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.Nonce;
import dev.berth.node.driver.MachineHaltedException;
import dev.berth.node.driver.ThreadDriver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the masters of a cluster: core's machine with the coordinator and its links. Any thread may call it. Several of
 * them may run with the same configuration but for the name; one leads, the others stand by.
 */
public final class MasterNode implements AutoCloseable {
    /** Events that may wait for the machine; a beat of each of 65,000 members fits. More are dropped: members repeat them. */
    private static final int EVENTS_MAX = 1 << 17;
    /** Places that messages leave free for what the coordinator says. */
    private static final int SPARE = 1_000;
    /** Links up to this one are nobody's: whoever asks from within this process has such a one. */
    private static final long INSIDERS = -1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MasterNode.class);

    private final String name;
    private final MemberLinks links;
    private final Consumer<? super Throwable> onHalt;
    private final Coordinator coordinator;
    private final ThreadDriver<MasterEvent, MasterAction> driver;
    private final AtomicLong insiders = new AtomicLong(Long.MIN_VALUE);
    private final Map<Long, CompletableFuture<ClusterMessage.ToMember>> asked = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * @param onHalt told once when this master is broken and does nothing any more; its process is to end then, so that
     *     another takes over. Not told by {@link #close()}
     */
    public MasterNode(
            MasterConfig config,
            CoordinatorConfig coordinatorConfig,
            MemberLinks links,
            Consumer<? super Throwable> onHalt) {
        this.name = config.name();
        this.links = links;
        this.onHalt = onHalt;
        this.coordinator = new Coordinator(
                coordinatorConfig, "master " + name, line -> LOG.info("master {}: {}", name, line), this::halt);
        this.driver = new ThreadDriver<>(
                "master-" + name, new Master(config), EVENTS_MAX, System::nanoTime, this::perform, this::halted);
    }

    /** Begins: listens, connects, stands for election. When it cannot listen it throws what the links do, and nothing runs. */
    public void start() {
        links.open((link, message) -> driver.submitSparing(SPARE, new MasterEvent.Received(link, message)));
        driver.start();
        coordinator.start();
        coordinator.stand(name, this::submit);
    }

    /** How the cluster is, if this master leads; that it does not, otherwise. Null when it does not say so within the time. */
    public ClusterMessage.@Nullable ToMember look(long millis) {
        long link = insiders.getAndIncrement();
        CompletableFuture<ClusterMessage.ToMember> answer = new CompletableFuture<>();
        asked.put(link, answer);
        driver.submitSparing(SPARE, new MasterEvent.Received(link, new ClusterMessage.AskStatus(new Nonce(0, link))));
        try {
            return answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException silent) {
            return null;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            asked.remove(link);
        }
    }

    private boolean submit(MasterEvent event) {
        return driver.submit(event);
    }

    private void perform(MasterAction action) {
        switch (action) {
            case MasterAction.Read read -> coordinator.read(read, this::submit);
            case MasterAction.WriteTerm write -> coordinator.write(write, this::submit);
            case MasterAction.TakeOver write -> coordinator.write(write, this::submit);
            case MasterAction.WriteView write -> coordinator.write(write, this::submit);
            case MasterAction.ReadJournal read -> coordinator.read(read, page -> links.send(read.link(), page));
            case MasterAction.Send send -> send(send);
            case MasterAction.Note note -> LOG.info(note.line());
        }
    }

    private void send(MasterAction.Send send) {
        if (send.link() > INSIDERS) {
            links.send(send.link(), send.message());
            return;
        }
        CompletableFuture<ClusterMessage.ToMember> answer = asked.remove(send.link());
        if (answer != null) {
            answer.complete(send.message());
        }
    }

    private void halted(MachineHaltedException why) {
        halt(why);
    }

    // The session ends at once, so that nobody waits for it to expire; the links are closed, so that members look for
    // another master.
    private void halt(Throwable why) {
        if (over.compareAndSet(false, true)) {
            LOG.error("master {} HALTED: {}", name, why.getMessage(), why);
            Thread.ofPlatform().name("berth-master-end").start(() -> {
                driver.close();
                coordinator.close();
                links.close();
                onHalt.accept(why);
            });
        }
    }

    /** Stops in good order: says so in the record, so that the successor need not wait, and lets it be elected. */
    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            driver.finish(new MasterEvent.Resign());
            coordinator.close();
            links.close();
        }
    }
}
