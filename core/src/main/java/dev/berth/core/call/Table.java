package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Trie;
import dev.berth.core.cluster.View;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// The view says who owns a slot; whether this node has fenced and loaded it only the node itself knows. Both together
// are what a message is judged by. A node publishes one table after the other; loops and runners read the newest and
// never wait.

/** What a node knows when it judges a message: the applied view, itself, and the own slots that serve. Immutable; any thread. */
public final class Table {
    private final View view;
    private final Incarnation self;
    private final SortedMap<String, Trie<Long>> serving;

    private Table(View view, Incarnation self, SortedMap<String, Trie<Long>> serving) {
        this.view = view;
        this.self = self;
        this.serving = serving;
    }

    /** A node that has just been admitted by this view, and serves nothing yet. */
    public static Table of(View view, Incarnation self) {
        return new Table(view, self, new TreeMap<>());
    }

    /** After MemberAction.Install. */
    public Table installed(View next) {
        if (next.number() < view.number()) {
            throw new IllegalStateException("view " + next.number() + " after view " + view.number());
        }
        return new Table(next, self, serving);
    }

    /** After MemberAction.Serve. */
    public Table serving(Grant grant) {
        return with(grant.slot(), grant.epoch());
    }

    /** After MemberAction.Drop and Quiesce; nothing changes if the slot serves under another epoch. */
    public Table withdrawn(Grant grant) {
        return serves(grant) ? with(grant.slot(), null) : this;
    }

    private Table with(SlotId slot, @Nullable Long epoch) {
        SortedMap<String, Trie<Long>> copy = new TreeMap<>(serving);
        Trie<Long> slots = copy.getOrDefault(slot.service(), Trie.<Long>empty());
        copy.put(slot.service(), epoch == null ? slots.without(slot.number()) : slots.with(slot.number(), epoch));
        return new Table(view, self, copy);
    }

    public View view() {
        return view;
    }

    public long number() {
        return view.number();
    }

    public Incarnation self() {
        return self;
    }

    /** Whether exactly this grant has been fenced and loaded here and takes calls. */
    public boolean serves(Grant grant) {
        Trie<Long> slots = serving.get(grant.slot().service());
        Long epoch = slots == null ? null : slots.get(grant.slot().number());
        return epoch != null && epoch == grant.epoch();
    }

    /** Where a slot is; null if the view has no such slot. */
    public @Nullable SlotState route(SlotId slot) {
        return view.slot(slot);
    }

    @Override
    public String toString() {
        return "table of " + self + " view=" + view.number();
    }
}
