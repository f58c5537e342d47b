package dev.berth.lab.process;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.node.tool.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

// The DevTools protocol is JSON over one WebSocket: {id, method, params} is answered with {id, result}; what a page
// does by itself comes as {method, params}. Pages are told apart by a session.

/** A headless Chromium with nobody's profile. Any thread. */
final class Browser implements AutoCloseable {
    private static final Json JSON = new Json(new Limits(1 << 24, 1_000_000, 64));
    private static final String SAYS_WHERE = "DevTools listening on ";

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<Map<?, ?>>> asked = new ConcurrentHashMap<>();
    private final Map<String, Tab> tabs = new ConcurrentHashMap<>();
    private final Process process;
    private final WebSocket socket;

    /** @param profile a directory that is not there yet */
    Browser(Path profile) throws IOException {
        process = new ProcessBuilder(
                        program().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-proxy-server",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        try {
            socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create(address()), new Ears())
                    .join();
        } catch (IOException | RuntimeException failed) {
            end();
            throw failed;
        }
    }

    private static Path program() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(dir -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(dir)::resolve))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("this test looks at a page in Chromium, and there is none in PATH:"
                                + " install it with apt-get install chromium"));
    }

    private String address() throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(SAYS_WHERE)) {
                Thread.startVirtualThread(() -> readOn(out));
                return line.substring(SAYS_WHERE.length());
            }
            said.append(line).append('\n');
        }
        throw new IOException("Chromium does not start:\n" + said);
    }

    private static void readOn(BufferedReader out) {
        try (out) {
            out.lines().forEach(_ -> {});
        } catch (IOException | UncheckedIOException over) {
            // It says nothing more.
            return;
        }
    }

    private final class Ears implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                heard(whole);
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            over(error);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            over(new IOException("Chromium has hung up: " + code + " " + reason));
            return null;
        }

        private void over(Throwable why) {
            asked.values().forEach(each -> each.completeExceptionally(why));
        }
    }

    private void heard(String text) {
        Map<?, ?> message;
        try {
            message = (Map<?, ?>) Objects.requireNonNull(JSON.read(Bytes.utf8(text)));
        } catch (WireException strange) {
            throw new IllegalStateException(strange);
        }
        if (message.get("id") instanceof Long id) {
            CompletableFuture<Map<?, ?>> waiting = asked.remove(id);
            if (waiting != null && message.get("result") instanceof Map<?, ?> result) {
                waiting.complete(result);
            } else if (waiting != null) {
                waiting.completeExceptionally(new IOException("Chromium says " + text));
            }
        } else {
            Tab tab = tabs.get(String.valueOf(message.get("sessionId")));
            if (tab != null && message.get("params") instanceof Map<?, ?> params) {
                tab.happens(String.valueOf(message.get("method")), params);
            }
        }
    }

    private Map<?, ?> ask(@Nullable String session, String method, Map<String, ?> params) throws IOException {
        long id = numbers.incrementAndGet();
        CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        asked.put(id, answer);
        Map<String, Object> message = new TreeMap<>(Map.of("id", id, "method", method, "params", params));
        if (session != null) {
            message.put("sessionId", session);
        }
        synchronized (socket) {
            socket.sendText(Json.line(message), true).join();
        }
        try {
            return answer.orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            throw new IOException(method + ": " + failed.getCause(), failed);
        }
    }

    /** Opens a page. */
    Tab open(String url) throws IOException {
        Map<?, ?> target = ask(null, "Target.createTarget", Map.of("url", "about:blank"));
        Map<?, ?> attached =
                ask(null, "Target.attachToTarget", Map.of("targetId", target.get("targetId"), "flatten", true));
        Tab tab = new Tab(String.valueOf(attached.get("sessionId")));
        tabs.put(tab.session, tab);
        for (String part : List.of("Runtime", "Log", "Page", "Network")) {
            ask(tab.session, part + ".enable", Map.of());
        }
        ask(tab.session, "Page.navigate", Map.of("url", url));
        return tab;
    }

    /** A page. Any thread. */
    final class Tab {
        private final String session;
        private final Queue<String> errors = new ConcurrentLinkedQueue<>();

        private Tab(String session) {
            this.session = session;
        }

        private void happens(String event, Map<?, ?> params) {
            switch (event) {
                case "Runtime.exceptionThrown" -> errors.add(Json.line(params));
                case "Runtime.consoleAPICalled" -> {
                    if (List.of("error", "warning", "assert").contains(String.valueOf(params.get("type")))) {
                        errors.add(Json.line(params));
                    }
                }
                case "Log.entryAdded" -> logged((Map<?, ?>) Objects.requireNonNull(params.get("entry")));
                default -> {}
            }
        }

        /** A browser itself says that a socket cannot be opened; no page can keep it from that. */
        private void logged(Map<?, ?> entry) {
            String text = String.valueOf(entry.get("text"));
            if (!"verbose".equals(entry.get("level"))
                    && !"info".equals(entry.get("level"))
                    && !(text.startsWith("WebSocket connection to ") && text.contains("failed"))) {
                errors.add(Json.line(entry));
            }
        }

        /** What an expression is, as JSON has it; a promise is waited for. */
        @Nullable
        Object value(String expression) throws IOException {
            Map<?, ?> answer = ask(
                    session,
                    "Runtime.evaluate",
                    Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
            if (answer.containsKey("exceptionDetails")) {
                throw new IOException(expression + ": " + Json.line(answer));
            }
            return ((Map<?, ?>) Objects.requireNonNull(answer.get("result"))).get("value");
        }

        /** What its console has, as far as the page can do something about it. */
        List<String> errors() {
            return List.copyOf(errors);
        }

        void resize(int width, int height) throws IOException {
            ask(
                    session,
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        }
    }

    private void end() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        http.shutdownNow();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        socket.abort();
        end();
    }
}
