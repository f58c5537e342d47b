package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * A game with the mistakes that programmers make, and strangers who make the most of them. What is said to the client is true, what is said to
 * whoever runs the game is enough to find the mistake, and nobody can fill a disk with it or write lines of his own.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BugsTest {
    /** Of each kind, in each ten seconds. */
    private static final int LINES_MAX = 20;

    private static final int TIMES = 5 * LINES_MAX;

    record Wish(int bytes) {}

    record Stumble(String over) {}

    record Text(String text) {}

    record Stranger(String text) {}

    interface Clerk extends Entity<Long> {
        void stumble(String over);
    }

    record ClerkCode(Context<Long> me) implements Clerk {
        @Override
        public void stumble(String over) {
            throw new IllegalStateException("stumbles over " + over);
        }
    }

    @SuppressWarnings("NullAway") // one of the mistakes
    private final UserApp<Long> game = Berth.app("office")
            .entity(Clerk.class, ClerkCode::new)
            .records(Text.class)
            .<Long>login(who -> who.name().isEmpty() ? null : Long.valueOf(who.name()))
            .on(Wish.class, (_, wish) -> wish.bytes() < 0 ? new Stranger("") : new Text("x".repeat(wish.bytes())))
            .on(Stumble.class, (uid, message) -> {
                Berth.agent(Clerk.class, uid).stumble(message.over());
                return null;
            });

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> listener = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };
    private Roadstead road;
    private SessionGate gate;

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger("dev.berth");
    }

    @BeforeEach
    void start() throws Exception {
        listener.start();
        log().addAppender(listener);
        road = new Roadstead(game, game.entities(), "sesame");
        road.owner("owner-1");
        gate = road.gate(road.first, Haven.ANY);
    }

    @AfterEach
    void stop() {
        log().detachAppender(listener);
        gate.close();
        road.close();
    }

    private List<String> lines(String of) {
        return lines.stream().filter(line -> line.contains(of)).toList();
    }

    private static void isFailed(Object answer, String kind, String text) {
        assertThat(answer).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(kind);
            assertThat(failed.text()).contains(text);
        });
    }

    @Test
    void answerThatCannotBeSaid_isNoNo_andTheNextOneIsSaid() throws Exception {
        Player ada = road.player(1, gate);

        isFailed(ada.ask(new Wish(5_000)), "TooLarge", "it was done");
        isFailed(ada.ask(new Wish(20_000)), "TooLarge", "it was done");
        isFailed(ada.ask(new Wish(-1)), "UnwritableAnswer", "it was done");
        assertThat(lines("a handler's answer cannot be written")).isNotEmpty();
        assertThat(ada.ask(new Wish(3))).isEqualTo(new Text("xxx"));
    }

    @Test
    void entityThatThrows_isLoggedWithThePlace_andAsOften() throws Exception {
        Player ada = road.player(2, gate);

        for (int i = 0; i < TIMES; i++) {
            isFailed(ada.ask(new Stumble("a\nb")), "IllegalStateException", "stumbles over a");
        }
        assertThat(lines("stumbles over"))
                .hasSizeBetween(LINES_MAX, TIMES - 1)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("Clerk 2 has thrown: java.lang.IllegalStateException: stumbles over a\\u000ab")
                        .contains("ClerkCode.stumble(BugsTest.java:"));
    }

    @Test
    void loginThatThrows_isLoggedSomeTimes_andNobodyWritesALineOfHisOwn() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (Player forger = new Player(
                    game.entities().messages(),
                    "x\nERROR all is lost",
                    "",
                    gate.addresses().getFirst())) {
                assertThat(Haven.next(forger.offline).why()).contains("nobody can log in");
            }
        }
        List<String> shown = lines("the application's login threw");
        assertThat(shown).hasSizeBetween(LINES_MAX, TIMES - 1);
        assertThat(shown).allSatisfy(line -> assertThat(line.lines()).noneMatch(each -> each.startsWith("ERROR")));
        assertThat(shown.getFirst()).contains("NumberFormatException", "BugsTest.java:");
    }

    @Test
    void loginThatAnswersNobody_isToldWhatANoIs() throws Exception {
        try (Player nobody =
                new Player(game.entities().messages(), "", "", gate.addresses().getFirst())) {
            assertThat(Haven.next(nobody.offline).why()).contains("nobody can log in");
        }
        assertThat(lines("the application's login threw").getFirst()).contains("for a no it throws Denied");
    }
}
