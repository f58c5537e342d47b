package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage.EntityName;
import dev.berth.core.session.End;
import dev.berth.node.entity.UserSession;
import dev.berth.node.session.UserAccount;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What is done to an account or a session in one word. */
abstract class UsersChange extends EntityQuestion {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "The application, e.g. hello.")
    private String service = "";

    final String service() {
        return service;
    }

    /** {@code ./berth users disable SERVICE NAME}. */
    @Command(name = "disable", description = "Lets nobody in with an account any more; whoever is in is out.")
    static final class Disable extends OfAccount {
        @Override
        String method() {
            return "disable";
        }
    }

    /** {@code ./berth users enable SERVICE NAME}. */
    @Command(name = "enable", description = "The opposite of disable; wrong passwords are forgotten.")
    static final class Enable extends OfAccount {
        @Override
        String method() {
            return "enable";
        }
    }

    /** {@code ./berth users show SERVICE NAME}. */
    @Command(name = "show", description = "Prints what an account has, as one JSON object.")
    static final class Show extends OfAccount {
        @Override
        String method() {
            return "show";
        }
    }

    /** An account. */
    abstract static class OfAccount extends UsersChange {
        @Parameters(index = "1", paramLabel = "NAME", description = "The account's name.")
        private String account = "";

        abstract String method();

        final String account() {
            return account;
        }

        @Override
        final int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
            prepare(operator, patience);
            return ask(operator, patience, service(), new EntityName(UserAccount.NAME, account), method(), words());
        }

        /** Before the words are asked for. */
        void prepare(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {}

        List<String> words() {
            return List.of();
        }
    }

    /** {@code ./berth users logout SERVICE USER}. */
    @Command(name = "logout", description = "Ends a user's session; his client does not come back by itself.")
    static final class LogOut extends UsersChange {
        @Parameters(index = "1", paramLabel = "USER", description = "The user's key, e.g. 17.")
        private String user = "";

        @Override
        int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
            return ask(
                    operator,
                    patience,
                    service(),
                    new EntityName(UserSession.NAME, user),
                    "end",
                    List.of(End.LOGGED_OUT.name()));
        }
    }
}
