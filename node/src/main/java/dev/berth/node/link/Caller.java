package dev.berth.node.link;

import dev.berth.core.wire.WireException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The dialling end: looks up, connects, opening out, challenge in, proof out, proof in. On its event loop only, but for the start. */
final class Caller<I, O> extends ChannelInboundHandlerAdapter implements Dial, Moored {
    private final InetSocketAddress address;
    private final Dialect<I, O> dialect;
    private final PipeEars<I, O> ears;
    private final Wharf wharf;
    private final ReadBuffers buffers;
    private final Gathered gathered = new Gathered();
    private final byte[] opening;
    private byte[] challenge = {};
    private int version;
    private @Nullable Channel channel;
    private @Nullable FramePipe<I, O> pipe;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    Caller(InetSocketAddress address, Dialect<I, O> dialect, PipeEars<I, O> ears, Wharf wharf, ReadBuffers buffers) {
        TransportConfig config = wharf.config();
        this.address = address;
        this.dialect = dialect;
        this.ears = ears;
        this.wharf = wharf;
        this.buffers = buffers;
        this.opening = new Opening(dialect.kind().code(), config.versions(), config.cluster(), Proof.nonce()).bytes();
    }

    /** Any thread. A name is looked up anew each time, and not on the loop, which that might block. */
    void start(Bootstrap bootstrap) {
        if (address.isUnresolved()) {
            Thread.ofVirtual().name("berth-lookup").start(() -> {
                var found = new InetSocketAddress(address.getHostString(), address.getPort());
                wharf.loop().execute(() -> connect(bootstrap, found));
            });
        }
        wharf.loop().execute(() -> begin(bootstrap));
    }

    private void begin(Bootstrap bootstrap) {
        if (!wharf.moor(this)) {
            fail("this node has closed its transport");
            return;
        }
        expectWithin(wharf.config().connectMillis(), "no connection to " + address);
        if (!address.isUnresolved()) {
            connect(bootstrap, address);
        }
    }

    private void connect(Bootstrap bootstrap, InetSocketAddress found) {
        if (done) {
            return;
        }
        if (found.isUnresolved()) {
            fail("nobody knows the name " + found.getHostString() + "; check the address");
            return;
        }
        ChannelFuture connecting = bootstrap.connect(found);
        channel = connecting.channel();
        connecting.addListener(_ -> {
            Throwable failure = connecting.cause();
            if (failure != null) {
                fail("no connection: " + failure.getMessage());
            }
        });
    }

    private void expectWithin(int millis, String otherwise) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        Runnable tooLate = () -> refuse(otherwise + " within " + millis + " ms; is it up, and the network in order?");
        deadline = wharf.loop().schedule(tooLate, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (done) {
            Sockets.close(context.channel());
            return;
        }
        expectWithin(wharf.config().handshakeMillis(), "the other end did not finish the handshake");
        Sockets.say(context.channel(), opening);
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
            if (challenge.length == 0) {
                hearChallenge(context);
            }
            if (challenge.length > 0 && gathered.length() > Proof.SIZE) {
                hearVerdict(context);
            }
        } catch (Refusal refusal) {
            refuse(refusal.words());
        }
    }

    private void hearChallenge(ChannelHandlerContext context) throws Refusal {
        Opening.requireMagic(gathered.bytes(), gathered.length());
        if (gathered.length() < Challenge.SIZE) {
            return;
        }
        byte[] bytes = gathered.takeAll(Challenge.SIZE);
        Challenge its = Challenge.of(bytes);
        if (its.answer() == Answer.GO_ON || its.answer() == Answer.VERSIONS_APART) {
            version = agreed(its);
        }
        if (its.answer() != Answer.GO_ON) {
            throw new Refusal(
                    its.answer(), "the other end refuses us: " + its.answer().meaning());
        }
        challenge = bytes;
        byte[] proof = Proof.ofDialler(wharf.config().secret(), opening, challenge);
        Sockets.say(context.channel(), proof);
    }

    private int agreed(Challenge its) throws Refusal {
        try {
            return wharf.config().versions().common(its.versions());
        } catch (WireException apart) {
            throw new Refusal(Answer.VERSIONS_APART, String.valueOf(apart.getMessage()));
        }
    }

    private void hearVerdict(ChannelHandlerContext context) throws Refusal {
        Answer answer = Challenge.answer(gathered.bytes()[0]);
        if (answer != Answer.GO_ON) {
            throw new Refusal(answer, "the other end refuses us: " + answer.meaning());
        }
        gathered.take(1);
        byte[] expected = Proof.ofListener(wharf.config().secret(), opening, challenge);
        if (!Proof.isRight(expected, gathered.take(Proof.SIZE))) {
            throw new Refusal(
                    Answer.OTHER_SECRET,
                    "the other end does not know the secret; give both ends the same secret file, check the address");
        }
        leave();
        buffers.trust();
        FramePipe<I, O> opened = new FramePipe<>(context.channel(), wharf, dialect, version, ears);
        pipe = opened;
        context.pipeline().replace(this, "pipe", opened);
        opened.begin();
        // The other end may have gone on at once.
        opened.receive(gathered.bytes(), gathered.length());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        refuse("the other end closed the connection after " + gathered.total()
                + " bytes of the handshake; is it a node of this cluster?");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        refuse("the connection was lost in the handshake: " + thrown.getMessage());
        if (!(thrown instanceof IOException)) {
            wharf.broken(thrown);
        }
    }

    /** Ends it with a line in the log: somebody who can be reached is not what was expected. */
    private void refuse(String words) {
        if (!done) {
            wharf.log().warn("link to " + address + " refused: " + words);
            fail(words);
        }
    }

    private void fail(String cause) {
        if (done) {
            return;
        }
        leave();
        if (channel != null) {
            Sockets.close(channel);
        }
        wharf.tellClosed(ears, cause);
    }

    private void leave() {
        done = true;
        wharf.leave(this);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void cancel(String cause) {
        wharf.loop().execute(() -> {
            if (pipe != null) {
                pipe.close(cause);
            } else {
                fail(cause);
            }
        });
    }

    @Override
    public void end(String cause) {
        fail(cause);
    }

    @Override
    public void tick() {}
}
