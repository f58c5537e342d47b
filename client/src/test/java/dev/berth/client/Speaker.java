package dev.berth.client;

import dev.berth.core.wire.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A client in some language that does what lines say, and says in lines what it hears. */
interface Speaker extends AutoCloseable {
    /** "say TYPE HEX" or "stop". */
    void does(String line) throws IOException;

    /** What it has heard next. */
    String hears() throws InterruptedException;

    @Override
    void close();

    /** Where this checkout is. */
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("clients")) ? here : here.resolve("..").normalize();
    }

    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        String line = lines.poll(30, TimeUnit.SECONDS);
        return line == null ? "nothing within 30 s" : line;
    }

    private static String hex(Bytes body) {
        return body.length() == 0 ? "-" : HexFormat.of().formatHex(body.toArray());
    }

    private static String word(String text) {
        return text.isEmpty() ? "-" : text;
    }

    static Speaker java(List<String> gates, ClientTimes times, boolean visits) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        ClientSetup setup = BerthClient.to(gates.toArray(String[]::new))
                .credentials("Ada", "sesame")
                .times(times)
                .onTold(told -> lines.add("told " + word(told.feed()) + " " + told.position() + " "
                        + told.letter().type() + " " + hex(told.letter().body())))
                .onLost(lost -> lines.add("lost " + word(lost.feed()) + " " + lost.from() + " " + lost.upTo()))
                .onOnline(online -> lines.add("online " + word(online.uid())))
                .onOffline(_ -> lines.add("offline"))
                .onEnd(ended -> lines.add("ended " + ended.code()));
        BerthClient client = visits ? setup.visit() : setup.connect();
        AtomicInteger said = new AtomicInteger();
        return new Speaker() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // what becomes of it is a line
            public void does(String line) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("stop")) {
                    client.close();
                    return;
                }
                int number = said.incrementAndGet();
                client.say(words[1], Bytes.wrap(HexFormat.of().parseHex(words[2])))
                        .handle((answer, failed) -> lines.add("answer " + number + " "
                                + (failed instanceof ClientException e
                                        ? e.kind() + " " + word(e.kind() == ClientException.Kind.FAILED ? e.code() : "")
                                        : "DONE " + answer.type() + " " + hex(answer.body()))));
            }

            @Override
            public String hears() throws InterruptedException {
                return next(lines);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** Whether there is a Node that has WebSocket, or can be told to have it: 20.10 or newer. */
    static boolean hasNode() {
        try {
            Process node = new ProcessBuilder(
                            "node",
                            "--experimental-websocket",
                            "-e",
                            "process.exit(typeof WebSocket === 'function' ? 0 : 1)")
                    .redirectErrorStream(true)
                    .start();
            return node.waitFor(20, TimeUnit.SECONDS) && node.exitValue() == 0;
        } catch (IOException | InterruptedException _) {
            return false;
        }
    }

    /** What the script client says to a program that uses it wrongly. */
    static List<String> mistakes() throws IOException {
        Process node = new ProcessBuilder(
                        "node",
                        root().resolve("client/src/test/resources/dev/berth/client/mistakes.mjs")
                                .toString(),
                        root().resolve("clients/js/berth.js").toUri().toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
            return out.lines().toList();
        } finally {
            node.destroyForcibly();
        }
    }

    static Speaker script(List<String> gates, ClientTimes times, boolean visits) throws IOException {
        String talker = root().resolve("client/src/test/resources/dev/berth/client/talker.mjs")
                .toString();
        List<String> command = Stream.concat(
                        Stream.of(
                                "node",
                                "--experimental-websocket",
                                "--no-warnings",
                                talker,
                                root().resolve("clients/js/berth.js").toUri().toString(),
                                Stream.of(
                                                times.connect(),
                                                times.ping(),
                                                times.silence(),
                                                times.shortestWait(),
                                                times.longestWait())
                                        .map(each -> String.valueOf(each.toMillis()))
                                        .collect(Collectors.joining(",")),
                                visits ? "visit" : "login"),
                        gates.stream())
                .toList();
        Process node = new ProcessBuilder(command).redirectErrorStream(true).start();
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
                out.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException _) {
                // It has ended.
            }
        });
        Writer in = node.outputWriter(StandardCharsets.UTF_8);
        return new Speaker() {
            @Override
            public void does(String line) throws IOException {
                in.write(line + "\n");
                in.flush();
            }

            @Override
            public String hears() throws InterruptedException {
                return next(lines);
            }

            @Override
            public void close() {
                node.destroyForcibly();
            }
        };
    }
}
