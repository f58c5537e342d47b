package dev.berth.poker.operate;

import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.ClusterFile;
import dev.berth.node.launch.ClusterFileException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.session.Users;
import dev.berth.node.tool.Json;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.Numbers;
import dev.berth.poker.Player;
import dev.berth.poker.Poker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
            AccountsCommand.Show.class,
            AccountsCommand.Everybody.class
        })
final class AccountsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say one of import, list, show, disable, enable");
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

        /** What can be known without a cluster; other than 0 ends it. */
        int prepare() {
            return 0;
        }

        abstract int run(Node node, Entities app) throws InterruptedException;

        final PrintWriter out() {
            return spec.commandLine().getOut();
        }

        final PrintWriter err() {
            return spec.commandLine().getErr();
        }

        @Override
        public final Integer call() throws IOException, InterruptedException {
            int wrong = prepare();
            if (wrong != 0) {
                return wrong;
            }
            Entities app = Poker.app().entities();
            ClusterFile cluster;
            try {
                cluster = ClusterFile.read(file);
            } catch (ClusterFileException unreadable) {
                err().println("berth poker accounts: " + unreadable.getMessage());
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
        /** Of a password of his own, until his first log-in, however many there are. */
        private static final int ROUNDS_MIN = 1_000;

        private static final int ROUNDS_TRIED = 10_000;
        /** The first ones are slow. */
        private static final int TRIES = 30;

        /** Each processor hashes for so long at most: 20,000 accounts are there within half a minute. */
        private static final long HASHING_NANOS = 8_000_000_000L;

        private static final int LINES_MAX = 1_000_000;
        private static final int NICK_MAX = 120;
        private static final int CENTS = 100;
        private static final long PROGRESS_NANOS = 2_000_000_000L;
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

        private List<Line> lines = List.of();

        @Override
        int prepare() {
            if (column == (password != null)) {
                err().println("say either --password P or --password-column");
                return 2;
            }
            try {
                lines = read();
                return 0;
            } catch (IllegalArgumentException wrong) {
                err().println(csv + ": " + wrong.getMessage() + "; nothing was imported");
                return 1;
            } catch (CharacterCodingException noText) {
                err().println(csv + " is not in UTF-8: save it so; nothing was imported");
                return 1;
            } catch (IOException unreadable) {
                err().println("cannot read " + csv + ": " + unreadable + "; nothing was imported");
                return 1;
            }
        }

        @Override
        int run(Node node, Entities app) throws InterruptedException {
            AtomicInteger made = new AtomicInteger();
            try {
                make(node, app, made);
            } catch (RuntimeException failed) {
                err().println(made + " accounts were made, then: " + failed.getMessage()
                        + "; the same again goes on there");
                return 1;
            }
            out().println(made + " accounts made, " + (lines.size() - made.get()) + " were there");
            return 0;
        }

        private void make(Node node, Entities app, AtomicInteger made) throws InterruptedException {
            Users users = Users.of(node, app);
            ConcurrentMap<String, Long> there = new ConcurrentHashMap<>();
            each(
                    lines,
                    "looked for",
                    line -> users.find(line.nick).ifPresent(account -> there.put(line.nick, account.user())));
            // Also of those whose import broke off between the two.
            each(lines, "looked at", line -> {
                Long user = there.get(line.nick);
                if (user != null) {
                    app.agent(node, Player.class, user).enroll(line.nick, line.cents);
                }
            });
            List<Line> missing =
                    lines.stream().filter(line -> !there.containsKey(line.nick)).toList();
            if (missing.isEmpty()) {
                return;
            }
            Users.@Nullable Hashed same = password == null ? null : users.hashed(password);
            long rounds = same == null ? rounds(missing.size(), node) : 0;
            AtomicLong next = new AtomicLong(
                    app.agent(node, Numbers.class, Numbers.PLAYERS).take(missing.size()));
            each(missing, "made", line -> {
                long user = next.getAndIncrement();
                users.add(line.nick, same == null ? Users.hashed(line.password, rounds) : same, user);
                app.agent(node, Player.class, user).enroll(line.nick, line.cents);
                made.incrementAndGet();
            });
        }

        private long rounds(int count, Node node) {
            long full = node.settings().whole(SettingsCatalog.ACCOUNTS_HASH_ROUNDS);
            long nanos = Long.MAX_VALUE;
            for (int i = 0; i < TRIES; i++) {
                long began = System.nanoTime();
                var _ = Users.hashed("how long does it take?", ROUNDS_TRIED);
                nanos = Math.min(nanos, System.nanoTime() - began);
            }
            long rounds = rounds(count, Runtime.getRuntime().availableProcessors(), nanos, full);
            out().println("each password is hashed with " + rounds + " rounds"
                    + (rounds == full ? "" : ", and with " + full + " at its first log-in"));
            out().flush();
            return rounds;
        }

        /**
         * As many as fit into the time that there is.
         *
         * @param nanos what 10,000 rounds take here
         * @param full as many as any other account has
         */
        static long rounds(int count, int processors, long nanos, long full) {
            double each = (double) HASHING_NANOS * processors / count;
            long fit = (long) (each / nanos * ROUNDS_TRIED);
            return Math.min(full, Math.max(ROUNDS_MIN, fit));
        }

        /** So many at once; nothing more is begun when one has failed. */
        private void each(List<Line> all, String done, Consumer<Line> what) throws InterruptedException {
            AtomicReference<@Nullable RuntimeException> failed = new AtomicReference<>();
            Semaphore atOnce = new Semaphore(AT_ONCE);
            long said = System.nanoTime();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < all.size() && failed.get() == null; i++) {
                    Line line = all.get(i);
                    atOnce.acquire();
                    threads.execute(() -> {
                        try {
                            what.accept(line);
                        } catch (RuntimeException error) {
                            failed.compareAndSet(null, error);
                        } finally {
                            atOnce.release();
                        }
                    });
                    if (System.nanoTime() - said > PROGRESS_NANOS) {
                        said = System.nanoTime();
                        err().println((i + 1) + " of " + all.size() + " accounts " + done);
                        err().flush();
                    }
                }
            }
            RuntimeException error = failed.get();
            if (error != null) {
                throw error;
            }
        }

        private List<Line> read() throws IOException {
            List<Line> all = new ArrayList<>();
            Set<String> nicks = new LinkedHashSet<>();
            int number = 0;
            for (String text : Files.readAllLines(csv, StandardCharsets.UTF_8)) {
                number++;
                if (text.isBlank()) {
                    continue;
                }
                String[] words = text.split(",", column ? 3 : 2);
                if (words.length != (column ? 3 : 2)) {
                    throw new IllegalArgumentException("line " + number + " is not nick,balance"
                            + (column ? ",password" : "") + "; a heading is left out");
                }
                Line line = line(words, number);
                if (!nicks.add(line.nick)) {
                    throw new IllegalArgumentException(
                            "line " + number + ": " + line.nick + " is there twice; leave one of them out");
                }
                all.add(line);
                if (all.size() > LINES_MAX) {
                    throw new IllegalArgumentException("more than " + LINES_MAX + " lines; import them in pieces");
                }
            }
            return all;
        }

        private Line line(String[] words, int number) {
            String nick = words[0].strip();
            if (nick.isEmpty() || nick.getBytes(StandardCharsets.UTF_8).length > NICK_MAX) {
                throw new IllegalArgumentException("line " + number + ": a nick has 1 to " + NICK_MAX + " bytes");
            }
            String balance = words[1].strip();
            if (!balance.matches("[0-9]{1,8}(\\.[0-9]{1,2})?") || Double.parseDouble(balance) > BALANCE_MAX) {
                throw new IllegalArgumentException("line " + number + ": a balance is 0 to " + BALANCE_MAX
                        + " units with a point and two digits at most, got " + balance);
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

    /** {@code ./berth poker accounts list}. */
    @Command(
            name = "list",
            description =
                    "Prints all accounts in the order of their players' numbers, page by page, however many there are.")
    static final class Everybody extends AtCluster {
        private static final int PAGE = 256;

        @Option(names = "--json", description = "Print an object a line; money in cents.")
        private boolean json;

        private record Row(long player, Player.Info info, boolean disabled) {}

        @Override
        int run(Node node, Entities app) {
            long last = app.agent(node, Numbers.class, Numbers.PLAYERS).last();
            Users users = Users.of(node, app);
            if (!json) {
                out().println("%-24s %10s %14s %14s".formatted("NICK", "PLAYER", "BALANCE", "IN PLAY"));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (long first = 1; first <= last; first += PAGE) {
                    List<Future<@Nullable Row>> page = new ArrayList<>(PAGE);
                    for (long player = first; player < first + PAGE && player <= last; player++) {
                        long number = player;
                        page.add(threads.submit(() -> row(node, app, users, number)));
                    }
                    for (Future<@Nullable Row> each : page) {
                        Row row = join(each);
                        if (row != null) {
                            out().println(json ? Json.line(object(row)) : line(row));
                        }
                    }
                    out().flush();
                }
            }
            return 0;
        }

        /** Null of a number that was given and not used: its import broke off. */
        private static @Nullable Row row(Node node, Entities app, Users users, long player) {
            Player.Info info;
            try {
                info = app.agent(node, Player.class, player).info();
            } catch (Denied nobody) {
                return null;
            }
            return new Row(
                    player,
                    info,
                    users.find(info.nick()).map(Users.Account::disabled).orElse(false));
        }

        private static @Nullable Row join(Future<@Nullable Row> row) {
            try {
                return row.get();
            } catch (ExecutionException failed) {
                throw new IllegalStateException("the list is not whole: " + failed.getCause(), failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the list is not whole: it was interrupted", interrupted);
            }
        }

        private static Map<String, Object> object(Row row) {
            return Map.of(
                    "nick",
                    row.info.nick(),
                    "player",
                    row.player,
                    "balance_cents",
                    row.info.balance(),
                    "in_play_cents",
                    row.info.inPlay(),
                    "disabled",
                    row.disabled);
        }

        private static String line(Row row) {
            return "%-24s %10d %14.2f %14.2f%s"
                    .formatted(
                            row.info.nick(),
                            row.player,
                            row.info.balance() / 100.0,
                            row.info.inPlay() / 100.0,
                            row.disabled ? " disabled" : "");
        }
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
