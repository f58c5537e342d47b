package dev.berth.node.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Copies what a node prints to its log and hears the lines that are meant for the launcher. A thread of its own. */
final class OutputTap {
    private static final int BUFFER = 8_192;

    private final InputStream from;
    private final LogFile log;
    private final Consumer<? super NodeLine> heard;
    private final Consumer<? super String> complain;
    private final byte[] line = new byte[NodeLine.LENGTH_MAX];
    private int lineLength;
    private boolean logBroken;
    private volatile String lastLine = "";

    OutputTap(InputStream from, LogFile log, Consumer<? super NodeLine> heard, Consumer<? super String> complain) {
        this.from = from;
        this.log = log;
        this.heard = heard;
        this.complain = complain;
    }

    Thread start(String name) {
        return Thread.ofPlatform().name("berth-log-" + name).daemon().start(this::run);
    }

    /** What it has said last, but for frames of a stack trace, and lines that are longer than a line may be. */
    String lastLine() {
        return lastLine;
    }

    private void run() {
        var buffer = new byte[BUFFER];
        try (from;
                log) {
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                copy(buffer, length);
                listen(buffer, length);
            }
        } catch (IOException ended) {
            complain.accept("its output has ended: " + ended.getMessage());
        }
    }

    /** A full disk must not stop the node: what cannot be written is dropped, and that is said once. */
    private void copy(byte[] buffer, int length) {
        try {
            log.append(buffer, length);
            logBroken = false;
        } catch (IOException full) {
            if (!logBroken) {
                complain.accept("its log cannot be written, output is dropped: " + full.getMessage());
            }
            logBroken = true;
        }
    }

    private void listen(byte[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer[i] != '\n') {
                // A line that is too long is none of ours; its end is dropped.
                if (lineLength < line.length) {
                    line[lineLength] = buffer[i];
                }
                lineLength = Math.min(lineLength + 1, line.length + 1);
            } else {
                if (lineLength <= line.length) {
                    var said = new String(line, 0, lineLength, StandardCharsets.UTF_8).stripTrailing();
                    lastLine = said.isEmpty() || isFrame(said) ? lastLine : said;
                    NodeLine.parse(said).ifPresent(heard);
                }
                lineLength = 0;
            }
        }
    }

    /** {@code at dev.berth...}, or {@code ... 5 more}, behind white space. */
    private static boolean isFrame(String said) {
        var words = said.stripLeading();
        return words.length() < said.length() && (words.startsWith("at ") || words.startsWith("... "));
    }
}
