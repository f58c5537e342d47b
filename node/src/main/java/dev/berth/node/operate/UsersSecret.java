package dev.berth.node.operate;

import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.wire.Bytes;
import dev.berth.node.session.Passwords;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// The password is hashed here: nothing else ever has it, no argument of a process that others can list, no connection,
// no store.

/** What needs a password: from the terminal, or the first line of standard input. */
abstract class UsersSecret extends UsersChange.OfAccount {
    private String hash = "";

    @Override
    final void prepare(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        String password = password();
        if (password.isEmpty()) {
            throw wrong("a password has at least one character; say it at the prompt or as the first line of"
                    + " standard input");
        }
        long rounds = SettingsCatalog.BUILT_IN.whole(
                operator.status(patience).view().toView().settings(), SettingsCatalog.ACCOUNTS_HASH_ROUNDS);
        hash = Passwords.hash(Bytes.utf8(password), rounds);
    }

    @SuppressWarnings("SystemConsoleNull") // it still does, where there is no terminal
    private String password() {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("Password of %s: ", account());
            return typed == null ? "" : new String(typed);
        }
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    final String hash() {
        return hash;
    }

    /** {@code ./berth users add SERVICE NAME [--user NUMBER]}. */
    @Command(name = "add", description = "Makes an account and prints the user's number. It asks for the password.")
    static final class Add extends UsersSecret {
        @Option(names = "--user", paramLabel = "NUMBER", description = "His number; otherwise one that nobody has.")
        private long user;

        @Override
        String method() {
            return "add";
        }

        @Override
        List<String> words() {
            return List.of(hash(), String.valueOf(user));
        }
    }

    /** {@code ./berth users password SERVICE NAME}. */
    @Command(name = "password", description = "Gives an account another password. It asks for it.")
    static final class Change extends UsersSecret {
        @Override
        String method() {
            return "password";
        }

        @Override
        List<String> words() {
            return List.of(hash());
        }
    }
}
