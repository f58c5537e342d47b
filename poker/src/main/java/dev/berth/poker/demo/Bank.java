package dev.berth.poker.demo;

import dev.berth.node.entity.Entities;
import dev.berth.node.session.Users;
import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.bot.Regular;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** The accounts and tables of the demonstration, through the same calls as anybody's. One thread. */
final class Bank {
    static final int SEATS = 6;

    private static final long MONEY = 1_000_000;
    private static final long BUY_IN = 100_000;
    private static final int ROUNDS = 1_000;
    private static final int AT_ONCE = 16;
    private static final String PASSWORD = "foo";
    private static final int DELAY_MILLIS = 1_000;
    /** Who is asked and has just lost his connection is waited for so long, and then folds. */
    private static final int TURN_MILLIS = 5_000;

    private final Node node;
    private final Entities app;
    private final List<Long> games = new ArrayList<>();
    private final List<Long> players = new ArrayList<>();

    Bank(Node node, Entities app) {
        this.node = node;
        this.app = app;
    }

    /** Opens tables and accounts, and says who sits where. */
    List<Regular> open(int bots) throws InterruptedException {
        int tables = (bots + SEATS - 1) / SEATS;
        long game = app.agent(node, Numbers.class, Numbers.GAMES).take(tables);
        long player = app.agent(node, Numbers.class, Numbers.PLAYERS).take(bots);
        Users users = Users.of(node, app);
        Users.Hashed secret = Users.hashed(PASSWORD, ROUNDS);
        List<Regular> regulars = new ArrayList<>();
        for (int i = 0; i < tables; i++) {
            games.add(game + i);
        }
        for (int i = 0; i < bots; i++) {
            players.add(player + i);
            regulars.add(new Regular(
                    "bot-" + (player + i), PASSWORD, game + i % tables, 1 + i / tables, BUY_IN, player + i));
        }
        all(games, each -> {
            table(each).open(new Terms(Game.TEXAS_FIXED, 1, SEATS, 1_000, 2_000, DELAY_MILLIS, TURN_MILLIS, 2), null);
            return 0L;
        });
        all(players, each -> {
            String nick = regulars.get((int) (each - player)).nick();
            users.add(nick, secret, each);
            app.agent(node, Player.class, each).enroll(nick, MONEY);
            return 0L;
        });
        return regulars;
    }

    /** Somebody who may log in. */
    record Account(String nick, String password) {}

    /** Opens accounts without money. */
    List<Account> openWatchers(int count) throws InterruptedException {
        long first = app.agent(node, Numbers.class, Numbers.PLAYERS).take(count);
        Users users = Users.of(node, app);
        Users.Hashed secret = Users.hashed(PASSWORD, ROUNDS);
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Account account = new Account("watcher-" + (i + 1), PASSWORD);
            users.add(account.nick(), secret, first + i);
            app.agent(node, Player.class, first + i).enroll(account.nick(), 0);
            accounts.add(account);
        }
        return accounts;
    }

    List<Long> games() {
        return games;
    }

    List<Long> players() {
        return players;
    }

    OpenTable table(long game) {
        return app.agent(node, OpenTable.class, game);
    }

    /** All that there is at this moment, but for what is under way between accounts and tables. */
    long count() throws InterruptedException {
        long accounts =
                all(players, each -> app.agent(node, Player.class, each).info().balance());
        return accounts + all(games, each -> chips(table(each).look(0).view()));
    }

    private static long chips(TableView view) {
        return view.pot()
                + view.seats().stream().mapToLong(TableView.Seat::stack).sum();
    }

    /** What is asked of one. */
    private interface Question {
        long ask(long number);
    }

    /** Many at a time; the sum of what they answer. */
    private static long all(Collection<Long> numbers, Question question) throws InterruptedException {
        Semaphore atOnce = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Long>> tasks = new ArrayList<>();
            for (long number : numbers) {
                tasks.add(() -> {
                    atOnce.acquire();
                    try {
                        return question.ask(number);
                    } finally {
                        atOnce.release();
                    }
                });
            }
            long sum = 0;
            for (Future<Long> each : threads.invokeAll(tasks)) {
                sum += each.get();
            }
            return sum;
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a table or an account does not answer: " + failed.getCause(), failed);
        }
    }
}
