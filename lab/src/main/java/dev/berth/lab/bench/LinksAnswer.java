package dev.berth.lab.bench;

import java.io.IOException;

/** The process that {@link LinksBench} talks to: it answers in all ways at once, each on a port of its own. */
final class LinksAnswer {
    private LinksAnswer() {}

    public static void main(String[] args) throws IOException {
        try (Echo raw = new RawEcho();
                Echo second = new RawEcho();
                Echo netty = new NettyEcho(false);
                Echo link = new LinkEcho()) {
            OtherProcess.ready(raw.serve(), second.serve(), netty.serve(), link.serve());
        }
    }
}
