package dev.berth.lab.sim.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Kept from what is seen on the wire, not from what members believe: when a beat really left, and which answer to it
// gave a lease. A member's own count may be shorter than the book's, never longer.

/** Until when each member may act, counted independently of the members. One thread. */
public final class LeaseBook {
    private static final int REMEMBERED = 64;
    private static final long NEVER = Long.MIN_VALUE;

    private static final class Page {
        private final long[] seqs = new long[REMEMBERED];
        private final long[] sentLocal = new long[REMEMBERED];
        private final long[] sentTrue = new long[REMEMBERED];
        private long untilLocal = NEVER;
        private long basedOn = NEVER;
        private long touchLocal;
        private long touchTrue;

        Page() {
            Arrays.fill(seqs, -1);
        }
    }

    private final List<@Nullable Page> pages = new ArrayList<>();

    private Page page(Actor actor) {
        while (pages.size() <= actor.number()) {
            pages.add(null);
        }
        Page page = pages.get(actor.number());
        if (page == null) {
            page = new Page();
            pages.set(actor.number(), page);
        }
        return page;
    }

    void beatSent(Actor actor, long seq, long now) {
        Page page = page(actor);
        int at = (int) (seq % REMEMBERED);
        page.seqs[at] = seq;
        page.sentLocal[at] = actor.host().monotonic();
        page.sentTrue[at] = now;
    }

    void leaseHeard(Actor actor, long seq, long leaseNanos) {
        Page page = page(actor);
        int at = (int) (seq % REMEMBERED);
        if (page.seqs[at] == seq) {
            extend(page, page.sentLocal[at] + leaseNanos, page.sentTrue[at]);
        }
    }

    void touchSent(Actor actor, long now) {
        Page page = page(actor);
        page.touchLocal = actor.host().monotonic();
        page.touchTrue = now;
    }

    void touched(Actor actor, long leaseNanos) {
        Page page = page(actor);
        extend(page, page.touchLocal + leaseNanos, page.touchTrue);
    }

    private static void extend(Page page, long untilLocal, long sentTrue) {
        if (untilLocal > page.untilLocal) {
            page.untilLocal = untilLocal;
            page.basedOn = sentTrue;
        }
    }

    /** Whether the book says that the actor may act, by its own clock. */
    boolean holds(Actor actor) {
        return actor.host().monotonic() < page(actor).untilLocal;
    }

    /** Whether the actor's clock has stood still since the beat on which its lease rests: then nobody can know. */
    boolean isExcused(Actor actor) {
        return actor.host().frozenUntil() > page(actor).basedOn;
    }

    long untilLocal(Actor actor) {
        return page(actor).untilLocal;
    }
}
