package dev.berth.core.cluster;

import dev.berth.core.wire.Codec;
import java.util.List;
import org.jspecify.annotations.Nullable;

// A view that does not fit the coordinator's node ends every master that tries to write it, one after the other. So
// whoever makes a view larger is refused in time. What is measured is not the view as it is but as it may become
// without anybody being asked: each slot in its longest state, and each member with the two requests that check its
// touch node in the same transaction (rule 25). What the encoding of lists and numbers adds is rounded up.

/** How much more fits into the view that is being made. Made for one view; one thread: the master's. */
final class ViewRoom {
    private static final Codec<Listing> LISTING = Codec.of(Listing.class);
    private static final Codec<GlobalName> NAME = Codec.of(GlobalName.class);

    private static final int HEAD = 128;
    private static final int PLAN = 128;
    /** Tag and length of an element, and whether a member drains. */
    private static final int ELEMENT = 8;
    /** DRAINING with an owner, an epoch and a target of 42 bits each; PARKED for the longest of a master's reasons. */
    private static final int UNIT = 48;

    private static final int BUCKET = 3;
    private static final int HOME = 24;
    /** The check of a touch node in the transaction that writes the view. */
    private static final int TOUCH = 160;

    private final View base;
    private final int bytesMax;
    private long bytes = -1;

    ViewRoom(View base, int bytesMax) {
        this.base = base;
        this.bytesMax = bytesMax;
    }

    /** Takes what the changes add, or says why not; what makes the view no larger is always taken. */
    @Nullable
    String take(List<Change> changes) {
        long growth = 0;
        for (Change change : changes) {
            growth += growth(change);
        }
        if (growth <= 0) {
            return null;
        }
        if (bytes < 0) {
            bytes = of(base);
        }
        if (bytes + growth > bytesMax) {
            return "the view might take " + (bytes + growth) + " bytes, at most " + bytesMax + " fit the coordinator:"
                    + " remove members, slots, names or settings, shorten addresses, or divide the cluster";
        }
        bytes += growth;
        return null;
    }

    private long growth(Change change) {
        return switch (change) {
            case Change.MemberGone gone -> -of(base.member(gone.incarnation().node()));
            case Change.MemberListed listed ->
                of(listed.listing()) - of(base.member(listed.listing().id()));
            case Change.ServicePlanned planned ->
                of(planned.plan()) - of(base.service(planned.plan().name()));
            case Change.Resized resized -> {
                Service service = base.service(resized.service());
                yield service == null ? 0 : of(service.plan().withCapacity(resized.capacity())) - of(service);
            }
            case Change.NameTaken taken ->
                of(taken.name()) - of(base.names().get(taken.name().name()));
            case Change.SettingChanged set -> {
                String before = base.settings().values().get(set.key());
                yield of(set.key(), set.value()) - (before == null ? 0 : of(set.key(), before));
            }
            case Change.SlotChanged _,
                    Change.BucketReassigned _,
                    Change.HomeChosen _,
                    Change.NameFreed _,
                    Change.SettingRemoved _,
                    Change.LeaseChanged _ -> 0;
        };
    }

    /** The most bytes that the record of the view may come to by itself. */
    static long of(View view) {
        long[] all = {HEAD};
        view.forEachMember(listing -> all[0] += of(listing));
        view.services().values().forEach(service -> all[0] += of(service));
        view.names().values().forEach(name -> all[0] += of(name));
        view.settings().values().forEach((key, value) -> all[0] += of(key, value));
        return all[0];
    }

    static long of(List<ServicePlan> plan) {
        return HEAD + plan.stream().mapToLong(ViewRoom::of).sum();
    }

    private static long of(@Nullable Listing listing) {
        return listing == null ? 0 : LISTING.encode(listing).length + ELEMENT + TOUCH;
    }

    private static long of(@Nullable Service service) {
        return service == null ? 0 : of(service.plan());
    }

    private static long of(ServicePlan plan) {
        return PLAN
                + (long) plan.units() * UNIT
                + (plan.isBucketed() ? plan.buckets() * BUCKET + plan.capacity() * HOME : 0);
    }

    private static long of(@Nullable GlobalName name) {
        return name == null ? 0 : NAME.encode(name).length + ELEMENT;
    }

    /** A character takes up to three bytes. */
    private static long of(String key, String value) {
        return key.length() + 3L * value.length() + 2 * ELEMENT;
    }
}
