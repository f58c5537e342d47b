package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.lab.process.Browser.Tab;
import java.nio.file.Path;
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
 * The page of poker in Chromium, as {@code ./berth poker --tables 2 --bots 3} has it. A guest looks, logs in, sits down and plays by pressing buttons while gates and game
 * servers are killed, and two play five-card draw before a visitor's eyes: the page goes on without being loaded again, and nothing is wrong on its console. Needs Chromium: {@code mvn -pl lab -am
 * test -Pfaults -Dtest=PokerPageTest -Dsurefire.failIfNoSpecifiedTests=false}; two minutes.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class PokerPageTest {
    private static final int PATIENCE_MINUTES = 2;
    private static final String SHOWN = "document.readyState === 'complete' && ";
    /** How often he has acted, and how many hands were over since; the page knows nothing of it. */
    private static final String PLAYS = """
        window.acted = 0;
        window.player = setInterval(() => {
          const acts = document.getElementById('acts');
          const back = document.getElementById('comeBack');
          if (!acts.hidden) { window.acted++; document.getElementById('call').click(); }
          else if (!document.getElementById('seated').hidden && !back.hidden) back.click();
        }, 100);
        new MutationObserver((all) => all.forEach((each) => each.addedNodes.forEach((line) => {
          if (line.textContent === 'The hand is over') window.hands = (window.hands ?? 0) + 1;
        }))).observe(document.getElementById('log'), { childList: true });
        window.isTheSame = true\
        """;

    private static final int DRAW_TABLE = 2;
    /** Gives the first card away, each time. */
    private static final String DRAWS = """
        window.drawn = 0;
        window.player = setInterval(() => {
          const acts = document.getElementById('acts');
          const back = document.getElementById('comeBack');
          const discard = document.getElementById('discard');
          if (!acts.hidden) document.getElementById('call').click();
          else if (!discard.hidden) {
            document.querySelector('#own button').click();
            if (discard.textContent === 'Change 1') { window.drawn++; discard.click(); }
          } else if (!document.getElementById('seated').hidden && !back.hidden) back.click();
        }, 100)\
        """;

    private static final String HANDS =
            "[...document.querySelectorAll('#log li')].filter(({ textContent }) => textContent === 'The hand is"
                    + " over').length";

    @TempDir
    Path dir;

    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = new Browser(dir.resolve("profile"));
    }

    @AfterEach
    void stop() {
        browser.close();
    }

    private static void until(Tab tab, String holds) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
        while (!Boolean.TRUE.equals(tab.value(SHOWN + holds))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within two minutes: " + holds + "; the page shows\n"
                        + tab.value("document.body.innerText") + "\nand its console has " + tab.errors());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static long number(Tab tab, String what) throws Exception {
        return ((Number) Objects.requireNonNull(tab.value(what))).longValue();
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.17")
    void guestPlaysOn_withoutLoadingThePageAgain_whateverIsKilled() throws Exception {
        try (PokerTown town = new PokerTown(dir, "--tables", "2", "--bots", "3")) {
            Tab tab = browser.open(town.page(1));
            until(tab, "document.querySelectorAll('#games tr').length === 2");
            fits(tab, "lobby");

            // A visitor sees how it stands.
            tab.value("document.querySelector('[data-game=\"1\"] .watch').click()");
            until(tab, "document.querySelectorAll('.seat.playing, .seat.folded, .seat.allIn').length >= 2");
            logIn(tab, "guest1");
            until(tab, "!document.getElementById('buying').hidden && document.querySelector('.sit') !== null");
            tab.value("document.querySelector('.sit').click()");
            until(tab, "!document.getElementById('seated').hidden");
            tab.value(PLAYS);
            until(tab, "window.acted >= 2");
            until(tab, "document.querySelectorAll('#own .card').length === 2");

            for (String victim : List.of("gate-1", "game-1", "gate-2", "game-2")) {
                long hands = number(tab, "window.hands ?? 0");
                long acted = number(tab, "window.acted");
                town.kill(victim);
                until(tab, "window.acted > " + acted + " && window.hands >= " + (hands + 2));
            }
            tab.value("document.querySelector('#chat input').value = 'unbreakable'.repeat(20);"
                    + " document.getElementById('chat').requestSubmit()");
            until(tab, "document.getElementById('log').textContent.includes('guest1: unbreakable')");
            until(tab, "document.getElementById('state').textContent === 'connected'");
            fits(tab, "table");

            assertThat(tab.value("window.isTheSame")).isEqualTo(true);
            assertThat(tab.errors()).isEmpty();
        }
    }

    /** Nobody but these two plays there. A gate is killed while they do. */
    @Test
    @Tag("S3.12")
    @Tag("S3.17")
    void twoGuestsChangeCards_andAVisitorReadsWhatHappens() throws Exception {
        try (PokerTown town = new PokerTown(dir, "--tables", "1", "--bots", "2", "--draws", "1")) {
            Tab visitor = browser.open(town.page(2));
            List<Tab> guests = List.of(browser.open(town.page(1)), browser.open(town.page(1)));
            for (int i = 0; i < guests.size(); i++) {
                Tab guest = guests.get(i);
                opens(guest, DRAW_TABLE);
                logIn(guest, "guest" + (i + 1));
                until(guest, "document.querySelector('.sit') !== null");
                guest.value("document.querySelectorAll('.sit')[0].click()");
                until(guest, "!document.getElementById('seated').hidden");
            }
            opens(visitor, DRAW_TABLE);
            for (Tab guest : guests) {
                guest.value(DRAWS);
            }
            for (Tab guest : guests) {
                until(guest, "window.drawn >= 1");
                until(guest, "document.querySelectorAll('#own .card').length === 5");
            }
            fits(guests.getFirst(), "five cards");
            for (String line :
                    List.of("changes 1 of the cards", "calls ", "A hand begins", "After the draw", "wins ")) {
                until(visitor, "document.getElementById('log').textContent.includes('" + line + "')");
            }
            town.kill("gate-1");
            town.kill("gate-2");
            long hands = number(visitor, HANDS);
            until(visitor, HANDS + " >= " + (hands + 2));
            assertThat(number(
                            visitor,
                            "[...document.querySelectorAll('#log li')].filter((line, i, all) =>"
                                    + " line.className === 'hand' && all[i + 1]?.className === 'hand').length"))
                    .as("the same line twice")
                    .isZero();
            for (Tab tab : List.of(visitor, guests.get(0), guests.get(1))) {
                assertThat(tab.errors()).isEmpty();
            }
        }
    }

    private static void opens(Tab tab, int table) throws Exception {
        until(tab, "document.querySelector('[data-game=\"" + table + "\"] .watch') !== null");
        tab.value("document.querySelector('[data-game=\"" + table + "\"] .watch').click()");
        until(tab, "document.getElementById('name').textContent.includes(' / ')");
    }

    private static void logIn(Tab tab, String nick) throws Exception {
        tab.value("""
            const { nick, password } = document.getElementById('login').elements;
            nick.value = '%s';
            password.value = 'guest';
            document.getElementById('login').requestSubmit()\
            """.formatted(nick));
        until(tab, "document.getElementById('purse').textContent.startsWith('" + nick + "')");
    }

    /** No sideways scroll, on a desk and on a telephone, and nothing lies on something else. */
    private static void fits(Tab tab, String name) throws Exception {
        for (int[] size : new int[][] {{1280, 800}, {390, 844}}) {
            tab.resize(size[0], size[1]);
            assertThat(tab.value("document.documentElement.scrollWidth <= innerWidth"))
                    .as(name + " at " + size[0])
                    .isEqualTo(true);
            assertThat((List<?>) tab.value("""
                (() => {
                  const boxes = [...document.querySelectorAll('h1, h2, output, input, button, td, th, .seat, #board, #hand, #log')]
                    .map((each) => [each, each.getBoundingClientRect()]).filter(([, box]) => box.width * box.height > 0);
                  const lies = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
                  return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([other, b]) => lies(a, b) && !one.contains(other) && !other.contains(one))
                    .map(([other]) => `${one.outerHTML} on ${other.outerHTML}`));
                })()\
                """)).as(name + " at " + size[0]).isEmpty();
        }
        tab.resize(1280, 800);
    }
}
