package dev.berth.lab.sim.coordinator;

import dev.berth.core.cluster.Durable.Touch;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import java.util.List;
import java.util.TreeMap;

// Versions count the writes of a node. A write that expects version -1 expects nothing, as in ZooKeeper: no machine
// of Berth does that, but a mutated one may.

/** What the coordinator stores: bytes under versions. One thread. */
public final class Nodes {
    private static final int ANY = -1;

    private byte[] view;
    private int viewVersion;
    private byte[] term;
    private int termVersion;
    private final TreeMap<Incarnation, Integer> touches = new TreeMap<>();
    private final TreeMap<Integer, JournalEntry> journal = new TreeMap<>();
    private boolean touchesChecked = true;

    public Nodes(byte[] view, byte[] term) {
        this.view = view;
        this.term = term;
    }

    /** Takes a measure away: a touch succeeds whatever the view is. */
    public void leaveTouchesUnchecked() {
        touchesChecked = false;
    }

    public byte[] view() {
        return view;
    }

    public int viewVersion() {
        return viewVersion;
    }

    public byte[] term() {
        return term;
    }

    public int termVersion() {
        return termVersion;
    }

    public List<Touch> touches() {
        return touches.entrySet().stream()
                .map(e -> new Touch(e.getKey(), e.getValue()))
                .toList();
    }

    /** What the views and take-overs that are remembered say of themselves. */
    public List<JournalEntry> journal() {
        return List.copyOf(journal.values());
    }

    public boolean writeTerm(int expected, byte[] content) {
        if (!fits(expected, termVersion)) {
            return false;
        }
        term = content;
        termVersion++;
        return true;
    }

    public boolean takeOver(int expectedTerm, byte[] newTerm, int expectedView, byte[] sameView, JournalEntry entry) {
        if (!fits(expectedTerm, termVersion) || !fits(expectedView, viewVersion)) {
            return false;
        }
        term = newTerm;
        termVersion++;
        view = sameView;
        viewVersion++;
        journal.put(entry.place(), entry);
        return true;
    }

    public boolean writeView(int expected, byte[] content, List<Touch> unchanged, JournalEntry entry) {
        if (!fits(expected, viewVersion)) {
            return false;
        }
        for (Touch touch : unchanged) {
            if (!fits(touch.version(), touchVersion(touch.incarnation()))) {
                return false;
            }
        }
        view = content;
        viewVersion++;
        journal.put(entry.place(), entry);
        return true;
    }

    /** One transaction: the view still has this version, and the touch node is written. */
    public boolean touch(Incarnation incarnation, int expectedView) {
        if (touchesChecked && !fits(expectedView, viewVersion)) {
            return false;
        }
        touches.merge(incarnation, 1, Integer::sum);
        return true;
    }

    /** How often this life has touched; 0 = never. */
    public int touchVersion(Incarnation incarnation) {
        return touches.getOrDefault(incarnation, 0);
    }

    /** Somebody has emptied the coordinator (scenario 25): it starts from these contents. */
    public void wipe(byte[] emptyView, byte[] emptyTerm) {
        view = emptyView;
        term = emptyTerm;
        viewVersion = 0;
        termVersion = 0;
        touches.clear();
        journal.clear();
    }

    private static boolean fits(int expected, int found) {
        return expected == ANY || expected == found;
    }
}
