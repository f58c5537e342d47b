package dev.berth.lab.sim.net;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/** Which machines cannot reach which: each direction for itself. One thread. */
final class Cuts {
    private final BitSet mute = new BitSet();
    private final BitSet deaf = new BitSet();
    private final TreeMap<Integer, BitSet> pairs = new TreeMap<>();
    private final List<Wall> walls = new ArrayList<>();

    /** Nothing gets over it, or nothing gets out of it. */
    record Wall(BitSet inside, boolean outwardsOnly) {
        boolean blocks(int from, int to) {
            return inside.get(from) != inside.get(to) && (!outwardsOnly || inside.get(from));
        }
    }

    boolean blocks(int from, int to) {
        if (from == to) {
            return false;
        }
        if (mute.get(from) || deaf.get(to)) {
            return true;
        }
        for (Wall wall : walls) {
            if (wall.blocks(from, to)) {
                return true;
            }
        }
        if (pairs.isEmpty()) {
            return false;
        }
        BitSet targets = pairs.get(from);
        return targets != null && targets.get(to);
    }

    void cut(int from, int to) {
        pairs.computeIfAbsent(from, _ -> new BitSet()).set(to);
    }

    void heal(int from, int to) {
        BitSet targets = pairs.get(from);
        if (targets != null) {
            targets.clear(to);
            if (targets.isEmpty()) {
                pairs.remove(from);
            }
        }
    }

    void mute(int host, boolean on) {
        mute.set(host, on);
    }

    void deafen(int host, boolean on) {
        deaf.set(host, on);
    }

    void build(Wall wall) {
        walls.add(wall);
    }

    void tearDown(Wall wall) {
        walls.remove(wall);
    }

    void healAll() {
        walls.clear();
        mute.clear();
        deaf.clear();
        pairs.clear();
    }
}
