package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.client.BerthClient;
import dev.berth.client.ClientException;
import dev.berth.client.News;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.node.tool.Json;
import dev.berth.poker.OpenTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A user as a page is one: JSON, by gates. What he is told of tables is checked to be in order and without gaps. One thread. */
final class Guest implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Json JSON = new Json(new Limits(1 << 20, 100_000, 32));

    final BerthClient client;
    private final BlockingQueue<News.Told> comes = new LinkedBlockingQueue<>();
    final BlockingQueue<News.Online> online = new LinkedBlockingQueue<>();
    final BlockingQueue<News.Ended> ended = new LinkedBlockingQueue<>();
    /** All that it was ever told, as text. */
    final List<String> heard = new ArrayList<>();
    /** All that tables have told it. */
    final List<Object> told = new ArrayList<>();

    private long last;

    private Guest(String nick, String... gates) {
        var setup = BerthClient.to(gates)
                .json()
                .onTold(comes::add)
                .onOnline(online::add)
                .onEnd(ended::add);
        client = nick.isEmpty() ? setup.visit() : setup.credentials(nick, "foo").connect();
    }

    static Guest of(String nick, String... gates) throws InterruptedException {
        Guest guest = new Guest(nick, gates);
        guest.client.awaitOnline(PATIENCE);
        guest.online.take();
        return guest;
    }

    static Guest visitor(String... gates) {
        return new Guest("", gates);
    }

    Map<Object, Object> ask(String what, String body) throws InterruptedException {
        String text = client.ask("poker/" + what, Bytes.utf8(body), PATIENCE).text();
        return text.equals("null") ? new LinkedHashMap<>() : json(text);
    }

    /** The code of the refusal, and why. */
    String refused(String what, String body) throws InterruptedException {
        try {
            return "not refused: " + ask(what, body);
        } catch (ClientException no) {
            return no.code() + ": " + no.getMessage();
        }
    }

    /** The next thing that a table tells. */
    Map<?, ?> next() throws InterruptedException {
        News.Told item = Objects.requireNonNull(comes.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nothing is told");
        heard.add(item.letter().text());
        if (item.feed().isEmpty()) {
            return json(item.letter().text());
        }
        assertThat(item.letter().type()).isEqualTo("poker/said");
        assertThat(item.feed()).isEqualTo(OpenTable.feed(1));
        assertThat(item.position()).as("each once and in order").isEqualTo(last == 0 ? item.position() : last + 1);
        last = item.position();
        Map<?, ?> said = json(item.letter().text());
        told.add(said);
        return said;
    }

    /** The next step that has such a line. */
    Map<?, ?> line(String what) throws InterruptedException {
        Map<?, ?> next = next();
        while (lines(next).stream().noneMatch(line -> what.equals(line.get("what")))) {
            next = next();
        }
        return next;
    }

    /** The next step after which it is that seat's turn; then what he is asked. */
    Map<?, ?> turn(int seat) throws InterruptedException {
        Map<?, ?> own = Map.of();
        while (own.get("turn") == null) {
            until(next -> Objects.equals(next.get("acting"), (long) seat));
            own = ask("own", "{\"game\":1}");
        }
        return own;
    }

    Map<?, ?> until(Predicate<Map<?, ?>> holds) throws InterruptedException {
        Map<?, ?> next = next();
        while (!holds.test(next)) {
            next = next();
        }
        return next;
    }

    static List<Map<?, ?>> lines(Map<?, ?> said) {
        List<Map<?, ?>> lines = new ArrayList<>();
        if (said.get("lines") instanceof List<?> all) {
            all.forEach(line -> lines.add((Map<?, ?>) Objects.requireNonNull(line)));
        }
        return lines;
    }

    /** What is a number in there. */
    static long number(Map<?, ?> map, String... names) {
        Object value = map;
        for (String name : names) {
            value = ((Map<?, ?>) Objects.requireNonNull(value)).get(name);
        }
        return (Long) Objects.requireNonNull(value);
    }

    private static Map<Object, Object> json(String text) {
        try {
            return new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(JSON.read(Bytes.utf8(text))));
        } catch (WireException no) {
            throw new AssertionError(text, no);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
