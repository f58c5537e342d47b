package dev.berth.node.session;

import dev.berth.core.record.RecordBook;
import dev.berth.core.session.ClientMessage.Answer;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.Page;
import dev.berth.core.session.ClientMessage.Say;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientMessage.Told;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Prose;
import dev.berth.core.wire.WireException;
import dev.berth.node.tool.Json;
import org.jspecify.annotations.Nullable;

// Sessions, feeds and histories have records only: a user may come back by another client, and what is kept does not
// depend on who reads it. So the gate translates, for the connections that want it. What cannot be translated keeps its
// number and its place: a SAY that is no record is said all the same, as something that the session refuses, and what
// does not go as JSON is told as something that says so.

/** What clients that write JSON say and hear, as sessions have it, and back. Any thread. */
public final class JsonBodies {
    /** The type of a SAY that cannot be read; its body says why. */
    static final String UNREADABLE = "berth/Unreadable";

    private static final String NO_JSON = "berth/NoJson";
    private static final Json JSON = new Json(new Limits(SessionLimits.BODY_MAX, SessionLimits.BODY_MAX, 32));

    private static final Bytes NOTHING = Bytes.utf8("null");
    private static final RecordBook EXCUSES =
            RecordBook.named("berth").with(NoJson.class).build();

    private final RecordBook book;
    /** Many clients hear the same. */
    private volatile @Nullable Translated latest;

    private record Translated(FeedItem from, FeedItem to) {}

    /** In the place of something that cannot be told as JSON. */
    record NoJson(String type, String why) {}

    /** @param book of the application */
    public JsonBodies(RecordBook book) {
        this.book = book;
    }

    // ---- From a client

    public ToGate heard(ToGate message) {
        return message instanceof Say say && book.types().containsKey(say.type()) ? record(say) : message;
    }

    private Say record(Say say) {
        try {
            Bytes body = book.write(book.ofPlain(say.type(), JSON.read(say.body())));
            if (body.length() <= SessionLimits.BODY_MAX) {
                return with(say, say.type(), body);
            }
            return unreadable(say, tooLarge("as a record", body, SessionLimits.BODY_MAX));
        } catch (WireException | IllegalArgumentException wrong) {
            return unreadable(say, String.valueOf(wrong.getMessage()));
        }
    }

    private static Say unreadable(Say say, String why) {
        return with(say, UNREADABLE, Bytes.utf8(Prose.upTo(SessionLimits.TEXT_MAX, why)));
    }

    private static Say with(Say say, String type, Bytes body) {
        return new Say(say.seq(), say.first(), say.heard(), type, body);
    }

    private static String tooLarge(String how, Bytes body, int most) {
        return body.length() + " bytes " + how + ", at most " + most;
    }

    // ---- To a client

    public ToClient said(ToClient message) {
        return switch (message) {
            case Answer(long seq, Outcome.Done(String type, Bytes body)) -> {
                FeedItem json = json(type, body);
                yield new Answer(seq, new Outcome.Done(json.type(), json.body()));
            }
            case Told(int feed, long position, FeedItem item) -> new Told(feed, position, json(item));
            case Page(int feed, FeedPage page) -> new Page(feed, Shown.page(page, this::json));
            default -> message;
        };
    }

    @SuppressWarnings("ReferenceEquality") // who tells many hands all of them the same one
    private FeedItem json(FeedItem item) {
        Translated known = latest;
        if (known != null && known.from == item) {
            return known.to;
        }
        FeedItem json = json(item.type(), item.body());
        latest = new Translated(item, json);
        return json;
    }

    private static Bytes json(RecordBook its, Object value) {
        return Bytes.utf8(Json.line(its.plain(value)));
    }

    private FeedItem json(String type, Bytes body) {
        if (type.isEmpty() && body.length() == 0) {
            return new FeedItem(type, NOTHING);
        }
        String why;
        try {
            Bytes json = json(book, book.read(body));
            if (json.length() <= SessionLimits.ITEM_MAX) {
                return new FeedItem(type, json);
            }
            why = tooLarge("as JSON", json, SessionLimits.ITEM_MAX);
        } catch (WireException unreadable) {
            why = String.valueOf(unreadable.getMessage());
        }
        return new FeedItem(NO_JSON, json(EXCUSES, new NoJson(type, Prose.upTo(SessionLimits.TEXT_MAX, why))));
    }
}
