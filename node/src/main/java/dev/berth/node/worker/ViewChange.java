package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.node.member.ViewStep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a view has changed, and why. Usually it is one view; where somebody could not follow, it is the difference that several
 * have made together, and {@link #views} says so. Immutable; any thread.
 *
 * @param before the view that the change before this one led to; for the first change an empty one with the number 0
 * @param view what is true from now on
 * @param reason why, in words; the cluster's journal tells more ({@code berth why})
 * @param came who is listed now and was not; a node that came back is another incarnation: it went and came
 * @param went who was listed
 * @param slots the slots and buckets whose state is another one now
 * @param settings the settings that have another value now
 */
@PublicApi
public record ViewChange(
        View before,
        View view,
        String reason,
        List<Listing> came,
        List<Listing> went,
        List<SlotChange> slots,
        List<SettingChange> settings) {
    /** A slot's state before and after; null where the view has no such slot. */
    public record SlotChange(
            SlotId slot,
            @Nullable SlotState before,
            @Nullable SlotState after) {}

    /** A setting's text before and after; null where nothing was set and the standard holds. */
    public record SettingChange(
            String key, @Nullable String before, @Nullable String after) {}

    public ViewChange {
        came = List.copyOf(came);
        went = List.copyOf(went);
        slots = List.copyOf(slots);
        settings = List.copyOf(settings);
    }

    /** How many views have made this change: nearly always 1. */
    public long views() {
        return view.number() - before.number();
    }

    static ViewChange of(ViewStep step) {
        View before = step.before();
        View after = step.view();
        Delta delta = step.delta();
        Set<SlotId> slots = delta == null ? allSlots(before, after) : slotsOf(delta);
        List<SlotChange> moved = new ArrayList<>();
        for (SlotId slot : slots) {
            SlotState was = before.slot(slot);
            SlotState is = after.slot(slot);
            if (was == null ? is != null : !was.equals(is)) {
                moved.add(new SlotChange(slot, was, is));
            }
        }
        return new ViewChange(
                before,
                after,
                step.reason(),
                listedOnlyIn(after, before),
                listedOnlyIn(before, after),
                moved,
                settings(before, after));
    }

    private static Set<SlotId> slotsOf(Delta delta) {
        Set<SlotId> slots = new LinkedHashSet<>();
        for (Change change : delta.changes()) {
            if (change instanceof Change.SlotChanged slot) {
                slots.add(slot.slot());
            } else if (change instanceof Change.BucketReassigned bucket) {
                slots.add(bucket.bucket());
            }
        }
        return slots;
    }

    private static Set<SlotId> allSlots(View before, View after) {
        Set<SlotId> slots = new TreeSet<>();
        for (View view : List.of(before, after)) {
            for (Service service : view.services().values()) {
                service.forEachUnit((i, _) -> slots.add(new SlotId(service.name(), i + 1)));
            }
        }
        return slots;
    }

    private static List<Listing> listedOnlyIn(View view, View other) {
        List<Listing> only = new ArrayList<>();
        view.forEachMember(listing -> {
            Incarnation life = listing.incarnation();
            if (!other.lists(life)) {
                only.add(listing);
            }
        });
        return only;
    }

    private static List<SettingChange> settings(View before, View after) {
        List<SettingChange> changes = new ArrayList<>();
        if (before.settings().equals(after.settings())) {
            return changes;
        }
        Set<String> keys = new TreeSet<>(before.settings().values().keySet());
        keys.addAll(after.settings().values().keySet());
        for (String key : keys) {
            String was = before.settings().values().get(key);
            String is = after.settings().values().get(key);
            if (was == null ? is != null : !was.equals(is)) {
                changes.add(new SettingChange(key, was, is));
            }
        }
        return changes;
    }
}
