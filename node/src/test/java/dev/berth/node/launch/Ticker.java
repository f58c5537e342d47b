package dev.berth.node.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Lines as they come, a minute at most for each. */
final class Ticker implements Consumer<String> {
    static final Duration LIMIT = Duration.ofMinutes(1);

    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    @Override
    public void accept(String line) {
        lines.add(line);
    }

    void follow(InputStream stream) {
        Thread.ofPlatform().daemon().start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(this);
            } catch (IOException ended) {
                accept("(ended: " + ended.getMessage() + ")");
            }
        });
    }

    /** The next line that has this part; those before it have been seen. */
    String await(String part) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            var line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("no line with '" + part + "' within " + LIMIT + ", but " + seen);
            }
            seen.add(line);
            if (line.contains(part)) {
                return line;
            }
        }
    }

    /** What has come up to now. */
    List<String> seen() {
        lines.drainTo(seen);
        return seen;
    }
}
