package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Versions;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

// Writers stand for links. The record counts how often it is encoded; what arrives is read by a reader that speaks only
// the version agreed upon.

/** A long message that is said to many is encoded twice, and every link gets its own bytes. */
final class RepeatsTest {
    private static final AtomicInteger ENCODED = new AtomicInteger();

    sealed interface Said {
        @Code(1)
        record Cargo(@Field(1) Bytes load) implements Said {
            @Override
            public Bytes load() {
                ENCODED.incrementAndGet();
                return load;
            }
        }
    }

    private static final Catalog<Said> CATALOG = Catalog.of(Said.class);
    private final Repeats repeats = new Repeats();

    private static FrameWriter<Said> link(int version) {
        return new FrameWriter<>(CATALOG, 7, version, Limits.PEER);
    }

    private static List<Said> heard(FrameWriter<Said> writer, int version) throws WireException {
        List<Said> heard = new ArrayList<>();
        byte[] bytes = writer.take();
        new FrameReader<>(CATALOG, 7, new Versions(version, version), Limits.PEER)
                .read(bytes, 0, bytes.length, heard::add);
        return heard;
    }

    private static Said.Cargo cargo(int size) {
        return new Said.Cargo(Bytes.wrap(new byte[size]));
    }

    @Test
    void longMessageToMany_isEncodedTwice() throws WireException {
        Said.Cargo cargo = cargo(10_000);
        int before = ENCODED.get();
        List<FrameWriter<Said>> links = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            FrameWriter<Said> link = link(1);
            repeats.write(cargo, CATALOG, 1, link);
            links.add(link);
        }

        assertThat(ENCODED.get() - before).isEqualTo(2);
        for (FrameWriter<Said> link : links) {
            assertThat(heard(link, 1)).hasSize(1).allMatch(each -> each.equals(cargo));
        }
    }

    @Test
    void otherMessages_versions_andForgottenOnes_areEncodedAnew() throws WireException {
        Said.Cargo cargo = cargo(10_000);
        Said.Cargo equal = cargo(10_000);
        FrameWriter<Said> one = link(1);
        FrameWriter<Said> two = link(2);
        for (int i = 0; i < 3; i++) {
            repeats.write(cargo, CATALOG, 1, one);
            repeats.write(cargo, CATALOG, 2, two);
            repeats.write(equal, CATALOG, 1, one);
        }
        repeats.write(cargo, CATALOG, 2, two);
        repeats.write(cargo, CATALOG, 2, two);
        repeats.forget();
        int before = ENCODED.get();
        repeats.write(cargo, CATALOG, 2, two);

        assertThat(ENCODED.get() - before).isEqualTo(1);
        assertThat(heard(one, 1)).hasSize(6);
        assertThat(heard(two, 2)).hasSize(6);
    }

    @Test
    void shortMessages_areNotKept() {
        Said.Cargo cargo = cargo(100);
        FrameWriter<Said> link = link(1);
        int before = ENCODED.get();
        for (int i = 0; i < 5; i++) {
            repeats.write(cargo, CATALOG, 1, link);
        }

        assertThat(ENCODED.get() - before).isEqualTo(5);
    }
}
