package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever is sent arrives, equal and in order, in both directions at once, however it is cut into passes. */
final class PipeProperties {
    private static final int MESSAGES = 400;

    @Property(tries = 15)
    void randomMessages_arriveInOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int perPass)
            throws Exception {
        try (Harbor harbor = new Harbor()) {
            Notebook dialling = harbor.dial(Harbor.config(), harbor.listen(Harbor.config()));
            Notebook listening = harbor.accepted();
            List<PeerMessage> there = messages(new Random(seed));
            List<PeerMessage> back = messages(new Random(~seed));

            for (int i = 0; i < MESSAGES; i += perPass) {
                int from = i;
                int to = Math.min(MESSAGES, i + perPass);
                dialling.on(pipe -> there.subList(from, to).forEach(pipe::send));
                listening.on(pipe -> back.subList(from, to).forEach(pipe::send));
            }

            assertThat(listening.next(MESSAGES)).isEqualTo(there);
            assertThat(dialling.next(MESSAGES)).isEqualTo(back);
        }
    }

    private static List<PeerMessage> messages(Random random) {
        List<PeerMessage> messages = new ArrayList<>();
        while (messages.size() < MESSAGES) {
            messages.add(message(random));
        }
        return messages;
    }

    private static PeerMessage message(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new PeerMessage.Goodbye(random.nextLong(), "x".repeat(random.nextInt(200)));
            case 1 ->
                new PeerMessage.Reply(
                        1 + random.nextInt(Integer.MAX_VALUE), null, new PeerMessage.Result.Value(body(random)));
            default ->
                new PeerMessage.Call(
                        -random.nextInt(Integer.MAX_VALUE),
                        null,
                        null,
                        random.nextLong(),
                        random.nextLong() >>> 1,
                        List.of(random.nextLong(), random.nextLong()),
                        body(new Random(0)),
                        null,
                        body(random));
        };
    }

    /** Mostly small; now and then longer than every buffer on the way. */
    private static Bytes body(Random random) {
        int size = random.nextInt(100) == 0 ? random.nextInt(300_000) : random.nextInt(200);
        byte[] body = new byte[size];
        random.nextBytes(body);
        return Bytes.wrap(body);
    }
}
