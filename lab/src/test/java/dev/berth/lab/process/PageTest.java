package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.lab.process.Browser.Tab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of examples/hello in Chromium, got from the gates, or gateways, of a launched cluster. Two players chat while gates and owners are killed and
 * stopped: the pages go on without being loaded again, each line is there once and in order, and nothing is wrong on their
 * consoles. Needs Chromium: {@code mvn -pl lab -am test -Pfaults -Dtest=PageTest -Dsurefire.failIfNoSpecifiedTests=false}; two minutes.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PageTest {
    private static final int LINES = 5;
    private static final String GATEWAYS = """
        cluster = hello
        coordinator { port = 7281 }
        masters = ["127.0.0.1:7271"]
        services { hello { capacity = 4, buckets = 16 } }
        nodes {
          store { kind = store, listen = "127.0.0.1:7291" }
          game {
            kind = worker, count = 2, class = Hello, classpath = [classes], jvm = [-Xmx256m]
            services { hello { slots = 4, standby = true } }
            args = [--web, "127.0.0.1:750{n}"]
          }
          door {
            kind = worker, count = 2, class = Hello, classpath = [classes], jvm = [-Xmx256m]
            args = [--web-gateway, "127.0.0.1:730{n}", --pages, "{here}/page"]
          }
        }
        """;

    @TempDir
    Path dir;

    private final List<String> said = new ArrayList<>();
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = new Browser(dir.resolve("profile"));
    }

    @AfterEach
    void stop() {
        browser.close();
    }

    private interface Play {
        void at(HelloTown town) throws Exception;
    }

    private void play(HelloTown begun, Play play) throws Exception {
        try (HelloTown town = begun) {
            try {
                play.at(town);
            } catch (Exception | Error failed) {
                failed.addSuppressed(new AssertionError("the launcher said: " + town.said()));
                throw failed;
            }
        }
    }

    private Tab player(int number, String page) throws Exception {
        Tab tab = browser.open(page);
        until(tab, "document.getElementById('state')?.textContent === 'online as " + number + "'");
        until(tab, "document.getElementById('bag').textContent.endsWith('" + number + "')");
        tab.value("window.isTheSame = true");
        return tab;
    }

    private static void until(Tab tab, String holds) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!Boolean.TRUE.equals(tab.value("document.readyState === 'complete' && " + holds))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within a minute: " + holds + "; the page shows\n"
                        + tab.value("document.body.innerText") + "\nand its console has " + tab.errors());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** As somebody does who writes and presses the button. */
    private void say(Tab tab, int player, String text) throws Exception {
        tab.value("document.forms[0].elements.text.value = '" + text + "';"
                + "document.forms[0].requestSubmit(document.querySelector('button:not([name])'))");
        said.add(player + ": " + text);
    }

    private void sayMany(Tab tab, int player, String about) throws Exception {
        for (int i = 1; i <= LINES; i++) {
            say(tab, player, about + " " + i);
        }
    }

    private static List<?> lines(Tab tab) throws Exception {
        return (List<?>) Objects.requireNonNull(
                tab.value("[...document.querySelectorAll('#lines li')].map((line) => line.textContent)"));
    }

    /** What was said, once and in order; of two players who speak at the same time each is in order. */
    private void bothShowIt(Tab... tabs) throws Exception {
        for (Tab tab : tabs) {
            until(tab, "document.querySelectorAll('#lines li').length >= " + said.size());
            assertThat(lines(tab)).isEqualTo(said);
        }
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.17")
    void pagesPlayOn_withoutBeingLoadedAgain_whateverIsKilled() throws Exception {
        play(new HelloTown(dir), town -> {
            Tab ada = player(1, town.page(1));
            Tab bob = player(2, town.page(2));
            say(ada, 1, "hello");
            bothShowIt(ada, bob);
            ada.value("document.querySelector('[name=buy]').click()");
            until(ada, "document.getElementById('bag').textContent === '{\"gold\":90,\"items\":{\"bow\":1}}'");

            for (List<String> victims : List.of(
                    List.of("gate-1"),
                    List.of("gate-2"),
                    List.of("game-1"),
                    List.of("game-2"),
                    List.of("gate-1", "game-1"),
                    List.of("gate-1", "gate-2", "game-1", "game-2"))) {
                killWhileTheySpeak(town, ada, bob, victims);
            }
            for (String owner : List.of("game-1", "game-2")) {
                town.freeze(owner);
                try {
                    sayMany(ada, 1, "without " + owner);
                    bothShowIt(ada, bob);
                } finally {
                    town.thaw();
                }
                sayMany(ada, 1, "with " + owner);
                bothShowIt(ada, bob);
            }

            ada.value("document.querySelector('[name=buy]').click()");
            until(ada, "document.getElementById('bag').textContent === '{\"gold\":80,\"items\":{\"bow\":2}}'");
            areWell(ada, bob);
            fits(ada);
        });
    }

    @Test
    @Tag("S3.12")
    @Tag("S3.33")
    void pagesOfGateways_playOnAtServers_whateverIsKilled() throws Exception {
        play(new HelloTown(dir, GATEWAYS), town -> {
            Tab ada = player(1, town.pageOfAGateway(1));
            Tab bob = player(2, town.pageOfAGateway(2));
            for (List<String> victims : List.of(
                    List.of("game-1"), List.of("door-1", "door-2"), List.of("game-2"), List.of("door-1", "game-1"))) {
                killWhileTheySpeak(town, ada, bob, victims);
            }
            areWell(ada, bob);
        });
    }

    private void killWhileTheySpeak(HelloTown town, Tab ada, Tab bob, List<String> victims) throws Exception {
        sayMany(bob, 2, "before " + victims);
        town.kill(victims.toArray(String[]::new));
        sayMany(bob, 2, "after " + victims);
        bothShowIt(ada, bob);
    }

    private static void areWell(Tab... tabs) throws Exception {
        for (Tab tab : tabs) {
            assertThat(tab.value("window.isTheSame")).isEqualTo(true);
            assertThat(tab.errors()).isEmpty();
        }
    }

    /** No sideways scroll, on a desk and on a telephone, and nothing lies on something else. */
    private void fits(Tab tab) throws Exception {
        say(tab, 1, "unbreakable".repeat(30));
        bothShowIt(tab);
        for (int[] size : new int[][] {{1280, 800}, {390, 844}}) {
            tab.resize(size[0], size[1]);
            assertThat(tab.value("document.documentElement.scrollWidth"))
                    .isEqualTo(tab.value("document.documentElement.clientWidth"));
            assertThat(tab.value("""
                (() => {
                  const boxes = [...document.querySelectorAll('output, input, button, li')].map((each) => each.getBoundingClientRect());
                  return boxes.some((a, i) => boxes.some((b, j) => i < j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
                    && a.width * a.height * b.width * b.height > 0));
                })()\
                """)).isEqualTo(false);
        }
    }
}
