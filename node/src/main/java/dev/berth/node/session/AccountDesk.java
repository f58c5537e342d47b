package dev.berth.node.session;

import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.session.Brake;
import dev.berth.core.session.End;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Requests;
import dev.berth.node.worker.Node;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// In this order: is the account disabled, is the password right, and then, in the session, how the user is. A try is
// counted, durably, before whoever tried is told: a gate that dies in between has told nobody anything. A name that
// nobody has costs what a wrong password costs, and is answered in the same words.

/** Checks names and passwords against the accounts of an application, at one node. Any thread; waits. */
public final class AccountDesk {
    /** Wrong passwords for one account: so many at once, then one every five seconds. */
    private static final int ACCOUNT_TRIES = 5;

    private static final long ACCOUNT_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Of one address, which may be that of many people: so many at once, then one a second. */
    private static final int ADDRESS_TRIES = 30;

    private static final long ADDRESS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int KEYS_MAX = 100_000;
    private static final int RETRY_MILLIS = 2_000;
    /** A no leaves at a multiple of this: what the store took is not to be seen. */
    private static final long NO_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Node node;
    private final QuickHashes quick;
    /** Slow hashes that are being computed: a crowd with one password, as an import gives it, pays one. */
    private final Map<Bytes, CompletableFuture<@Nullable Boolean>> underWay = new ConcurrentHashMap<>();
    // Guarded by this.
    private final Brake perAccount = new Brake(ACCOUNT_TRIES, ACCOUNT_NANOS, KEYS_MAX);
    private final Brake perAddress = new Brake(ADDRESS_TRIES, ADDRESS_NANOS, KEYS_MAX);

    private AccountDesk(Node node) {
        this.node = node;
        this.quick = QuickHashes.at(node);
    }

    /** What is given to {@code login}: the user's key, or a LoginRefusedException. */
    public static Function<Credentials, Long> door(Node node) {
        return new AccountDesk(node)::check;
    }

    private long check(Credentials who) {
        int bytes = who.name().getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > SessionLimits.NAME_MAX) {
            throw wrong();
        }
        String from = Network.of(who.from().getAddress()).getHostAddress();
        passBrake(addressWait(from), "from this address");
        UserAccount account = Requests.current("").agent(UserAccount.class, who.name());
        AccountKept kept = account.look();
        if (kept.disabled()) {
            throw disabled();
        }
        if (kept.exists() && quick.isRight(System.nanoTime(), quick.mac(kept.hash(), who.secret()))) {
            if (kept.tries() > 0) {
                passed(account, kept.hash(), "");
            }
            return kept.user();
        }
        return slowly(who, from, account, kept);
    }

    private long slowly(Credentials who, String from, UserAccount account, AccountKept kept) {
        pay(who.name(), from);
        long begun = System.nanoTime();
        long rounds = setting(SettingsCatalog.ACCOUNTS_HASH_ROUNDS);
        String hash = kept.exists() ? kept.hash() : Passwords.ofNobody(rounds);
        Boolean matches = matches(who.secret(), hash, kept.exists());
        if (matches == null) {
            giveBack(who.name(), from);
            throw new LoginRefusedException(
                    End.TROUBLE, SlowHashes.WAITING_MAX + " others are logging in at this moment", retryMillis());
        }
        if (!matches || !kept.exists()) {
            boolean disables = account.failed(hash, (int) setting(SettingsCatalog.ACCOUNTS_TRIES_MAX));
            awaitMultiple(begun);
            throw disables ? disabled() : wrong();
        }
        giveBack(who.name(), from);
        String better =
                Passwords.rounds(hash) < rounds ? SlowHashes.of(() -> Passwords.hash(who.secret(), rounds)) : "";
        passed(account, hash, better == null ? "" : better);
        if (better != null && !better.isEmpty()) {
            isRight(quick.mac(better, who.secret()));
        }
        return kept.user();
    }

    /** Null if too many wait already. */
    private @Nullable Boolean matches(Bytes password, String hash, boolean exists) {
        Bytes mac = quick.mac(hash, password);
        CompletableFuture<@Nullable Boolean> own = new CompletableFuture<>();
        CompletableFuture<@Nullable Boolean> there = underWay.putIfAbsent(mac, own);
        if (there != null) {
            return there.join();
        }
        try {
            Boolean matches = SlowHashes.of(() -> Passwords.matches(password, hash));
            if (exists && Boolean.TRUE.equals(matches)) {
                isRight(mac);
            }
            own.complete(matches);
            return matches;
        } finally {
            underWay.remove(mac, own);
            own.completeExceptionally(new IllegalStateException("a slow hash could not be computed"));
        }
    }

    /** Here at once, and elsewhere as soon as it has heard. */
    private void isRight(Bytes mac) {
        quick.add(System.nanoTime(), mac);
        node.topic(QuickHashes.TOPIC).publish(mac);
    }

    /** Asked always: it may have been disabled or changed while the hash was computed. */
    private static void passed(UserAccount account, String hash, String better) {
        if (!account.passed(hash, better)) {
            throw new LoginRefusedException(End.TROUBLE, "the account has just been changed", retryMillis());
        }
    }

    private static LoginRefusedException wrong() {
        return new LoginRefusedException(End.DENIED, "name or password are wrong", 0);
    }

    private static LoginRefusedException disabled() {
        return new LoginRefusedException(End.DISABLED, "this account is disabled", 0);
    }

    private void pay(String name, String from) {
        long now = System.nanoTime();
        synchronized (this) {
            // In this order: an address that has no tries left costs an account none.
            passBrake(perAddress.takeNanos(now, from), "from this address");
            passBrake(perAccount.takeNanos(now, name), "for this account");
        }
    }

    private static void passBrake(long waitNanos, String where) {
        if (waitNanos > 0) {
            throw new LoginRefusedException(End.TOO_MANY_TRIES, "too many tries " + where, (int)
                    Math.min(TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1, Integer.MAX_VALUE));
        }
    }

    private synchronized void giveBack(String name, String from) {
        perAccount.giveBack(name);
        perAddress.giveBack(from);
    }

    private synchronized long addressWait(String from) {
        return perAddress.waitNanos(System.nanoTime(), from);
    }

    private long setting(String key) {
        return node.settings().whole(key);
    }

    /** Spread, so that a crowd does not come again at once. */
    private static int retryMillis() {
        return ThreadLocalRandom.current().nextInt(RETRY_MILLIS / 2, RETRY_MILLIS * 2);
    }

    private static void awaitMultiple(long begunNanos) {
        long until = begunNanos + ((System.nanoTime() - begunNanos) / NO_NANOS + 1) * NO_NANOS;
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
