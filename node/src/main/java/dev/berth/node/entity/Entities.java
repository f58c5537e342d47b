package dev.berth.node.entity;

import dev.berth.core.PublicApi;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.record.RecordBook;
import dev.berth.core.record.Registration;
import dev.berth.node.link.QuietLog;
import dev.berth.node.process.Contract;
import dev.berth.node.store.SlotWriter;
import dev.berth.node.store.StoreClient;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.SlotCrew;
import dev.berth.node.worker.SlotService;
import dev.berth.node.worker.SlotWork;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The entities of an application: contracts and the code behind them. One service has them all; its buckets are divided among the
 * nodes that offer it, and each entity lives where its key's bucket is. Any thread.
 *
 * {@snippet :
 * Entities bank = Entities.named("bank").entity(Account.class, AccountCode::new).build();
 * Node node = Node.start(config.withSlots(bank.service(), 64), Map.of(bank.service(), bank.code()));
 * long gold = bank.agent(node, Account.class, 17L).add(5);
 * }
 */
@PublicApi
public final class Entities {
    /** How long a caller waits in all, whatever dies meanwhile. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String service;
    private final RecordBook book;
    private final Map<Class<?>, EntityType> byContract = new LinkedHashMap<>();
    private final Map<String, EntityType> byName = new TreeMap<>();
    private final Map<Class<?>, String> wireNames = new HashMap<>();
    private final Duration idle;
    private final EntityMeters meters;
    /** Of what their methods throw. */
    private final QuietLog thrown = new QuietLog(LoggerFactory.getLogger(Entities.class));

    private Entities(Builder builder) {
        this.service = builder.name;
        this.book = builder.book.build();
        this.idle = builder.idle;
        book.types().forEach((name, type) -> wireNames.put(type, name));
        this.meters = new EntityMeters(service);
        builder.entities.forEach((contract, code) -> {
            EntityType type = EntityType.of(contract, code, book);
            byContract.put(contract, type);
            if (byName.put(type.name(), type) != null) {
                throw new IllegalArgumentException("two contracts are called " + type.name());
            }
        });
    }

    /** Begins an application; its name is that of the service too. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** What belongs to an application. One thread. */
    @PublicApi
    public static final class Builder {
        private final String name;
        private final Registration book;
        private final Map<Class<?>, Function<Context<Object>, Object>> entities = new LinkedHashMap<>();
        private Duration idle = Duration.ofMinutes(5);

        private Builder(String name) {
            this.name = name;
            this.book = RecordBook.named(name);
        }

        /**
         * Adds a contract and its code.
         *
         * @param code is called when a key is called for the first time, here or after its owner has changed
         */
        @SuppressWarnings("unchecked") // the context that it gets is of the contract's key
        public <K, E extends Entity<K>> Builder entity(Class<E> contract, Function<Context<K>, ? extends E> code) {
            book.methods(Contract.of(contract).methods());
            entities.put(contract, (Function<Context<Object>, Object>) (Function<?, ?>) code);
            return this;
        }

        /** Adds records that are kept as states or published, and that no method takes or answers. */
        public Builder records(Class<?>... more) {
            book.with(more);
            return this;
        }

        /** Keeps an entity in memory so long after its last call; five minutes if nothing is said. */
        public Builder idle(Duration after) {
            if (after.toMillis() < 2) {
                throw new IllegalArgumentException("an entity stays in memory for 2 ms at least, got " + after);
            }
            idle = after;
            return this;
        }

        /** An IllegalArgumentException says what cannot be kept or called, and why. */
        public Entities build() {
            return new Entities(this);
        }
    }

    /** The name under which its slots are planned, bucketed. */
    public String service() {
        return service;
    }

    /** What a node runs that offers slots of the service. */
    public SlotService code() {
        return new Crew();
    }

    private final class Crew implements SlotCrew {
        @Override
        public SlotWork board(Deck deck) {
            SlotWriter writer = deck.writer();
            return new EntitySlot(
                    Entities.this,
                    new NodeGround(deck.node(), deck.executor()),
                    deck.slot(),
                    deck.grant(),
                    writer == null ? null : Vault.of(writer));
        }

        @Override
        public long inMemory() {
            return meters.inMemory();
        }

        @Override
        public void measure(MeterRegistry registry) {
            meters.measure(registry);
        }

        @Override
        public ToolMessage.FromNode tell(Node node, @Nullable StoreClient store, ToolMessage.OfEntities asked)
                throws InterruptedException {
            return new Desk(Entities.this, NodeGround.of(node), store).tell(asked);
        }
    }

    /**
     * The way to one entity, from any node of the cluster. Each call waits up to 30 s, through owners that are killed and replaced;
     * it has one effect even if it had to be repeated. Made for virtual threads.
     */
    public <K, E extends Entity<K>> E agent(Node node, Class<E> contract, K key) {
        return new EntityAgents(this, NodeGround.of(node)).agent(contract, key);
    }

    /** Its records, which a node needs whose entities publish or whose processes listen: {@code NodeConfig.withMessages}. */
    public RecordBook messages() {
        return book;
    }

    EntityMeters meters() {
        return meters;
    }

    QuietLog thrown() {
        return thrown;
    }

    Duration idle() {
        return idle;
    }

    EntityType type(Class<?> contract) {
        EntityType type = byContract.get(contract);
        if (type == null) {
            throw new IllegalArgumentException(
                    contract.getName() + " is no entity of " + service + "; those are " + names());
        }
        return type;
    }

    @Nullable
    EntityType type(String name) {
        return byName.get(name);
    }

    /** What the record's type is called on the wire; an IllegalArgumentException if the book does not have it. */
    String wireName(Class<?> type) {
        String name = wireNames.get(type);
        if (name == null) {
            throw new IllegalArgumentException(type.getName() + " is not in the book '" + book.name()
                    + "': say .records(" + type.getSimpleName() + ".class)");
        }
        return name;
    }

    List<String> names() {
        return new ArrayList<>(byName.keySet());
    }
}
