package dev.berth.client;

import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.ClientMessage.Bodies;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.Feeds;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;

/** Writes a conversation down: docs/client-protocol.md says what the lines mean. */
final class Script {
    static final Bytes TOKEN = Bytes.utf8("token-of-128-bits");

    private final StringBuilder text = new StringBuilder();
    private final FrameWriter<ClientMessage> writer =
            new FrameWriter<>(ClientProtocol.ALL, ClientProtocol.ID, 1, ClientProtocol.TO_CLIENT);

    Script line(String line) {
        text.append(line).append('\n');
        return this;
    }

    Script note(String what) {
        return line("# " + what);
    }

    Script says(ToGate message) {
        return line("> " + HexFormat.of().formatHex(writer.frame(message)) + "  " + message);
    }

    Script gate(ToClient message) {
        return gate(HexFormat.of().formatHex(writer.frame(message)), message.toString());
    }

    Script gate(String hex, String what) {
        return line("< " + hex + "  " + what);
    }

    String hex(ToClient message) {
        return HexFormat.of().formatHex(writer.frame(message));
    }

    static String hex(String body) {
        return HexFormat.of().formatHex(Bytes.utf8(body).toArray());
    }

    /** The program says something. */
    Script say(String type, String body) {
        return line("say " + type + " " + hex(body));
    }

    Script heard(String what) {
        return line("heard " + what);
    }

    Script told(String feed, long position, String body) {
        return heard("told " + feed + " " + position + " Line " + hex(body));
    }

    Script opens() {
        return opens("");
    }

    Script opens(String where) {
        return arrives(where).gate(new ClientMessage.Greeting(1, 60_000));
    }

    /** At a gate, or at a gateway. */
    Script arrives(String where) {
        return line("opens" + where).says(new ClientMessage.Hello(1, 1, Bodies.RECORDS));
    }

    Script logsIn(Feeds.Heard... heard) {
        return opens().enters(heard);
    }

    Script enters(Feeds.Heard... heard) {
        return says(new ClientMessage.Login("Ada", Bytes.utf8("sesame"), ""))
                .gate(new ClientMessage.Found(false))
                .says(new ClientMessage.Enter())
                .gate(new ClientMessage.Welcome("ada", TOKEN, 1, new Feeds(0, List.of(heard))))
                .heard("online ada");
    }

    Script resumes(long personal, Feeds feeds) {
        return opens().resumesThere(personal, feeds);
    }

    Script resumesThere(long personal, Feeds feeds) {
        return says(new ClientMessage.Resume("ada", TOKEN, personal))
                .gate(new ClientMessage.Welcome("ada", TOKEN, 2, feeds))
                .heard("online ada");
    }

    Script breaks() {
        return line("breaks").heard("offline");
    }

    Script logsOut() {
        return line("stop")
                .says(new ClientMessage.Bye())
                .heard("ended LOGGED_OUT")
                .line("closes");
    }

    Script gone(String code, boolean last) {
        return gate(new Gone(code, "for people", 0, last))
                .heard(last ? "ended " + code : "offline")
                .line("closes");
    }

    /** The gate sends it on, to where a second gate listens. */
    Script hands() {
        Gone gone = new Gone("HANDOFF", "", 0, false);
        return line("hands " + hex(gone) + "  " + gone + " and in 5, to, where the second gate listens");
    }

    static Feeds.Heard feed(int number, String name, long first, long last) {
        return new Feeds.Heard(number, name, first, last);
    }

    static FeedItem item(String body) {
        return new FeedItem("Line", Bytes.utf8(body));
    }

    static FeedPage page(long first, long upTo, long last) {
        return new FeedPage(
                first,
                LongStream.rangeClosed(first, upTo)
                        .mapToObj(i -> item("line " + i))
                        .toList(),
                last);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
