package dev.berth.node.launch;

import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Standby;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A cluster on paper: views as a master would make them, for those who only read them. One thread. */
final class Roadstead {
    private View view = View.empty(5_000_000_000L);
    private final TreeMap<String, Listing> listed = new TreeMap<>();
    private final List<String> silent = new ArrayList<>();
    /** Those whom the master has told to wait. */
    final List<Standby> standing = new ArrayList<>();

    String leader = "m1";
    long closed = Long.MAX_VALUE;

    Roadstead(String service, int capacity) {
        change(new Change.ServicePlanned(ServicePlan.plain(service, capacity)));
    }

    private void change(Change change) {
        view = view.apply(new Delta(view.number() + 1, "test", List.of(change)));
    }

    /** A new life of the node, which offers so many slots of the service. */
    Incarnation list(String name, int number, String service, int slots) {
        var before = listed.get(name);
        if (before != null) {
            change(new Change.MemberGone(before.incarnation(), "replaced"));
        }
        var offers = slots == 0 ? List.<Offer>of() : List.of(new Offer(service, slots, true));
        var life = new Incarnation(new NodeId(number), view.number() + 1);
        put(new Listing(life, name, new Nonce(number, view.number()), offers, List.of(), "up-test", false));
        return life;
    }

    private void put(Listing listing) {
        listed.put(listing.name(), listing);
        change(new Change.MemberListed(listing));
    }

    void draining(String name, boolean draining) {
        put(life(name).withDraining(draining));
    }

    void gone(String name) {
        change(new Change.MemberGone(life(name).incarnation(), "gone"));
        listed.remove(name);
    }

    private Listing life(String name) {
        var listing = listed.get(name);
        if (listing == null) {
            throw new AssertionError("no " + name);
        }
        return listing;
    }

    void runs(String service, int slot, String name) {
        var owner = life(name).incarnation();
        change(new Change.SlotChanged(new SlotId(service, slot), new SlotState.Running(owner, view.number() + 1)));
    }

    void moves(String service, int slot, String from, String to) {
        change(new Change.SlotChanged(
                new SlotId(service, slot),
                new SlotState.Draining(life(from).incarnation(), view.number(), life(to).incarnation())));
    }

    void silent(String name) {
        silent.add(name);
    }

    long number() {
        return view.number();
    }

    ClusterMessage.Status status() {
        var members = listed.values().stream()
                .map(listing -> new MemberStatus(
                        listing.incarnation(), view.number(), 0, 1, silent.contains(listing.name()), 0))
                .toList();
        return new ClusterMessage.Status(
                new Nonce(1, 1), 3, leader, ViewImage.of(view), Math.min(closed, view.number()), members, standing);
    }
}
