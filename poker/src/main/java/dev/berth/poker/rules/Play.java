package dev.berth.poker.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step: a table that is changed, and what is to be done about it. One thread, one event. */
final class Play {
    final Terms terms;
    final Felt felt;
    List<Long> watchers;
    private final List<Output> outputs = new ArrayList<>(8);
    private @Nullable List<Long> audience;
    private long chips;

    Play(Terms terms, Felt felt, List<Long> watchers) {
        this.terms = terms;
        this.felt = felt;
        this.watchers = watchers;
        chips = felt.chips();
    }

    /** The stages that one event sets off, until one of them waits for the next. */
    void go(Next first) {
        List<Stage> stages = terms.game().stages();
        for (Next next = first; next != Next.STAY; ) {
            int index = switch (next) {
                case STAY -> felt.stage();
                case ON -> felt.stage() + 1;
                case LAST -> stages.size() - 1;
                case FIRST -> 0;
            };
            felt.stage(index);
            felt.acting(0);
            next = stages.get(index).enter(this);
        }
    }

    Stage stage() {
        return terms.game().stages().get(felt.stage());
    }

    void say(Said said) {
        outputs.add(new Output.Broadcast(felt.seq(), said, audience()));
        felt.seq(felt.seq() + 1 & 0xFFFF);
    }

    void add(Output output) {
        outputs.add(output);
    }

    /** It is the seat's turn. */
    void ask(int seat) {
        felt.acting(seat);
        outputs.add(stage().question(this, seat));
        wake(terms.turnMillis());
    }

    void wake(int millis) {
        felt.wake(felt.wake() + 1 & 0xFFFF_FFFFL);
        outputs.add(new Output.Wake(felt.wake(), millis));
    }

    /** Chips have come to the table, or with a minus have left it. */
    void brought(long cents) {
        chips += cents;
    }

    List<Output> outputs() {
        return outputs;
    }

    /** That nothing came of nothing is checked after every event, and a table that fails it is never saved. */
    void checkChips() {
        if (felt.chips() != chips) {
            throw new IllegalStateException("a table of " + terms + " has " + felt.chips() + " cents and should have "
                    + chips + ", hand " + felt.hand() + ", stage " + felt.stage());
        }
    }

    boolean isDeserted() {
        return watchers.isEmpty() && felt.count(~0) == 0;
    }

    /** Somebody has come or gone. */
    void audienceChanged() {
        audience = null;
    }

    private List<Long> audience() {
        if (audience == null) {
            Long[] all = new Long[felt.count(~0) + watchers.size()];
            int count = 0;
            for (int seat = 1; seat <= felt.seats; seat++) {
                if (felt.isTaken(seat)) {
                    all[count++] = felt.player(seat);
                }
            }
            for (Long watcher : watchers) {
                all[count++] = watcher;
            }
            audience = List.of(all);
        }
        return audience;
    }
}
