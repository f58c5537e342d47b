package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Knows what every node believes at once, and so sees what no node can: two who hold one key, and a wrong "absent". */
final class RegistryOracle {
    private record Holding(Incarnation holder, long since) {}

    private record Question(RegistryKey key, long askedAt) {}

    private final ToyCluster cluster;
    final List<RegistryKey> keys = new ArrayList<>();
    private final LinkedHashMap<RegistryKey, Holding> holdings = new LinkedHashMap<>();
    private final TreeMap<Long, Question> questions = new TreeMap<>();
    private final TreeMap<Long, RegistryLookup> answers = new TreeMap<>();
    private final TreeMap<String, Integer> counts = new TreeMap<>();
    private @Nullable String violation;
    private long lastTicket;

    RegistryOracle(ToyCluster cluster) {
        this.cluster = cluster;
        for (int i = 0; i < 5; i++) {
            keys.add(RegistryKey.of("player", "p" + i));
        }
    }

    @Nullable
    String violation() {
        return violation;
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    TreeMap<String, Integer> counts() {
        return counts;
    }

    void violated(String what) {
        if (violation == null) {
            violation = what;
            cluster.say(() -> "VIOLATION " + what);
        }
    }

    /** Never two who both believe that they may act on one key. */
    void judge() {
        for (RegistryKey key : keys) {
            Incarnation holder = Incarnation.NONE;
            for (ToyNode node : cluster.nodes.values()) {
                if (node.mayAct() && node.front.holds(key)) {
                    if (!holder.isNone()) {
                        violated("two holders of " + key + ": " + holder + " and " + node.self);
                    }
                    holder = node.self;
                }
            }
            Holding before = holdings.get(key);
            if (before == null || !before.holder().equals(holder)) {
                holdings.put(key, new Holding(holder, cluster.now));
            }
        }
    }

    Incarnation holder(RegistryKey key) {
        Holding holding = holdings.get(key);
        return holding == null ? Incarnation.NONE : holding.holder();
    }

    long ask(ToyNode node, RegistryKey key, long limit) {
        long ticket = ++lastTicket;
        questions.put(ticket, new Question(key, cluster.now));
        node.front(new RegistryFrontEvent.Find(ticket, key, cluster.now + limit));
        return ticket;
    }

    @Nullable
    RegistryLookup answer(long ticket) {
        return answers.get(ticket);
    }

    /** Never "absent" while somebody held the key all the time between question and answer. */
    void resolved(ToyNode node, RegistryFrontAction.Resolved resolved) {
        Question question = questions.remove(resolved.ticket());
        if (question == null) {
            violated("ticket " + resolved.ticket() + " answered twice");
            return;
        }
        answers.put(resolved.ticket(), resolved.lookup());
        count("lookup " + resolved.lookup().getClass().getSimpleName());
        Holding holding = holdings.get(question.key());
        if (resolved.lookup() instanceof RegistryLookup.Absent
                && holding != null
                && !holding.holder().isNone()
                && holding.since() < question.askedAt()) {
            violated(node.self + " was told that " + question.key() + " is absent, held by " + holding.holder()
                    + " since " + holding.since() + ", asked at " + question.askedAt());
        }
    }
}
