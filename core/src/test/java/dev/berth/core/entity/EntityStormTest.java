package dev.berth.core.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.OperationId;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients add to one number through owners that are replaced, over a store that refuses, breaks off, and does what it was asked
 * without saying so. Counted is what the store has: every addition that a client was told of is there once, and no other twice.
 * With a measure taken away the count does not come out.
 */
class EntityStormTest {
    private static final int SEEDS = 3_000;
    private static final int STEPS = 400;
    private static final Bytes KEY = Bytes.utf8("number");

    /** How logs and answers are made: as they are, or with a measure taken away. */
    private interface Measure {
        EntityLog log();

        default Operations.Found find(EntityLog log, OperationId id, boolean again) {
            return log.operations().find(id, again);
        }
    }

    private static final class World {
        private final SplittableRandom random;
        private final Measure measure;
        private final List<StorePiece> stored = new ArrayList<>();
        private long epoch = 1;
        private Owner owner;
        private final List<Client> clients = new ArrayList<>();
        private int told;

        World(long seed, Measure measure) {
            random = new SplittableRandom(seed);
            this.measure = measure;
            owner = new Owner(1);
            for (int i = 0; i < 4; i++) {
                clients.add(new Client(i));
            }
        }

        private final class Client {
            private final long number;
            private long counter;
            private boolean again;
            private boolean asks;

            Client(long number) {
                this.number = number;
            }

            void step() {
                if (!asks) {
                    counter++;
                    again = false;
                    asks = true;
                }
                owner.ask(this);
                again = true;
            }

            OperationId operation() {
                return new OperationId(number, counter);
            }

            void told(OperationId id) {
                if (id.equals(operation())) {
                    asks = false;
                }
                told++;
                if (operationsStored().getOrDefault(id, 0) != 1) {
                    throw new AssertionError(
                            id + " was told and is stored " + operationsStored().getOrDefault(id, 0) + " times");
                }
            }
        }

        private record Turn(Client client, OperationId id) {}

        private final class Owner {
            private final long itsEpoch;
            private final EntityLog log = measure.log();
            private final Map<Long, Turn> turns = new TreeMap<>();
            private final ArrayDeque<EntityAction> writes = new ArrayDeque<>();
            private long nextTurn;
            private boolean loads = true;

            Owner(long itsEpoch) {
                this.itsEpoch = itsEpoch;
            }

            void ask(Client client) {
                if (!log.isOpen()) {
                    return;
                }
                long turn = ++nextTurn;
                turns.put(turn, new Turn(client, client.operation()));
                switch (measure.find(log, client.operation(), client.again)) {
                    case Operations.Found.Known _ -> log.read(turn, this::act);
                    case Operations.Found.TooOld _ -> turns.remove(turn);
                    case Operations.Found.New _ -> log.changed(turn, add(client.operation()), this::act);
                }
            }

            private Change add(OperationId id) {
                long before = number(log.cells().getOrDefault("n", Bytes.EMPTY));
                return Change.of(
                        new TreeMap<>(Map.of("n", Bytes.utf8(Long.toString(before + 1)))),
                        new Remembered(id, Bytes.utf8("ok"), 0));
            }

            private void act(EntityAction action) {
                switch (action) {
                    case EntityAction.Append _, EntityAction.Snapshot _ -> writes.add(action);
                    case EntityAction.Release(long turn) -> {
                        Turn ended = Objects.requireNonNull(turns.remove(turn));
                        ended.client.told(ended.id);
                    }
                    case EntityAction.Undo(long turn) -> turns.remove(turn);
                    case EntityAction.Load() -> loads = true;
                }
            }

            void step() throws Exception {
                if (loads && itsEpoch == epoch && random.nextInt(3) > 0) {
                    loads = false;
                    log.loaded(List.copyOf(stored), this::act);
                } else if (!writes.isEmpty()) {
                    switch (random.nextInt(12)) {
                        case 0 -> {
                            writes.remove();
                            log.failed(this::act);
                        }
                        case 1 -> breakOff();
                        default -> write(true);
                    }
                }
            }

