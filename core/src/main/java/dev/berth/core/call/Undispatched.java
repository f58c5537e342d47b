package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import org.jspecify.annotations.Nullable;

/** What has been admitted from one connection and has not been run or dropped yet, in order of arrival. One owner. */
final class Undispatched {
    private @Nullable Dispatch first;
    private @Nullable Dispatch last;
    private int size;

    int size() {
        return size;
    }

    void add(Dispatch dispatch) {
        dispatch.undispatched = true;
        dispatch.earlier = last;
        if (last == null) {
            first = dispatch;
        } else {
            last.later = dispatch;
        }
        last = dispatch;
        size++;
    }

    /** Returns false if it had been removed before. */
    boolean remove(Dispatch dispatch) {
        if (!dispatch.undispatched) {
            return false;
        }
        dispatch.undispatched = false;
        Dispatch before = dispatch.earlier;
        Dispatch after = dispatch.later;
        if (before == null) {
            first = after;
        } else {
            before.later = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.earlier = before;
        }
        dispatch.earlier = null;
        dispatch.later = null;
        size--;
        return true;
    }

    /** How many come before this slot's MARK. */
    int countFrom(Grant mark) {
        int count = 0;
        for (Dispatch each = first; each != null; each = each.later) {
            if (MarkSet.covers(mark, each.call().from())) {
                count++;
            }
        }
        return count;
    }
}
