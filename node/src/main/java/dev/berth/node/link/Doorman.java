package dev.berth.node.link;

import dev.berth.core.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// Nothing that a stranger says reaches anybody before both proofs are made. A stranger may cost a kilobyte, a timer and
// one line in the log.

/** The listening end of a handshake: opening in, challenge out, proof in, proof out. On its event loop only. */
final class Doorman extends ChannelInboundHandlerAdapter implements Moored {
    private final Channel channel;
    private final Wharf wharf;
    private final ReadBuffers buffers;
    private final Map<Kind, Door<?, ?>> doors;
    private final Gathered gathered = new Gathered();
    private byte[] opening = {};
    private byte[] challenge = {};
    private int version;
    private @Nullable Door<?, ?> door;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    Doorman(Channel channel, Wharf wharf, ReadBuffers buffers, Map<Kind, Door<?, ?>> doors) {
        this.channel = channel;
        this.wharf = wharf;
        this.buffers = buffers;
        this.doors = doors;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!wharf.moor(this)) {
            done = true;
            Sockets.close(channel);
            return;
        }
        wharf.admit(this);
        int millis = wharf.config().handshakeMillis();
        deadline = wharf.loop().schedule(this::tooSlow, millis, TimeUnit.MILLISECONDS);
    }

    private void tooSlow() {
        String what = gathered.total() == 0 ? "silent" : "too slow, " + gathered.total() + " bytes";
        refuse(new Refusal(
                Answer.MALFORMED,
                what + " for " + wharf.config().handshakeMillis()
                        + " ms; is it a node of this cluster, and the network in order?"));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        ByteBuf in = (ByteBuf) read;
        if (done) {
            in.release();
            return;
        }
        try {
            gathered.add(in);
            Door<?, ?> asked = door;
            if (asked == null) {
                hearOpening();
            } else if (gathered.length() >= Proof.SIZE) {
                hearProof(asked);
            }
        } catch (Refusal refusal) {
            refuse(refusal);
        }
    }

    private void hearOpening() throws Refusal {
        int size = Opening.size(gathered.bytes(), gathered.length());
        if (size == 0 || gathered.length() < size) {
            return;
        }
        opening = gathered.takeAll(size);
        door = judge(Opening.of(opening));
        challenge = new Challenge(Answer.GO_ON, wharf.config().versions(), Proof.nonce()).bytes();
        Sockets.say(channel, challenge);
    }

    private Door<?, ?> judge(Opening its) throws Refusal {
        TransportConfig config = wharf.config();
        if (!its.cluster().equals(config.cluster())) {
            throw new Refusal(
                    Answer.OTHER_CLUSTER,
                    "it belongs to cluster '" + its.cluster() + "', this is '" + config.cluster()
                            + "'; check the addresses it was given");
        }
        try {
            version = config.versions().common(its.versions());
        } catch (WireException apart) {
            throw new Refusal(Answer.VERSIONS_APART, String.valueOf(apart.getMessage()));
        }
        Kind kind = Kind.of(its.kind());
        Door<?, ?> asked = kind == null ? null : doors.get(kind);
        if (asked == null) {
            throw new Refusal(
                    Answer.KIND_UNKNOWN,
                    "a connection of kind " + (kind == null ? its.kind() : kind) + " was asked for, this port serves "
                            + doors.keySet() + "; check the addresses it was given");
        }
        return asked;
    }

    private void hearProof(Door<?, ?> asked) throws Refusal {
        byte[] proof = gathered.takeAll(Proof.SIZE);
        Secret secret = wharf.config().secret();
        if (!Proof.isRight(Proof.ofDialler(secret, opening, challenge), proof)) {
            throw new Refusal(Answer.OTHER_SECRET, "it does not know the secret; give both ends the same secret file");
        }
        leave();
        Sockets.say(channel, verdict(Answer.GO_ON, Proof.ofListener(secret, opening, challenge)));
        buffers.trust();
        open(asked);
    }

    private <I, O> void open(Door<I, O> asked) {
        FramePipe<I, O> pipe;
        try {
            pipe = new FramePipe<>(
                    channel, wharf, asked.dialect(), version, asked.ears().get());
        } catch (RuntimeException | Error bug) {
            Sockets.close(channel);
            wharf.broken(bug);
            return;
        }
        channel.pipeline().replace(this, "pipe", pipe);
        pipe.begin();
    }

    /** Called for the oldest stranger when there are too many. */
    void refuseAsBusy() {
        refuse(new Refusal(
                Answer.BUSY,
                "more than " + wharf.config().handshakesMax()
                        + " connections want to be authenticated at once, this is the oldest; is this port attacked?"));
    }

    private void refuse(Refusal refusal) {
        if (done) {
            return;
        }
        leave();
        wharf.log().warn("link from " + channel.remoteAddress() + " refused: " + refusal.words());
        byte[] answer = challenge.length == 0
                ? new Challenge(refusal.answer(), wharf.config().versions(), Challenge.NO_NONCE).bytes()
                : verdict(refusal.answer(), new byte[Proof.SIZE]);
        channel.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(ChannelFutureListener.CLOSE);
    }

    private static byte[] verdict(Answer answer, byte[] proof) {
        byte[] verdict = new byte[1 + Proof.SIZE];
        verdict[0] = (byte) answer.code();
        System.arraycopy(proof, 0, verdict, 1, Proof.SIZE);
        return verdict;
    }

    private void leave() {
        done = true;
        wharf.known(this);
        wharf.leave(this);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost("it closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (thrown instanceof IOException) {
            lost("the connection was lost (" + thrown.getMessage() + ")");
        } else {
            end("a bug at this end");
            wharf.broken(thrown);
        }
    }

    private void lost(String how) {
        if (!done) {
            leave();
            wharf.log()
                    .warn("link from " + channel.remoteAddress() + " refused: " + how + " after " + gathered.total()
                            + " bytes of the handshake; is it a node of this cluster?");
            Sockets.close(channel);
        }
    }

    @Override
    public void end(String cause) {
        if (!done) {
            leave();
            Sockets.close(channel);
        }
    }

    @Override
    public void tick() {}
}
