package dev.berth.node.simpledb;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.worker.Node;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The agent (S4.15): reads a client's line, asks the database wherever it is, and writes the answer as a line. Any thread. */
final class Lines {
    /** How long a line waits while nobody has the name, or whoever has it is lost. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** In bytes: what a key of an entity may have. */
    private static final int KEY_MAX = 256;

    private static final long LOOK_MILLIS = 20;
    private static final Pattern GET = Pattern.compile("GET +(\\S+) *");
    private static final Pattern SET = Pattern.compile("SET +(\\S+) +(.*\\S.*)");

    private final Node node;

    Lines(Node node) {
        this.node = node;
    }

    /** {@code OK}, {@code OK value}, or {@code ERR cause}. */
    String answer(String line) throws InterruptedException {
        Question question = question(line);
        if (question == null) {
            return "ERR say GET key, or SET key value; a key has no blanks";
        } else if (question.key().getBytes(StandardCharsets.UTF_8).length > KEY_MAX) {
            return "ERR a key has at most " + KEY_MAX + " bytes";
        }
        try {
            String value = ask(question).text();
            return value == null ? "OK" : "OK " + value;
        } catch (CallException failed) {
            return "ERR "
                    + String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
        }
    }

    private static @Nullable Question question(String line) {
        Matcher get = GET.matcher(line);
        if (get.matches()) {
            return new Question.Get(get.group(1));
        }
        Matcher set = SET.matcher(line);
        return set.matches() ? new Question.Set(set.group(1), set.group(2)) : null;
    }

    /** Whoever is lost leaves the name to the next one; what surely did not run is asked again there, and so is a GET. */
    private Question.Answer ask(Question question) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<ProcessRef<Question>> database = node.processes().find(SimpleDb.NAME);
            long left = end - System.nanoTime();
            if (database.isPresent()) {
                try {
                    return database.get().call(question, Duration.ofNanos(Math.max(1, left)));
                } catch (CallException lost) {
                    if (left <= 0 || !mayAskAgain(question, lost.outcome())) {
                        throw lost;
                    }
                }
            } else if (left <= 0) {
                throw CallException.of(
                        "a question to " + SimpleDb.NAME,
                        new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0),
                        null);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private static boolean mayAskAgain(Question question, Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Refused<?> _ -> true;
            case Outcome.Unknown<?> _ -> question instanceof Question.Get;
            case Outcome.Done<?> _, Outcome.Failed<?> _ -> false;
        };
    }
}
