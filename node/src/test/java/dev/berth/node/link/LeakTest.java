package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

// Netty follows every buffer at the level PARANOID and tells of those that were collected without being released, when
// the next one is made. A planted leak shows that this is heard here.

/** No buffer is lost, whether connections end well or badly. */
final class LeakTest {
    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private final Lines leaks = new Lines(ResourceLeakDetector.class);

    @BeforeEach
    void beParanoid() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @AfterEach
    void relax() {
        ResourceLeakDetector.setLevel(before);
        leaks.close();
    }

    /** What is found to be lost, looking at most so often. */
    private List<String> lost(int looks) {
        List<String> lost = leaks.rest();
        for (int i = 0; i < looks && lost.isEmpty(); i++) {
            System.gc();
            Unpooled.directBuffer(16).release();
            Unpooled.buffer(16).release();
            lost = leaks.rest();
        }
        return lost;
    }

    @Test
    void connectionsThatEndInEveryWay_loseNothing() throws Exception {
        try (Harbor harbor = new Harbor();
                Lines _ = new Lines(Transport.class)) {
            InetSocketAddress address = harbor.listen(Harbor.config().withHandshake(2_000, 4));
            for (int i = 0; i < 20; i++) {
                Notebook dialling = harbor.dial(Harbor.config(), address);
                dialling.on(pipe -> {
                    pipe.send(Harbor.call(1, 100_000));
                    pipe.send(Harbor.call(2, 10));
                });
                harbor.accepted().next(2);
                try (Stranger garbage = Stranger.dial(address);
                        Stranger cut = Stranger.dialAsPeer(address)) {
                    garbage.say("nonsense".getBytes(StandardCharsets.US_ASCII)).hearToTheEnd();
                    cut.say(new byte[] {0, 0, 1, 0, (byte) 0xbe});
                }
                Notebook cut = harbor.accepted();
                cut.cause();
                dialling.on(pipe -> {
                    for (int j = 1; j < 300; j++) {
                        pipe.send(Harbor.call(j, 60_000));
                    }
                    pipe.close("in the middle");
                });
            }
        }

        assertThat(lost(10)).isEmpty();
    }

    @Test
    void plantedLeak_isHeard() {
        plant();

        assertThat(lost(200)).anySatisfy(line -> assertThat(line).contains("LEAK"));
    }

    private static void plant() {
        for (int i = 0; i < 20; i++) {
            ByteBuf planted = Unpooled.directBuffer(64);
            planted.writeInt(i);
        }
    }
}
