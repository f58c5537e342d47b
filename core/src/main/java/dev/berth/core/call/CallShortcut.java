package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Codec;
import dev.berth.core.wire.Recent;
import dev.berth.core.wire.Shortcut;
import dev.berth.core.wire.Sink;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call to a slot or process without chain, trace and operation id. Any thread. */
public final class CallShortcut implements Shortcut<PeerMessage.Call> {
    static final Codec<Grant> GRANT = Codec.of(Grant.class);

    private static final int SESSION = 1 << 3;
    private static final int TO = 2 << 3 | Sink.CHUNK;
    private static final int FROM = 3 << 3 | Sink.CHUNK;
    private static final int ADDRESS = 4 << 3;
    private static final int BUDGET = 5 << 3;
    private static final int BODY = 9 << 3 | Sink.CHUNK;

    @Override
    public Class<PeerMessage.Call> type() {
        return PeerMessage.Call.class;
    }

    @Override
    public boolean write(Sink out, PeerMessage.Call call) {
        if (!call.chain().isEmpty()
                || call.trace().length() > 0
                || call.operation() != null
                || call.again()
                || call.body().length() > PeerMessage.BODY_MAX) {
            return false;
        }
        out.number(SESSION, call.session());
        writeGrant(out, TO, call.to());
        writeGrant(out, FROM, call.from());
        out.number(ADDRESS, call.address());
        out.number(BUDGET, call.budgetNanos());
        out.bytes(BODY, call.body());
        return true;
    }

    static void writeGrant(Sink out, int tag, @Nullable Grant grant) {
        if (grant != null) {
            int start = out.begin(tag);
            int slot = out.begin(1 << 3 | Sink.CHUNK);
            int service = out.begin(1 << 3 | Sink.CHUNK);
            out.text(grant.slot().service());
            out.end(service);
            out.number(2 << 3, grant.slot().number());
            out.end(slot);
            out.number(2 << 3, grant.epoch());
            out.end(start);
        }
    }

    @Override
    public Reading<PeerMessage.Call> reading() {
        Recent<Grant> grants = new Recent<>(GRANT);
        return in -> read(in, grants);
    }

    private static PeerMessage.@Nullable Call read(Source in, Recent<Grant> grants) throws WireException {
        long session = 0;
        Grant to = null;
        Grant from = null;
        long address = 0;
        long budget = 0;
        Bytes body = Bytes.EMPTY;
        for (int last = 0; in.more(); ) {
            int tag = in.tag();
            if (tag <= last) {
                return null;
            }
            last = tag;
            switch (tag) {
                case SESSION -> session = in.number();
                case TO -> to = grants.read(in);
                case FROM -> from = grants.read(in);
                case ADDRESS -> address = in.number();
                case BUDGET -> budget = in.number();
                case BODY -> body = in.raw(PeerMessage.BODY_MAX);
                default -> {
                    return null;
                }
            }
        }
        return session > 0 || session <= Integer.MIN_VALUE || budget < 0
                ? null
                : new PeerMessage.Call((int) session, to, from, address, budget, List.of(), Bytes.EMPTY, null, body);
    }
}
