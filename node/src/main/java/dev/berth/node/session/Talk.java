package dev.berth.node.session;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome.Failed;
import dev.berth.core.call.Outcome.Refused;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Backstage;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.UndoneException;
import dev.berth.node.worker.SlotLostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an application does when its users say something. Any thread once it is complete. */
public final class Talk {
    private static final Logger LOG = LoggerFactory.getLogger(Talk.class);
    private static final String TOO_OLD = "TooOld";
    private static final String UNREADABLE = "UnreadableMessage";

    private final Map<Class<?>, BiFunction<Object, Object, @Nullable Object>> handlers = new LinkedHashMap<>();

    /** An IllegalArgumentException if there is one for this already. */
    public void on(Class<? extends Record> message, BiFunction<Object, Object, @Nullable Object> handler) {
        if (handlers.putIfAbsent(message, handler) != null) {
            throw new IllegalArgumentException("there are two handlers for " + message.getName());
        }
    }

    /** What is thrown was no answer: nothing is known, and it is to be said again. */
    Outcome said(Backstage stage, Object user, String type, Bytes body) {
        if (type.equals(JsonBodies.UNREADABLE)) {
            return new Outcome.Failed(UNREADABLE, body.utf8());
        }
        try {
            Class<?> message = stage.book().types().get(type);
            BiFunction<Object, Object, @Nullable Object> handler = message == null ? null : handlers.get(message);
            if (message == null || handler == null) {
                return new Outcome.Failed(
                        "UnknownMessage",
                        "nobody here takes '" + type + "', only "
                                + handlers.keySet().stream()
                                        .map(stage::wireName)
                                        .toList());
            }
            Object answer = handler.apply(user, stage.book().read(body, message));
            return answer == null
                    ? new Outcome.Done("", Bytes.EMPTY)
                    : new Outcome.Done(
                            stage.wireName(answer.getClass()), stage.book().write(answer));
        } catch (WireException unreadable) {
            return new Outcome.Failed(UNREADABLE, String.valueOf(unreadable.getMessage()));
        } catch (Denied no) {
            return new Outcome.Failed(Denied.class.getSimpleName(), String.valueOf(no.getMessage()));
        } catch (UndoneException | SlotLostException again) {
            throw again;
        } catch (CallException call) {
            return failed(call);
        } catch (RuntimeException | Error thrown) {
            LOG.warn("what user {} has said, {}, made its handler throw", user, type, thrown);
            return new Outcome.Failed(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
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