            /** Some of what is under way is done, and nobody hears of it. */
            private void breakOff() {
                for (int done = random.nextInt(writes.size() + 1); done > 0; done--) {
                    write(false);
                }
                while (!writes.isEmpty()) {
                    writes.remove();
                    log.failed(this::act);
                }
            }

            private void write(boolean heard) {
                EntityAction action = writes.remove();
                long behind = action instanceof EntityAction.Append append
                        ? append.version()
                        : ((EntityAction.Snapshot) action).version();
                long there = stored.isEmpty() ? 0 : stored.getLast().version();
                boolean isDone = itsEpoch == epoch && behind == there;
                if (isDone && action instanceof EntityAction.Append append) {
                    stored.add(new StorePiece.Delta(KEY, behind + 1, epoch, null, append.delta()));
                } else if (isDone && action instanceof EntityAction.Snapshot snapshot) {
                    stored.clear();
                    stored.add(new StorePiece.State(KEY, behind + 1, epoch, snapshot.image()));
                }
                if (isDone && heard) {
                    log.written(behind, this::act);
                } else {
                    log.failed(this::act);
                }
            }
        }

        private static long number(Bytes cell) {
            return cell.length() == 0 ? 0 : Long.parseLong(cell.utf8());
        }

        private EntityLog reader() {
            EntityLog reader = new EntityLog(1);
            try {
                reader.loaded(stored, _ -> {});
            } catch (Exception damaged) {
                throw new AssertionError(damaged);
            }
            return reader;
        }

        private Map<OperationId, Integer> operationsStored() {
            Map<OperationId, Integer> counts = new HashMap<>();
            reader().operations().all().forEach(each -> counts.merge(each.id(), 1, Integer::sum));
            return counts;
        }

        int run() throws Exception {
            for (int i = 0; i < STEPS; i++) {
                int dice = random.nextInt(100);
                if (dice < 2) {
                    // The old one's writes may still come; the store does not take them.
                    Owner former = owner;
                    owner = new Owner(++epoch);
                    while (!former.writes.isEmpty()) {
                        former.write(random.nextBoolean());
                    }
                } else if (dice < 45) {
                    clients.get(random.nextInt(clients.size())).step();
                } else {
                    owner.step();
                }
            }
            EntityLog end = reader();
            long number = number(end.cells().getOrDefault("n", Bytes.EMPTY));
            if (number != end.operations().size()) {
                throw new AssertionError(
                        "the number is " + number + " after " + end.operations().size() + " operations");
            }
            return told;
        }
    }

    private static int storm(Measure measure) throws Exception {
        int told = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                told += new World(seed, measure).run();
            } catch (AssertionError violation) {
                throw new AssertionError("seed " + seed + ": " + violation.getMessage(), violation);
            }
        }
        return told;
    }

    private static String violation(Supplier<Measure> measure) throws Exception {
        try {
            storm(measure.get());
        } catch (AssertionError found) {
            return String.valueOf(found.getMessage());
        }
        return "nothing is noticed";
    }

    @Test
    @Tag("S2.6")
    void everyOperationHasOneEffect_whateverTheStoreDoes() throws Exception {
        assertThat(storm(() -> new EntityLog(1))).isGreaterThan(100 * SEEDS / 10);
    }

    @Test
    void withoutTheWait_somebodyIsToldWhatIsNotThere() throws Exception {
        assertThat(violation(() -> () -> new EntityLog(1) {
                    @Override
                    protected boolean mayLeave(long needed, long onDisk) {
                        return true;
                    }
                }))
                .contains("was told and is stored 0 times");
    }

    @Test
    void withoutTheAnswers_somethingIsDoneTwice() throws Exception {
        assertThat(violation(() -> new Measure() {
                    @Override
                    public EntityLog log() {
                        return new EntityLog(1);
                    }

                    @Override
                    public Operations.Found find(EntityLog log, OperationId id, boolean again) {
                        return new Operations.Found.New();
                    }
                }))
                .contains("is stored 2 times");
    }
}
