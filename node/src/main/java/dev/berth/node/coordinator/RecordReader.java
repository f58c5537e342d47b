package dev.berth.node.coordinator;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

// Touches first, then the view, the term last, behind a sync: so a term that is still the reader's own shows that the
// view is its own too, and no touch is missing that the view still knows of. ZooKeeper executes and answers the
// requests of a session in order, so they are sent without waiting for each other.

/** Reads the durable record, and on that occasion removes the touch nodes of those who are gone. Any thread. */
final class RecordReader {
    /** More are removed by a later read. */
    private static final int REMOVED_AT_ONCE_MAX = 1_000;

    private final Session session;
    private final Paths paths;

    RecordReader(Session session, Paths paths) {
        this.session = session;
        this.paths = paths;
    }

    void read(MasterAction.Read read, Consumer<? super MasterEvent> answer) {
        long request = read.request();
        session.send(
                keeper -> new Pass(keeper).begin(new Reader() {
                    @Override
                    public void read(Durable durable) {
                        answer.accept(new MasterEvent.WasRead(request, durable));
                    }

                    @Override
                    public void failed(String cause) {
                        answer.accept(new MasterEvent.ReadFailed(request, cause));
                    }
                }),
                () -> answer.accept(new MasterEvent.ReadFailed(request, "there is no session with the coordinator")));
    }

    /** To be called when a view has been written: whoever it has expelled leaves no touch node behind. */
    void removeTouchesOfTheGone() {
        session.send(
                keeper -> keeper.getChildren(
                        paths.touches(),
                        false,
                        (int rc, String _, Object _, List<String> names) -> {
                            if (rc == 0 && !names.isEmpty()) {
                                new Pass(keeper).begin(Reader.NOBODY);
                            }
                        },
                        null),
                () -> {});
    }

    /** Who wants to know. */
    private interface Reader {
        Reader NOBODY = new Reader() {
            @Override
            public void read(Durable durable) {}

            @Override
            public void failed(String cause) {}
        };

        void read(Durable durable);

        void failed(String cause);
    }

    /** One reading. Its steps run on the thread of the session's handle, in order. */
    private final class Pass {
        private final ZooKeeper keeper;
        private final List<Durable.Touch> touches = new ArrayList<>();
        private @Nullable ViewImage view;
        private int viewVersion;
        private @Nullable String failure;

        Pass(ZooKeeper keeper) {
            this.keeper = keeper;
        }

        void begin(Reader reader) {
            keeper.sync(paths.root(), (rc, _, _) -> succeeded(rc, "sync"), null);
            keeper.getChildren(
                    paths.touches(),
                    false,
                    (int rc, String _, Object _, List<String> names) -> {
                        if (succeeded(rc, paths.touches())) {
                            readContents(names, reader);
                        } else {
                            reader.failed(String.valueOf(failure));
                        }
                    },
                    null);
        }

        private void readContents(List<String> names, Reader reader) {
            for (String name : names) {
                Optional<Incarnation> life = Paths.life(name);
                life.ifPresent(touched -> keeper.exists(
                        paths.touch(touched), false, (rc, path, _, stat) -> touch(rc, path, touched, stat), null));
            }
            keeper.getData(paths.view(), false, (rc, path, _, bytes, stat) -> view(rc, path, bytes, stat), null);
            keeper.getData(
                    paths.term(), false, (rc, path, _, bytes, stat) -> term(rc, path, bytes, stat, reader), null);
        }

        private void touch(int rc, String path, Incarnation life, Stat stat) {
            // Gone since it was listed: so its owner is gone, for nobody else's touch node is ever removed.
            if (rc != Code.NONODE.intValue() && succeeded(rc, path)) {
                touches.add(new Durable.Touch(life, stat.getVersion() + 1));
            }
        }

        private void view(int rc, String path, byte[] bytes, Stat stat) {
            if (succeeded(rc, path)) {
                try {
                    view = Protocol.VIEW.decode(bytes);
                    viewVersion = stat.getVersion();
                } catch (WireException unreadable) {
                    failure = path + ": " + unreadable.getMessage();
                }
            }
        }

        private void term(int rc, String path, byte[] bytes, Stat stat, Reader reader) {
            ViewImage found = view;
            if (!succeeded(rc, path) || failure != null || found == null) {
                reader.failed(String.valueOf(failure));
                return;
            }
            try {
                Durable.TermRecord term = Protocol.TERM.decode(bytes);
                reader.read(new Durable(found, viewVersion, term, stat.getVersion(), touches));
            } catch (WireException unreadable) {
                reader.failed(path + ": " + unreadable.getMessage());
                return;
            }
            remove(Durable.gone(
                    found, touches.stream().map(Durable.Touch::incarnation).toList()));
        }

        private void remove(List<Incarnation> gone) {
            gone.stream()
                    .limit(REMOVED_AT_ONCE_MAX)
                    .forEach(life -> keeper.delete(paths.touch(life), -1, (_, _, _) -> {}, null));
        }

        private boolean succeeded(int rc, String what) {
            if (rc != 0 && failure == null) {
                failure = what + ": " + Code.get(rc);
            }
            return rc == 0;
        }
    }
}
