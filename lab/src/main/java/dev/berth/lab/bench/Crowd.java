package dev.berth.lab.bench;

import dev.berth.core.machine.Machine;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.Client;
import dev.berth.core.session.ClientAction;
import dev.berth.core.session.ClientConfig;
import dev.berth.core.session.ClientEvent;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import dev.berth.lab.bench.GateTown.Note;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

// The machine that every Java client has, thousands of times on one event loop. Whatever one of them hears is
// compared with what it should hear: its own words as answers, in order, and the numbers that it is told without a
// gap. They come from several loopback addresses, since a gate lets in only so many from one.

/** Clients with sessions. One thread calls it. */
final class Crowd implements AutoCloseable {
    /** Log-ins under way: a gate decides about 256 at a time. */
    private static final int AT_ONCE = 200;

    private static final int ADDRESSES = 20;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final RecordBook book;
    private final EventLoop loop;
    private final List<String> gates;
    private final List<Member> members = new ArrayList<>();
    private final AtomicInteger online = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    // On the loop.
    private int begun;
    private @Nullable Talk talk;

    /** @param everyNanos 0 for when the last one is answered */
    private record Talk(long everyNanos, LongFunction<Record> word) {}

    /** Users with the numbers from first on, who begin at the first gate. Nobody connects before {@link #enter}. */
    Crowd(RecordBook book, EventLoop loop, long first, int count, int... gatePorts) {
        this.book = book;
        this.loop = loop;
        this.gates =
                Arrays.stream(gatePorts).mapToObj(port -> "127.0.0.1:" + port).toList();
        for (int i = 0; i < count; i++) {
            members.add(new Member(first + i));
        }
    }

    /** All log in, some at a time; waits for that. */
    void enter() throws IOException, InterruptedException {
        loop.execute(() -> {
            for (int i = 0; i < AT_ONCE; i++) {
                next();
            }
        });
        awaitOnline();
    }

    /** Waits until somebody has lost his gate, and then until everybody is online. */
    void awaitResumed() throws IOException, InterruptedException {
        await("anybody is offline", () -> online.get() < members.size());
        awaitOnline();
    }

    private void awaitOnline() throws IOException, InterruptedException {
        await("all are online", () -> online.get() == members.size());
    }

    private void next() {
        if (begun < members.size()) {
            members.get(begun++).feed(new ClientEvent.Start());
        }
    }

    int online() {
        return online.get();
    }

    long answered() {
        return answered.sum();
    }

    /** From now on each says the word with its next number, again and again. */
    void talk(long everyNanos, LongFunction<Record> word) throws InterruptedException {
        loop.submit(() -> {
                    Talk its = new Talk(everyNanos, word);
                    talk = its;
                    members.forEach(each -> each.later(its, each.dice.nextLong(everyNanos + 1)));
                })
                .sync();
    }

    /** Says nothing more, and waits for all answers and all that is to be told. */
    void hush() throws IOException, InterruptedException {
        loop.submit(() -> talk = null).sync();
        await("all that was said is answered and told", () -> {
            var done =
                    loop.submit(() -> members.stream().allMatch(Member::hasAll)).awaitUninterruptibly();
            return Boolean.TRUE.equals(done.getNow());
        });
    }

    /** What each has noted, by the order of their users. */
    List<Long> noted() throws InterruptedException {
        return loop.submit(() -> members.stream().map(each -> each.notes).toList())
                .sync()
                .getNow();
    }

