package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Two places at a time for each address, kept for ten nanoseconds. */
class ReservationsTest {
    private final Reservations reservations = new Reservations(2, 10);

    private static InetAddress of(int... bytes) throws Exception {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(raw);
    }

    @Test
    void oneAddress_hasTwo_untilTheyLapse_andOthersHaveTheirOwn() throws Exception {
        InetAddress one = of(10, 0, 0, 1);
        assertThat(reservations.take(one, 0)).isTrue();
        assertThat(reservations.take(one, 0)).isTrue();
        assertThat(reservations.take(one, 0)).isFalse();
        assertThat(reservations.take(of(10, 0, 0, 2), 0)).isTrue();

        reservations.isGone(one, 5);
        reservations.isGone(one, 7);
        assertThat(reservations.take(one, 14)).isFalse();
        assertThat(reservations.take(one, 15)).isTrue();
        assertThat(reservations.take(one, 16)).isFalse();
        assertThat(reservations.take(one, 17)).isTrue();
    }

    @Test
    void whoWasToldThatThereIsNone_mayAskAgainAtOnce() throws Exception {
        InetAddress one = of(10, 0, 0, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(reservations.take(one, i)).isTrue();
            reservations.giveBack(one);
        }
    }

    @Test
    void anIpv6Network_isOneAddress() throws Exception {
        InetAddress one = of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1);
        InetAddress neighbour = of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9);
        assertThat(reservations.take(one, 0)).isTrue();
        assertThat(reservations.take(neighbour, 0)).isTrue();
        assertThat(reservations.take(one, 0)).isFalse();
    }
}
