package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Recent;
import dev.berth.core.wire.Shortcut;
import dev.berth.core.wire.Sink;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import org.jspecify.annotations.Nullable;

/** A reply that is a value. Any thread. */
public final class ReplyShortcut implements Shortcut<PeerMessage.Reply> {
    private static final int SESSION = 1 << 3;
    private static final int FROM = 2 << 3 | Sink.CHUNK;
    private static final int RESULT = 3 << 3 | Sink.CHUNK;
    private static final int VALUE = 1 << 3 | Sink.CHUNK;
    private static final int BODY = 1 << 3 | Sink.CHUNK;

    @Override
    public Class<PeerMessage.Reply> type() {
        return PeerMessage.Reply.class;
    }

    @Override
    public boolean write(Sink out, PeerMessage.Reply reply) {
        if (!(reply.result() instanceof PeerMessage.Result.Value(Bytes body)) || body.length() > PeerMessage.BODY_MAX) {
            return false;
        }
        out.number(SESSION, reply.session());
        CallShortcut.writeGrant(out, FROM, reply.from());
        int result = out.begin(RESULT);
        int value = out.begin(VALUE);
        out.bytes(BODY, body);
        out.end(value);
        out.end(result);
        return true;
    }

    @Override
    public Reading<PeerMessage.Reply> reading() {
        Recent<Grant> grants = new Recent<>(CallShortcut.GRANT);
        return in -> read(in, grants);
    }

    private static PeerMessage.@Nullable Reply read(Source in, Recent<Grant> grants) throws WireException {
        if (!in.more() || in.tag() != SESSION) {
            return null;
        }
        long session = in.number();
        int tag = in.more() ? in.tag() : 0;
        Grant from = null;
        if (tag == FROM) {
            from = grants.read(in);
            tag = in.more() ? in.tag() : 0;
        }
        if (tag != RESULT || session <= 0 || session > Integer.MAX_VALUE) {
            return null;
        }
        Bytes body = readValue(in);
        return body == null || in.more()
                ? null
                : new PeerMessage.Reply((int) session, from, new PeerMessage.Result.Value(body));
    }

    private static @Nullable Bytes readValue(Source in) throws WireException {
        int afterResult = in.enter();
        if (!in.more() || in.tag() != VALUE) {
            return null;
        }
        int afterValue = in.enter();
        Bytes body = Bytes.EMPTY;
        if (in.more()) {
            if (in.tag() != BODY) {
                return null;
            }
            body = in.raw(PeerMessage.BODY_MAX);
        }
        boolean more = in.more();
        in.leave(afterValue);
        more |= in.more();
        in.leave(afterResult);
        return more ? null : body;
    }
}
