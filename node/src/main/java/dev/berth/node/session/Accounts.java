package dev.berth.node.session;

import dev.berth.core.session.End;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.State;
import dev.berth.node.entity.UserKey;
import dev.berth.node.entity.UserSession;

// Wrong passwords lock an account, but end no session: or anybody who knows a name could throw its user out of a game.

/** The accounts of an application, as entities of it. Any thread. */
public final class Accounts {
    /** The record that they are kept as. */
    public static final Class<?> KEPT = AccountKept.class;

    private Accounts() {}

    public static UserAccount code(Context<String> me) {
        return new Code(me, me.state(AccountKept.NONE));
    }

    private record Code(Context<String> me, State<AccountKept> kept) implements UserAccount {
        /** Whoever makes up names fills no memory. */
        private AccountKept now() {
            if (!kept.get().exists()) {
                me.stop();
            }
            return kept.get();
        }

        @Override
        public AccountKept look() {
            return now();
        }

        @Override
        public Users.Account show() {
            AccountKept all = existing();
            return new Users.Account(me.key(), all.user(), all.tries(), all.disabled());
        }

        @Override
        public long add(String hash, long user) {
            if (kept.get().exists()) {
                throw new Denied("there is an account " + me.key());
            }
            return kept.set(new AccountKept(Passwords.checked(hash), user == 0 ? me.nextId() : user, 0, false))
                    .user();
        }

        private AccountKept existing() {
            if (!now().exists()) {
                throw new Denied("there is no account " + me.key());
            }
            return kept.get();
        }

        @Override
        public void password(String hash) {
            kept.set(existing()
                    .withHash(Passwords.checked(hash))
                    .withTries(0, existing().disabled()));
        }

        @Override
        public boolean failed(String tried, int most) {
            AccountKept now = now();
            if (!now.exists() || now.disabled() || !now.hash().equals(tried)) {
                return now.disabled();
            }
            int tries = now.tries() + 1;
            return kept.set(now.withTries(tries, tries > most)).disabled();
        }

        @Override
        public boolean passed(String tried, String better) {
            AccountKept now = now();
            if (now.disabled() || !now.hash().equals(tried)) {
                return false;
            }
            if (now.tries() > 0 || !better.isEmpty()) {
                kept.set(now.withHash(better.isEmpty() ? tried : better).withTries(0, false));
            }
            return true;
        }

        @Override
        public void disable() {
            kept.set(existing().withTries(existing().tries(), true));
            session().end(End.DISABLED.name());
        }

        @Override
        public void enable() {
            kept.set(existing().withTries(0, false));
            session().admit();
        }

        private UserSession session() {
            return me.deliver(UserSession.class, UserKey.of(kept.get().user()).text());
        }
    }
}