    private void await(String what, BooleanSupplier holds) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!holds.getAsBoolean()) {
            if (!wrong.isEmpty()) {
                throw new IOException(wrong.size() + " things went wrong, the first: " + wrong.peek());
            }
            if (System.nanoTime() > end) {
                String waits = loop.submit(() -> members.stream()
                                .filter(each -> !each.hasAll())
                                .limit(3)
                                .map(Member::toString)
                                .collect(Collectors.joining("; ")))
                        .sync()
                        .getNow();
                throw new IOException("waited in vain until " + what + ", " + online.get() + " of " + members.size()
                        + " are online; " + waits);
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    /** One user's client. On the loop. */
    private final class Member {
        private final long user;
        private final SplittableRandom dice;
        private final Client machine;
        private final ArrayDeque<Bytes> said = new ArrayDeque<>(2);
        private final FrameWriter<ToGate> writer = new FrameWriter<>(
                ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_GATE);
        private @Nullable Channel channel;
        private @Nullable ScheduledFuture<?> alarm;
        private long alarmNanos = Machine.NEVER;
        private boolean isOnline;
        private boolean isIn;
        private long words;
        private long notes;
        private long told;
        private String away = "";

        Member(long user) {
            this.user = user;
            this.dice = new SplittableRandom(user);
            boolean[] first = {true};
            RandomGenerator firstGate = () -> {
                long drawn = first[0] ? 0 : dice.nextLong();
                first[0] = false;
                return drawn;
            };
            this.machine = new Client(ClientConfig.of(gates, String.valueOf(user), Bytes.EMPTY), firstGate);
        }

        void feed(ClientEvent event) {
            machine.on(System.nanoTime(), event, this::act);
            rearm();
        }

        private void rearm() {
            long next = machine.nextWakeNanos();
            if (next >= alarmNanos || next == Machine.NEVER) {
                return;
            }
            if (alarm != null) {
                alarm.cancel(false);
            }
            alarmNanos = next;
            alarm = loop.schedule(this::ring, Math.max(1, next - System.nanoTime()), TimeUnit.NANOSECONDS);
        }

        private void ring() {
            alarmNanos = Machine.NEVER;
            machine.advance(System.nanoTime(), this::act);
            rearm();
        }

        void later(Talk its, long nanos) {
            if (nanos == 0) {
                speak(its);
            } else {
                var _ = loop.schedule(() -> speak(its), nanos, TimeUnit.NANOSECONDS);
            }
        }

        private void speak(Talk its) {
            if (!its.equals(talk)) {
                return;
            }
            Record word = its.word().apply(++words);
            notes += word instanceof Note ? 1 : 0;
            Bytes body = book.write(word);
            said.add(body);
            feed(new ClientEvent.Say(type(word), body));
            if (its.everyNanos() > 0) {
                later(its, its.everyNanos());
            }
        }

        boolean hasAll() {
            return said.isEmpty() && told == notes;
        }

        private void act(ClientAction action) {
            switch (action) {
                case ClientAction.Connect(long number, String gate) -> connect(number, gate);
                case ClientAction.Send(long _, ToGate message) -> {
                    if (channel != null) {
                        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(writer.frame(message)));
                    }
                }
                case ClientAction.Close _ -> hangUp();
                case ClientAction.Taken _ -> {}
                case ClientAction.NotTaken(String why) -> fault("was not taken: " + why);
                case ClientAction.Answered(long _, Outcome outcome) -> answered(outcome);
                case ClientAction.Told item -> told(item);
                case ClientAction.Lost lost -> fault(lost.toString());
                case ClientAction.Online _ -> {
                    isOnline = true;
                    away = "";
                    online.incrementAndGet();
                    if (!isIn) {
                        isIn = true;
                        next();
                    }
                }
                case ClientAction.Offline(String why, long _) -> {
                    away = why;
                    online.addAndGet(isOnline ? -1 : 0);
                    isOnline = false;
                }
                case ClientAction.Ended(String code, String text, List<Long> _) -> {
                    online.addAndGet(isOnline ? -1 : 0);
                    isOnline = false;
                    if (!code.equals("LOGGED_OUT")) {
                        fault("ended as " + code + " " + text);
                    }
                }
            }
        }

        private void answered(Outcome outcome) {
            Bytes word = said.poll();
            if (!(outcome instanceof Outcome.Done(String _, Bytes body)) || !body.equals(word)) {
                fault("said " + word + " and was answered " + outcome);
                return;
            }
            answered.increment();
            Talk its = talk;
            if (its != null && its.everyNanos() == 0) {
                speak(its);
            }
        }

        private void told(ClientAction.Told item) {
            try {
                Note note = book.read(item.item().body(), Note.class);
                if (note.number() != ++told) {
                    fault("was told " + note + " instead of " + told);
                }
            } catch (WireException unreadable) {
                fault(unreadable.toString());
            }
        }

        private void fault(String what) {
            wrong.add(this + " " + what);
        }

        private void connect(long number, String gate) {
            int colon = gate.lastIndexOf(':');
            new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true)
                    .handler(new Plug(this, number))
                    .connect(Echo.at(Integer.parseInt(gate.substring(colon + 1))), new InetSocketAddress(home(user), 0))
                    .addListener((ChannelFutureListener) done -> {
                        if (!done.isSuccess()) {
                            feed(new ClientEvent.Broken(number, String.valueOf(done.cause())));
                        }
                    });
        }

        private void hangUp() {
            if (channel != null) {
                var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                channel = null;
            }
        }

        @Override
        public String toString() {
            return "user " + user + (isOnline ? "" : " (offline: " + away + ")") + ", " + said.size()
                    + " without answer, " + told + " of " + notes + " told";
        }
    }

    private static InetAddress home(long user) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + user % ADDRESSES)});
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String type(Record word) {
        return GateTown.SERVICE + "/" + word.getClass().getSimpleName();
    }

    /** One connection of one of them. */
    private static final class Plug extends ChannelInboundHandlerAdapter {
        private final Member member;
        private final long number;
        private final FrameReader<ToClient> reader = new FrameReader<>(
                ClientProtocol.CLIENT, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_CLIENT);

        Plug(Member member, long number) {
            this.member = member;
            this.number = number;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            member.channel = context.channel();
            member.feed(new ClientEvent.Connected(number));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws WireException {
            ByteBuf in = (ByteBuf) message;
            byte[] piece = new byte[in.readableBytes()];
            in.readBytes(piece).release();
            reader.read(piece, 0, piece.length, heard -> member.feed(new ClientEvent.Heard(number, heard)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            member.feed(new ClientEvent.Broken(number, "closed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            member.feed(new ClientEvent.Broken(number, thrown.toString()));
            var _ = context.close();
        }
    }

    /** They log out. */
    @Override
    public void close() {
        loop.submit(() -> members.forEach(each -> each.feed(new ClientEvent.Stop())))
                .awaitUninterruptibly();
    }
}
