package dev.berth.node.coordinator;

import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;

// A ring of nodes that exist from the founding on: an entry overwrites the one that is as many views older. So a write
// never creates or deletes anything, whatever was there before, and the journal never grows. Places 0 to 511 are the
// views', those after them the take-overs'.

/** Where the journal lies in the coordinator. Any thread. */
final class JournalRing {
    static final int PLACES = JournalEntry.VIEWS_MAX + JournalEntry.TERMS_MAX;
    /** An entry that takes more loses lines. */
    static final int ENTRY_BYTES_MAX = 64 * 1024;
    /** So many places are read together; with entries of the greatest size that is the budget of a page. */
    static final int PAGE_PLACES = 144;

    private static final int READS_MAX = 8;
    private static final byte[] EMPTY = {};

    private final Session session;
    private final Paths paths;
    private final AtomicInteger reads = new AtomicInteger();

    JournalRing(Session session, Paths paths) {
        this.session = session;
        this.paths = paths;
    }

    /** The operations that found it. */
    static List<Op> founding(Paths paths) {
        List<Op> all = new ArrayList<>();
        all.add(Op.create(paths.journal(), EMPTY, Paths.OPEN, CreateMode.PERSISTENT));
        for (int place = 0; place < PLACES; place++) {
            all.add(Op.create(paths.journal(place), EMPTY, Paths.OPEN, CreateMode.PERSISTENT));
        }
        return all;
    }

    /** Creates what is missing of it; whether that succeeds shows when it is next written. */
    static void mend(ZooKeeper keeper, Paths paths) {
        for (Op create : founding(paths)) {
            keeper.create(create.getPath(), EMPTY, Paths.OPEN, CreateMode.PERSISTENT, (_, _, _, _) -> {}, null);
        }
    }

    /** The entry as bytes, with as many lines as there is room for. */
    static byte[] bytes(JournalEntry entry, int bytesMax) {
        JournalEntry shorter = entry;
        while (true) {
            byte[] bytes = Protocol.JOURNAL_ENTRY.encode(shorter);
            if (bytes.length <= bytesMax || shorter.lines().isEmpty()) {
                return bytes;
            }
            shorter = shorter.withFirst(shorter.lines().size() / 2);
        }
    }

    /**
     * Some entries.
     *
     * @param next where to go on reading, or -1
     * @param problem what could not be read, in words; empty if nothing
     */
    record Page(List<JournalEntry> entries, int next, String problem) {
        static Page none(String problem) {
            return new Page(List.of(), -1, problem);
        }
    }

    /** Reads some places from this one on. Told exactly once, on the thread of the session's handle. */
    void read(int from, Consumer<? super Page> answer) {
        if (from < 0 || from >= PLACES) {
            answer.accept(Page.none("the journal has the places 0 to " + (PLACES - 1) + ", asked for " + from));
        } else if (reads.incrementAndGet() > READS_MAX) {
            reads.decrementAndGet();
            answer.accept(Page.none("busy: " + READS_MAX + " others read the journal, try again"));
        } else {
            Consumer<Page> done = page -> {
                reads.decrementAndGet();
                answer.accept(page);
            };
            session.send(
                    keeper -> read(keeper, from, done),
                    () -> done.accept(Page.none("this master has no session with the coordinator")));
        }
    }

    private void read(ZooKeeper keeper, int from, Consumer<Page> done) {
        List<JournalEntry> entries = new ArrayList<>();
        String[] problem = {""};
        int end = Math.min(PLACES, from + PAGE_PLACES);
        if (from == 0) {
            keeper.sync(paths.root(), (_, _, _) -> {}, null);
        }
        // A session's requests are executed and answered in order, so the last answer completes the page.
        for (int place = from; place < end; place++) {
            boolean last = place == end - 1;
            keeper.getData(
                    paths.journal(place),
                    false,
                    (rc, path, _, bytes, _) -> {
                        if (rc != 0) {
                            problem[0] = path + ": " + Code.get(rc);
                        } else if (bytes.length > 0) {
                            add(path, bytes, entries, problem);
                        }
                        if (last) {
                            done.accept(new Page(entries, end < PLACES ? end : -1, problem[0]));
                        }
                    },
                    null);
        }
    }

    private static void add(String path, byte[] bytes, List<JournalEntry> entries, String[] problem) {
        try {
            entries.add(Protocol.JOURNAL_ENTRY.decode(bytes));
        } catch (WireException | IllegalArgumentException unreadable) {
            // Written by another version, or by a stranger: the others are still worth reading.
            problem[0] = path + ": " + unreadable.getMessage();
        }
    }
}
