package dev.berth.node.session;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.session.Condition;
import dev.berth.core.session.End;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Requests;
import dev.berth.node.entity.UserKey;
import dev.berth.node.entity.UserSession;
import dev.berth.node.worker.Node;
import java.util.Optional;

/**
 * The users of an application: their sessions, and their accounts if it has {@code accounts()}. Any thread; waits, also for a slow hash where there is a
 * password. Denied where there is no such account.
 */
@PublicApi
public final class Users {
    private final Requests requests;

    /** For {@link dev.berth.node.Berth#users}. */
    public Users(Requests requests) {
        this.requests = requests;
    }

    /** At a node of the cluster. */
    public static Users of(Node node, Entities app) {
        return new Users(new Requests(app, node));
    }

    /**
     * An account.
     *
     * @param user the key of its user
     * @param tries wrong passwords since the last right one
     */
    @PublicApi
    public record Account(String name, long user, int tries, boolean disabled) {}

    /**
     * Makes an account, with a number that nobody has for its user. Denied if there is one.
     *
     * @param name 1 to 120 bytes
     * @return the user's number
     */
    public long add(String name, String password) {
        return account(name).add(hash(password), 0);
    }

    /** The same for a user who has a number, not 0, that no account has. */
    public void add(String name, String password, long user) {
        add(name, hashed(password), user);
    }

    /** What is kept of a password, for several accounts that begin with the same one, or for many at once. */
    @PublicApi
    public record Hashed(String hash) {
        @Override
        public String toString() {
            return "a hash";
        }
    }

    /** As safe as any. */
    public Hashed hashed(String password) {
        return new Hashed(hash(password));
    }

    /**
     * For an import of thousands, each with his own: the first right log-in hashes it once more, as safe as any.
     *
     * @param rounds such as 1,000, which whoever gets at the store guesses 600 times as fast
     */
    public static Hashed hashed(String password, long rounds) {
        return new Hashed(Passwords.hash(Bytes.utf8(password), rounds));
    }

    /** As the other {@code add}. */
    public void add(String name, Hashed password, long user) {
        if (user == 0) {
            throw new IllegalArgumentException("0 is no number of a user");
        }
        account(name).add(password.hash(), user);
    }

    /** Gives him another password. */
    public void password(String name, String password) {
        account(name).password(hash(password));
    }

    /** Nobody gets in with it any more; if its user is in, his session ends and his client is told DISABLED. */
    public void disable(String name) {
        account(name).disable();
    }

    /** The opposite; wrong passwords are forgotten. */
    public void enable(String name) {
        account(name).enable();
    }

    public Optional<Account> find(String name) {
        AccountKept kept = account(name).look();
        return kept.exists()
                ? Optional.of(new Account(name, kept.user(), kept.tries(), kept.disabled()))
                : Optional.empty();
    }

    /** Ends a user's session: his client is told LOGGED_OUT, and does not come back by itself. Nothing if he has none. */
    public void logOut(Object user) {
        session(user).end(End.LOGGED_OUT.name());
    }

    /**
     * How a user is: a connection to a gate that is not listed any more is none. An entity that is at work for something that this user has just said cannot ask, since his
     * session waits for it; it knows that he is there.
     */
    public Condition condition(Object user) {
        try {
            SessionAnswer answer = SessionBook.read(
                    session(user).on(SessionBook.write(new SessionCall.Find()), ""), SessionAnswer.class);
            return answer instanceof SessionAnswer.At at ? at.condition() : Condition.OFFLINE;
        } catch (WireException unreadable) {
            throw new IllegalStateException(
                    "the owner of the session has another build: " + unreadable.getMessage(), unreadable);
        }
    }

    private UserSession session(Object user) {
        return requests.agent(UserSession.class, UserKey.of(user).text());
    }

    private UserAccount account(String name) {
        return requests.agent(UserAccount.class, UserKey.of(name).text());
    }

    private String hash(String password) {
        long rounds = SettingsCatalog.BUILT_IN.whole(requests.view().settings(), SettingsCatalog.ACCOUNTS_HASH_ROUNDS);
        String hash = SlowHashes.of(() -> Passwords.hash(Bytes.utf8(password), rounds));
        if (hash == null) {
            throw new Denied("too many passwords are being hashed at this moment");
        }
        return hash;
    }
}
