package dev.berth.node.process;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// The first process of a node. What is published by others is one message to it, read once however many hear it,
// and what the node itself publishes goes the same way; so a publisher never does the work of telling a thousand
// subscribers.

/** Who on this node wants to hear of which topics. Read by its process; changed on any thread. */
final class Subscribers implements Behavior<Object> {
    /** Of one process. */
    static final int TOPICS_MAX = 1_024;
    /** Of one node. */
    static final int SUBSCRIPTIONS_MAX = 1 << 20;

    /** Published by this node. */
    record Own(String topic, Object message) {}

    private record Subscription(Class<?> type, Function<Object, @Nullable Object> message) {}

    private final Processes home;
    private final Map<String, Map<LocalProcess, Subscription>> byTopic = new ConcurrentHashMap<>();
    // Guarded by this.
    private final Map<LocalProcess, Set<String>> topics = new HashMap<>();
    private int count;

    Subscribers(Processes home) {
        this.home = home;
    }

    @SuppressWarnings("unchecked") // it is given what is of the type
    <T> void add(
            LocalProcess process,
            String topic,
            Class<T> type,
            Function<? super T, ? extends @Nullable Object> message) {
        Topics.checked(topic);
        boolean first;
        synchronized (this) {
            Set<String> its = topics.get(process);
            first = its == null;
            if (its == null) {
                its = new HashSet<>();
            }
            if (!its.contains(topic)) {
                if (its.size() == TOPICS_MAX || count == SUBSCRIPTIONS_MAX) {
                    throw new IllegalStateException("a process hears of " + TOPICS_MAX + " topics at most, and a node's"
                            + " processes have " + SUBSCRIPTIONS_MAX + " subscriptions");
                }
                its.add(topic);
                count++;
            }
            topics.put(process, its);
            byTopic.computeIfAbsent(topic, _ -> new ConcurrentHashMap<>())
                    .put(process, new Subscription(type, (Function<Object, @Nullable Object>)
                            (Function<?, ?>) message));
        }
        if (first) {
            // Told at once if it has ended meanwhile.
            process.extras().monitor(new Watcher() {
                @Override
                public void tell(String cause) {
                    ended(process);
                }

                @Override
                public boolean isVoid() {
                    return false;
                }
            });
        }
    }

    synchronized void remove(LocalProcess process, String topic) {
        Set<String> its = topics.get(process);
        if (its != null && its.remove(topic)) {
            forget(process, topic);
        }
    }

    private synchronized void ended(LocalProcess process) {
        Set<String> its = topics.remove(process);
        if (its != null) {
            its.forEach(topic -> forget(process, topic));
        }
    }

    private void forget(LocalProcess process, String topic) {
        count--;
        Map<LocalProcess, Subscription> all = byTopic.get(topic);
        if (all != null && all.remove(process) != null && all.isEmpty()) {
            byTopic.remove(topic);
        }
    }

    boolean areThereOf(String topic) {
        return byTopic.containsKey(topic);
    }

    @Override
    public @Nullable Object on(Self<Object> self, Object message) {
        switch (message) {
            case Own(String topic, Object own) -> tell(topic, own);
            case Published one
            when areThereOf(one.topic()) -> {
                Object read = home.topics().read(one);
                if (read != null) {
                    tell(one.topic(), read);
                }
            }
            default -> {}
        }
        return null;
    }

    private void tell(String topic, Object message) {
        Map<LocalProcess, Subscription> all = byTopic.get(topic);
        if (all != null) {
            all.forEach((process, subscription) -> {
                if (subscription.type.isInstance(message)) {
                    tell(process, new News(message, subscription.message));
                }
            });
        }
    }

    private void tell(LocalProcess process, News news) {
        switch (process.put(news, home.mailboxMax())) {
            case FIRST -> {
                home.topics().heard.increment();
                home.runners().queue(process);
            }
            case BEHIND_OTHERS -> home.topics().heard.increment();
            case FULL -> home.topics().full.increment();
            case ENDED -> {}
        }
    }

    /** Becomes one of the process's own messages where that runs: it is the process's code that says how. */
    private static final class News extends Letter {
        private final Object told;
        private final Function<Object, @Nullable Object> message;

        News(Object told, Function<Object, @Nullable Object> message) {
            super(told);
            this.told = told;
            this.message = message;
        }

        @Override
        @Nullable
        Object body() {
            return message.apply(told);
        }
    }
}
