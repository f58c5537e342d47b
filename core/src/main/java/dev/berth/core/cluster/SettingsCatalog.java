package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

// A value is checked by the master before it gets into a view, so that a slip of the pen is answered with a
// sentence and not with a cluster that misbehaves. It is read with the reader's own catalog, though: during a
// rolling upgrade that can be an older one with other bounds, and then what it does not accept counts as not set.

/** The settings that a cluster knows: Berth's own and those of its services. Immutable; any thread. */
@PublicApi
public final class SettingsCatalog {
    /** How many slots and buckets may be handed over at a time. */
    public static final String DRAIN_SLOTS_MAX = "drain.slots-max";

    /** Wrong passwords after which an account is disabled. */
    public static final String ACCOUNTS_TRIES_MAX = "accounts.tries-max";

    /** What hashing a password costs. */
    public static final String ACCOUNTS_HASH_ROUNDS = "accounts.hash-rounds";

    /** How many players a server takes. */
    public static final String GATE_PLACES = "gate.places";

    /** The settings that Berth itself reads. */
    public static final SettingsCatalog BUILT_IN = new SettingsCatalog(new TreeMap<>())
            .with(new SettingKey(
                    DRAIN_SLOTS_MAX,
                    new SettingType.Whole(0, 10_000, "slots and buckets"),
                    "8",
                    "How many slots and buckets of the whole cluster are handed over at a time: with few a"
                            + " rolling restart takes long (0 = none moves by itself), with many a good part of"
                            + " all calls is held at once."))
            .with(
                    new SettingKey(
                            ACCOUNTS_TRIES_MAX,
                            new SettingType.Whole(0, 1_000_000, "wrong passwords"),
                            "10",
                            "After how many wrong passwords in a row one more disables an account: with few people"
                                    + " lock themselves out, or are locked out by others; with many a password can be"
                                    + " guessed."),
                    new SettingKey(
                            ACCOUNTS_HASH_ROUNDS,
                            new SettingType.Whole(1_000, 10_000_000, "rounds of HMAC-SHA256"),
                            "600000",
                            "What hashing a password costs: with few rounds a stolen store can be searched, with many"
                                + " each first log-in takes a gate's processor for long. Older hashes follow as their"
                                + " users log in."))
            .with(new SettingKey(
                    GATE_PLACES,
                    new SettingType.Whole(0, 1_000_000, "players"),
                    "5000",
                    "How many players a server takes, which is how many are cut off when it dies; who is one too many"
                            + " is sent elsewhere. With 0 a server takes no new ones, and keeps those it has."));

    /** As many settings as a view can carry. */
    private static final int KEYS_MAX = 10_000;
    /** So much of a text is repeated in an answer. */
    private static final int QUOTED_MAX = 64;

    private final TreeMap<String, SettingKey> keys;

    private SettingsCatalog(TreeMap<String, SettingKey> keys) {
        this.keys = keys;
    }

    /** These settings and some more. A name can be given only once. */
    public SettingsCatalog with(SettingKey... more) {
        TreeMap<String, SettingKey> all = new TreeMap<>(keys);
        for (SettingKey key : more) {
            if (all.put(key.name(), key) != null) {
                throw new IllegalArgumentException("setting " + key.name() + " is there already");
            }
        }
        if (all.size() > KEYS_MAX) {
            throw new IllegalArgumentException("a catalog has at most " + KEYS_MAX + " settings, got " + all.size());
        }
        return new SettingsCatalog(all);
    }

    /** All settings, in the order of their names. */
    public Collection<SettingKey> keys() {
        return Collections.unmodifiableCollection(keys.values());
    }

    /** Why the setting cannot have this value, or nothing if it can. */
    public Optional<String> problem(String name, String value) {
        SettingKey key = keys.get(name);
        if (key == null) {
            return problem(name);
        }
        return key.type().accepts(value)
                ? Optional.empty()
                : Optional.of(name + " is " + key.type().allowed() + ", not " + quoted(value));
    }

    /** Why there is no such setting, or nothing if there is one. */
    public Optional<String> problem(String name) {
        if (keys.containsKey(name)) {
            return Optional.empty();
        }
        String nearest = Spelling.nearest(name, keys.keySet());
        return Optional.of("there is no setting " + quoted(name)
                + (nearest == null ? ", nor one that is spelled like it" : "; did you mean " + nearest + "?"));
    }

    /** What a view has set and this catalog does not accept: such a value is not used. */
    public List<String> problems(Settings settings) {
        List<String> problems = new ArrayList<>();
        settings.values().forEach((name, value) -> problem(name, value).ifPresent(problems::add));
        return problems;
    }

    public long whole(Settings settings, String name) {
        return SettingType.Whole.parse(value(settings, name, SettingType.Whole.class))
                .orElseThrow();
    }

    public long nanos(Settings settings, String name) {
        return SettingSpan.parse(value(settings, name, SettingType.Span.class)).orElseThrow();
    }

    public boolean flag(Settings settings, String name) {
        return Boolean.parseBoolean(value(settings, name, SettingType.Flag.class));
    }

    public String text(Settings settings, String name) {
        return value(settings, name, SettingType.Text.class);
    }

    public String word(Settings settings, String name) {
        return value(settings, name, SettingType.Word.class);
    }

    /**
     * The text that counts: what is set if this catalog accepts it, else the standard.
     *
     * @throws IllegalArgumentException when there is no such setting
     */
    public String effective(Settings settings, String name) {
        SettingKey key = keys.get(name);
        if (key == null) {
            throw new IllegalArgumentException(problem(name).orElseThrow());
        }
        String value = settings.get(name, key.standard());
        return key.type().accepts(value) ? value : key.standard();
    }

    private String value(Settings settings, String name, Class<? extends SettingType> type) {
        SettingKey key = keys.get(name);
        if (key == null || !type.isInstance(key.type())) {
            throw new IllegalArgumentException(
                    key == null
                            ? problem(name).orElseThrow()
                            : name + " is " + key.type().allowed());
        }
        return effective(settings, name);
    }

    /** The text, or as much of it as an answer has room for. */
    static String quoted(String text) {
        return text.length() <= QUOTED_MAX ? '"' + text + '"' : '"' + text.substring(0, QUOTED_MAX) + "...\"";
    }
}
