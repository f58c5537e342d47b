package dev.berth.poker.operate;

import dev.berth.node.entity.Entities;
import dev.berth.node.launch.ClusterFile;
import dev.berth.node.launch.ClusterFileException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.session.Users;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.Numbers;
import dev.berth.poker.Player;
import dev.berth.poker.Poker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./berth poker accounts}: players' accounts, of a cluster that runs. */
@Command(
        name = "accounts",
        description = "Accounts of players, of a cluster that runs.",
        subcommands = {
            AccountsCommand.Import.class,
            AccountsCommand.Disable.class,
            AccountsCommand.Enable.class,
            AccountsCommand.Show.class
        })
final class AccountsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say one of import, show, disable, enable");
    }

    /** A node of this process, which owns nothing. */
    abstract static class AtCluster implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "The cluster file (default ${DEFAULT-VALUE}, where ./berth poker puts it).",
                defaultValue = "berth-poker/poker.conf")
        private Path file = Path.of("");

        abstract int run(Node node, Entities app) throws IOException, InterruptedException;

        final PrintWriter out() {
            return spec.commandLine().getOut();
        }

        final PrintWriter err() {
            return spec.commandLine().getErr();
        }

        @Override
        public final Integer call() throws IOException, InterruptedException {
            Entities app = Poker.app().entities();
            ClusterFile cluster;
            try {
                cluster = ClusterFile.read(file);
            } catch (ClusterFileException wrong) {
                err().println("berth poker accounts: " + wrong.getMessage());
                return 2;
            }
            NodeConfig config = NodeConfig.of(
                            cluster.cluster(),
                            Secret.ofFile(cluster.secretFile()),
                            "accounts-" + ProcessHandle.current().pid(),
                            cluster.masters().stream().map(HostPort::address).toList())
                    .withTimings(cluster.timings().timings())
                    .withMessages(app.messages());
            try (Node node = Node.start(config, Map.of())) {
                return run(node, app);
            }
        }
    }

    /** {@code ./berth poker accounts import FILE.csv}. */
    @Command(
            name = "import",
            description =
                    "Makes an account for each line NICK,BALANCE[,PASSWORD], in units of money. Whoever has an account"
                            + " keeps it as it is.")
    static final class Import extends AtCluster {
        private static final int AT_ONCE = 256;
        /** Of passwords of their own, until their first log-in. */
        private static final int ROUNDS = 1_000;

        private static final int LINES_MAX = 1_000_000;
        private static final int NICK_MAX = 120;
        private static final int CENTS = 100;
        private static final int PROGRESS = 2_000;
        private static final long BALANCE_MAX = 42_949_672L;

        @Parameters(paramLabel = "FILE.csv", description = "Lines nick,balance or nick,balance,password, in UTF-8.")
        private Path csv = Path.of("");

        @Option(
                names = "--password",
                paramLabel = "P",
                description = "Of all of them.",
                defaultValue = Option.NULL_VALUE)
        private @Nullable String password;

        @Option(names = "--password-column", description = "Each line's third column.")
        private boolean column;

        private record Line(String nick, long cents, String password) {}

        @Override
        int run(Node node, Entities app) throws IOException, InterruptedException {
            if (column == (password != null)) {
                err().println("say either --password P or --password-column");
                return 2;
            }
            List<Line> lines;
            try {
                lines = read();
            } catch (IllegalArgumentException wrong) {
                err().println(csv + ": " + wrong.getMessage() + "; nothing was imported");
                return 1;
            }
            long first = lines.isEmpty()
                    ? 0
                    : app.agent(node, Numbers.class, Numbers.PLAYERS).take(lines.size());
            AtomicInteger made = new AtomicInteger();
            AtomicReference<@Nullable RuntimeException> failed = new AtomicReference<>();
            Users users = Users.of(node, app);
            Users.@Nullable Hashed same = password == null ? null : users.hashed(password);
            Semaphore atOnce = new Semaphore(AT_ONCE);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < lines.size() && failed.get() == null; i++) {
                    Line line = lines.get(i);
                    long number = first + i;
                    atOnce.acquire();
                    threads.execute(() -> {
                        try {
                            make(users, app, node, line, number, same, made);
                        } catch (RuntimeException error) {
                            failed.compareAndSet(null, error);
                        } finally {
                            atOnce.release();
                        }
                    });
                    if ((i + 1) % PROGRESS == 0) {
                        err().println((i + 1) + " of " + lines.size());
                        err().flush();
                    }
                }
            }
            RuntimeException error = failed.get();
            if (error != null) {
                err().println(made + " accounts were made, then: " + error.getMessage()
                        + "; the same again goes on there");
                return 1;
            }
            out().println(made + " accounts made, " + (lines.size() - made.get()) + " were there");
            return 0;
        }

        private static void make(
                Users users,
                Entities app,
                Node node,
                Line line,
                long number,
                Users.@Nullable Hashed same,
                AtomicInteger made) {
            long user = users.find(line.nick).map(Users.Account::user).orElse(0L);
            if (user == 0) {
                user = number;
                users.add(line.nick, same == null ? Users.hashed(line.password, ROUNDS) : same, user);
                made.incrementAndGet();
            }
            // Also of one whose import broke off between the two.
            app.agent(node, Player.class, user).enroll(line.nick, line.cents);
        }

        private List<Line> read() throws IOException {
            List<Line> lines = new ArrayList<>();
            Set<String> nicks = new LinkedHashSet<>();
            int number = 0;
            for (String text : Files.readAllLines(csv, StandardCharsets.UTF_8)) {
                number++;
                if (text.isBlank()) {
                    continue;
                }
                String[] words = text.split(",", column ? 3 : 2);
                if (words.length != (column ? 3 : 2)) {
                    throw new IllegalArgumentException(
                            "line " + number + " is not nick,balance" + (column ? ",password" : ""));
                }
                Line line = line(words, number);
                if (!nicks.add(line.nick)) {
                    throw new IllegalArgumentException("line " + number + ": " + line.nick + " is there twice");
                }
                lines.add(line);
                if (lines.size() > LINES_MAX) {
                    throw new IllegalArgumentException("more than " + LINES_MAX + " lines");
                }
            }
            return lines;
        }

        private Line line(String[] words, int number) {
            String nick = words[0].strip();
            if (nick.isEmpty() || nick.getBytes(StandardCharsets.UTF_8).length > NICK_MAX) {
                throw new IllegalArgumentException("line " + number + ": a nick has 1 to " + NICK_MAX + " bytes");
            }
            String balance = words[1].strip();
            if (!balance.matches("[0-9]{1,8}(\\.[0-9]{1,2})?") || Double.parseDouble(balance) > BALANCE_MAX) {
                throw new IllegalArgumentException(
                        "line " + number + ": a balance is 0 to " + BALANCE_MAX + " units, got " + balance);
            }
            long cents = Math.round(Double.parseDouble(balance) * CENTS);
            String secret = column ? words[2] : "";
            if (column && secret.isEmpty()) {
                throw new IllegalArgumentException("line " + number + ": a password has at least one character");
            }
            return new Line(nick, cents, secret);
        }
    }

    /** What is done to one account. */
    abstract static class OfOne extends AtCluster {
        @Parameters(paramLabel = "NICK", description = "The account's name.")
        private String nick = "";

        abstract void change(Users users, String name);

        @Override
        final int run(Node node, Entities app) {
            Users users = Users.of(node, app);
            change(users, nick);
            users.find(nick)
                    .ifPresentOrElse(
                            account -> {
                                Player.Info info = app.agent(node, Player.class, account.user())
                                        .info();
                                out().println("%s: player %d, balance %.2f, in play %.2f%s"
                                        .formatted(
                                                nick,
                                                account.user(),
                                                info.balance() / 100.0,
                                                info.inPlay() / 100.0,
                                                account.disabled() ? ", disabled" : ""));
                            },
                            () -> out().println("there is no account " + nick));
            return 0;
        }
    }

    /** {@code ./berth poker accounts show NICK}. */
    @Command(name = "show", description = "Prints what an account has.")
    static final class Show extends OfOne {
        @Override
        void change(Users users, String name) {}
    }

    /** {@code ./berth poker accounts disable NICK}. */
    @Command(name = "disable", description = "Lets nobody in with it any more.")
    static final class Disable extends OfOne {
        @Override
        void change(Users users, String name) {
            users.disable(name);
        }
    }

    /** {@code ./berth poker accounts enable NICK}. */
    @Command(name = "enable", description = "The opposite; wrong passwords are forgotten.")
    static final class Enable extends OfOne {
        @Override
        void change(Users users, String name) {
            users.enable(name);
        }
    }
}
