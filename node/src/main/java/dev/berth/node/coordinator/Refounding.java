package dev.berth.node.coordinator;

import dev.berth.core.cluster.Recovery;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;

/** An operator's hand on a coordinator that has lost a cluster's record. One thread, which waits. */
public final class Refounding implements AutoCloseable {
    private final Session session;
    private final Paths paths;
    private final CompletableFuture<ZooKeeper> open = new CompletableFuture<>();
    private final long millis;

    /** What came of the writing. */
    public enum Outcome {
        WRITTEN,
        /** Somebody was quicker: there is a record now. */
        EXISTS,
        /** The connection was lost: look again. */
        UNKNOWN
    }

    /**
     * Begins to connect.
     *
     * @param millis how long it waits for each answer
     */
    public Refounding(CoordinatorConfig config, long millis, Consumer<String> note) {
        this.session = new Session(config, note, open::completeExceptionally);
        this.paths = new Paths(config.cluster());
        this.millis = millis;
        session.listen(new Session.Listener() {
            @Override
            public void connected(ZooKeeper keeper) {
                open.complete(keeper);
            }

            @Override
            public void suspended(String cause) {}
        });
        session.start();
    }

    /** The view of the record that is there, or nothing. */
    public Optional<ViewImage> record() throws NoCoordinatorException, InterruptedException {
        byte[] bytes = this.<byte[]>ask((keeper, answer) -> {
            keeper.sync(paths.root(), (_, _, _) -> {}, null);
            keeper.getData(
                    paths.view(),
                    false,
                    (rc, path, _, found, _) -> tell(answer, rc, path, found == null ? new byte[0] : found),
                    null);
        });
        if (bytes.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Protocol.VIEW.decode(bytes));
        } catch (WireException unreadable) {
            throw new NoCoordinatorException(paths.view() + " is there but cannot be read: " + unreadable.getMessage());
        }
    }

    /** Masters and nodes whose sessions with the coordinator live. */
    public List<String> present() throws NoCoordinatorException, InterruptedException {
        List<String> sessions = this.<List<String>>ask((keeper, answer) -> {
            keeper.sync(paths.sessions(), (_, _, _) -> {}, null);
            keeper.getChildren(
                    paths.sessions(),
                    false,
                    (int rc, String path, Object _, List<String> names) ->
                            tell(answer, rc, path, names == null ? List.of() : names),
                    null);
        });
        List<String> names = new ArrayList<>();
        for (String each : sessions) {
            byte[] who = this.<byte[]>ask((keeper, answer) -> keeper.getData(
                    paths.sessions() + "/" + each,
                    false,
                    (rc, path, _, found, _) -> tell(answer, rc, path, found == null ? new byte[0] : found),
                    null));
            names.add(new String(who, StandardCharsets.UTF_8));
        }
        return List.copyOf(names);
    }

    /** Writes the new record, or nothing. */
    public Outcome write(Recovery recovery) throws NoCoordinatorException, InterruptedException {
        byte[] term = Protocol.TERM.encode(recovery.term());
        byte[] view = Protocol.VIEW.encode(recovery.view());
        int rc = this.<Integer>ask((keeper, answer) -> {
            Founding.createTop(keeper);
            keeper.multi(Founding.record(paths, term, view), (code, _, _, _) -> answer.complete(code), null);
        });
        return switch (Ledger.outcome(rc)) {
            case DONE -> Outcome.WRITTEN;
            case CONFLICT -> Outcome.EXISTS;
            case UNKNOWN -> Outcome.UNKNOWN;
        };
    }

    /** What is not there is empty; anything else that is not OK is an error. */
    private static <T> void tell(CompletableFuture<T> answer, int rc, String path, T found) {
        if (rc == 0 || rc == Code.NONODE.intValue()) {
            answer.complete(found);
        } else {
            answer.completeExceptionally(KeeperException.create(Code.get(rc), path));
        }
    }

    private <T> T ask(BiConsumer<ZooKeeper, CompletableFuture<T>> question)
            throws NoCoordinatorException, InterruptedException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            ZooKeeper keeper = open.get(millis, TimeUnit.MILLISECONDS);
            question.accept(keeper, answer);
            return answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            throw new NoCoordinatorException(
                    "the coordinator does not answer; is it running, and is the address right?");
        } catch (ExecutionException failed) {
            throw new NoCoordinatorException("the coordinator failed: " + failed.getCause());
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
