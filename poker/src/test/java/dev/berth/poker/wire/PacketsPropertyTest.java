package dev.berth.poker.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Card;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

// Whatever a packet holds, it comes out of its bytes as it was. Whatever bytes come, they are a packet that has
// exactly these bytes, or a PacketException: nothing else is ever thrown.
class PacketsPropertyTest {
    private static final List<Class<?>> RECORDS = Stream.of(Packet.class.getDeclaredClasses())
            .filter(Class::isRecord)
            .sorted((a, b) -> a.getName().compareTo(b.getName()))
            .toList();
    private static final Arbitrary<String> TEXTS =
            Arbitraries.strings().withCharRange((char) 0, (char) 255).ofMaxLength(255);
    private static final Arbitrary<Byte> CARDS = Arbitraries.bytes().between((byte) 1, (byte) Card.COUNT);

    @Provide
    Arbitrary<Packet> packets() {
        return Arbitraries.of(RECORDS)
                .filter(type -> type != Packet.MakeTestGame.class)
                .flatMap(PacketsPropertyTest::anyOf);
    }

    @Provide
    Arbitrary<Packet.MakeTestGame> testGames() {
        Arbitrary<Integer> players = Arbitraries.integers().between(2, 23);
        Arbitrary<Long> limits = Arbitraries.longs().between(2, 0xffff_ffffL / 200 * 100);
        Arbitrary<Integer> millis = Arbitraries.integers().between(1, 86_400_000);
        return players.flatMap(n -> Combinators.combine(
                        limits,
                        limits,
                        millis,
                        millis,
                        CARDS.array(byte[].class).ofMinSize(2 * n).ofMaxSize(52))
                .as((low, high, delay, timeout, cards) ->
                        new Packet.MakeTestGame(1 + n % 2, n, low, low + high, delay, timeout, Bytes.wrap(cards))));
    }

    private static Arbitrary<Packet> anyOf(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        return Combinators.combine(Arrays.stream(components)
                        .map(PacketsPropertyTest::value)
                        .toList())
                .as(values -> construct(type, values));
    }

    private static Packet construct(Class<?> type, List<Object> values) {
        try {
            return (Packet) type.getDeclaredConstructors()[0].newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }

    private static Arbitrary<Object> value(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == String.class) {
            return TEXTS.asGeneric();
        }
        if (type == byte.class) {
            return CARDS.asGeneric();
        }
        if (type == long.class) {
            return Arbitraries.longs().between(0, 0xffff_ffffL).asGeneric();
        }
        boolean wide = component.getName().equals("seq") || component.getName().equals("port");
        return Arbitraries.integers().between(0, wide ? 0xffff : 0xff).asGeneric();
    }

    @Property(tries = 300)
    void packet_comesOutAsItWas(@ForAll("packets") Packet packet) throws PacketException {
        assertThat(decoded(Packets.encode(packet))).isEqualTo(packet);
    }

    @Property(tries = 300)
    void testGame_comesOutAsItWas(@ForAll("testGames") Packet.MakeTestGame game) throws PacketException {
        Bytes bytes = Packets.encode(game);
        assertThat(bytes.length()).isLessThanOrEqualTo(Packets.COMMAND_MAX);
        assertThat(Packets.command(bytes)).isEqualTo(game);
    }

    @Property(tries = 1_000)
    void bytes_areAPacketOfExactlyTheseBytes_orRefused(@ForAll byte[] noise) {
        tryOut(noise);
    }

    @Property(tries = 1_000)
    void packetWithWrongBytes_isAnotherPacket_orRefused(@ForAll("packets") Packet packet, @ForAll long seed) {
        tryOut(spoiled(Packets.encode(packet).toArray(), new Random(seed)));
    }

    @Property(tries = 5_000)
    void testGameWithWrongBytes_isAnotherOne_orRefused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] spoiled = spoiled(Hex.bytes(PacketsTest.TEST_GAME).toArray(), random);
        spoiled[0] = (byte) PacketType.MAKE_TEST_GAME.code();
        byte[] cut = Arrays.copyOf(spoiled, 1 + random.nextInt(spoiled.length));
        for (byte[] each : List.of(spoiled, cut)) {
            try {
                Packets.command(Bytes.wrap(each));
            } catch (PacketException refused) {
                assertThat(refused.type()).isEqualTo(252);
            }
        }
    }

    private static byte[] spoiled(byte[] bytes, Random random) {
        for (int i = 0; i <= random.nextInt(3); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void tryOut(byte[] noise) {
        Bytes bytes = Bytes.wrap(noise);
        try {
            Packet packet = decoded(bytes);
            if (!(packet instanceof Packet.Login) && !(packet instanceof Packet.MakeTestGame)) {
                assertThat(Packets.encode(packet)).isEqualTo(bytes);
            }
        } catch (PacketException refused) {
            assertThat(refused.length()).isEqualTo(noise.length);
        }
    }

    private static Packet decoded(Bytes bytes) throws PacketException {
        try {
            return Packets.notice(bytes);
        } catch (PacketException notFromAServer) {
            return Packets.command(bytes);
        }
    }
}
