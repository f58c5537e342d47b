package dev.berth.node.session;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome.Failed;
import dev.berth.core.call.Outcome.Refused;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Backstage;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.UndoneException;
import dev.berth.node.link.QuietLog;
import dev.berth.node.worker.SlotLostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What an application does when its users say something. Any thread once it is complete. */
public final class Talk {
    private static final String TOO_OLD = "TooOld";
    private static final String UNREADABLE = "UnreadableMessage";

    private final QuietLog quiet = new QuietLog(LoggerFactory.getLogger(Talk.class));
    private final Map<Class<?>, BiFunction<Object, Object, @Nullable Object>> handlers = new LinkedHashMap<>();
    private final Map<Class<?>, BiFunction<Object, Object, @Nullable Object>> visitorHandlers = new LinkedHashMap<>();
    private final Map<Class<?>, Function<Object, Record>> shown = new LinkedHashMap<>();

    /** An IllegalArgumentException if there is one for this already. */
    public void on(Class<? extends Record> message, BiFunction<Object, Object, @Nullable Object> handler) {
        if (handlers.putIfAbsent(message, handler) != null) {
            throw new IllegalArgumentException("there are two handlers for " + message.getName());
        }
    }

    /** The same for who has not logged in. */
    public void onVisitor(Class<? extends Record> message, Function<Object, @Nullable Object> handler) {
        if (visitorHandlers.putIfAbsent(message, (_, its) -> handler.apply(its)) != null) {
            throw new IllegalArgumentException("there are two handlers for visitors' " + message.getName());
        }
    }

    /** What clients are told in the place of this record. */
    public <M extends Record> void shown(Class<M> kept, Function<? super M, ? extends Record> as) {
        if (shown.putIfAbsent(kept, its -> as.apply(kept.cast(its))) != null) {
            throw new IllegalArgumentException("there are two ways to show " + kept.getName());
        }
    }

    Shown shown(RecordBook book, Function<Class<?>, String> names) {
        return new Shown(book, names, shown);
    }

    /** What is thrown was no answer: nothing is known, and it is to be said again. */
    Outcome said(Backstage stage, Object user, String type, Bytes body) {
        return said(new Words(stage.book(), stage::wireName), handlers, "UnknownMessage", user, type, body);
    }

    /** The same. */
    Outcome visited(RecordBook book, Function<Class<?>, String> names, String type, Bytes body) {
        return said(new Words(book, names), visitorHandlers, "NotLoggedIn", "a visitor", type, body);
    }

    /** An application's records, and what they are called. */
    private record Words(RecordBook book, Function<Class<?>, String> names) {}

    private Outcome said(
            Words words,
            Map<Class<?>, BiFunction<Object, Object, @Nullable Object>> handlers,
            String otherwise,
            Object user,
            String type,
            Bytes body) {
        if (type.equals(JsonBodies.UNREADABLE)) {
            return new Outcome.Failed(UNREADABLE, body.utf8());
        }
        try {
            Class<?> message = words.book.types().get(type);
            BiFunction<Object, Object, @Nullable Object> handler = message == null ? null : handlers.get(message);
            if (message == null || handler == null) {
                return new Outcome.Failed(
                        otherwise,
                        "nobody here takes '" + type + "', only "
                                + handlers.keySet().stream().map(words.names).toList());
            }
            return done(words, handler.apply(user, words.book.read(body, message)));
        } catch (WireException unreadable) {
            return new Outcome.Failed(UNREADABLE, String.valueOf(unreadable.getMessage()));
        } catch (Denied no) {
            return new Outcome.Failed(Denied.class.getSimpleName(), String.valueOf(no.getMessage()));
        } catch (UndoneException | SlotLostException again) {
            throw again;
        } catch (CallException call) {
            return failed(call);
        } catch (RuntimeException | Error thrown) {
            quiet.warn("what user " + user + " has said, " + type + ", made its handler throw", thrown);
            return new Outcome.Failed(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
        }
    }

    /** What was done is done, whatever becomes of its answer. */
    private Outcome done(Words words, @Nullable Object answer) {
        if (answer == null) {
            return new Outcome.Done("", Bytes.EMPTY);
        }
        try {
            Bytes body = words.book.write(answer);
            return body.length() <= SessionLimits.ITEM_MAX
                    ? new Outcome.Done(words.names.apply(answer.getClass()), body)
                    : new Outcome.Failed(
                            "TooLarge",
                            "it was done, but the answer has " + body.length() + " bytes, at most "
                                    + SessionLimits.BODY_MAX);
        } catch (IllegalArgumentException unwritable) {
            quiet.warn("a handler's answer cannot be written", unwritable);
            return new Outcome.Failed(
                    "UnwritableAnswer", "it was done, but its answer cannot be written: " + unwritable.getMessage());
        }
    }

    private static Outcome failed(CallException call) {
        return switch (call.outcome()) {
            case Failed<?>(String kind, String message) -> new Outcome.Failed(kind, message);
            // It would be refused for ever.
            case Refused<?>(RefusedReason reason, long _)
            when reason == RefusedReason.TOO_OLD -> new Outcome.Failed(TOO_OLD, String.valueOf(call.getMessage()));
            default -> throw call;
        };
    }
}
