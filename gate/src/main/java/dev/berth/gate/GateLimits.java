package dev.berth.gate;

import dev.berth.core.PublicApi;

/**
 * What clients may make a gate keep, and for how long it is patient with them. Each bound that is hit refuses one client, says so in the log and
 * counts it.
 *
 * @param clients at a time; too many for the process's file descriptors and those that come last are refused by the system instead
 * @param clientsPerAddress of one IPv4 address or IPv6 /64 network; too few shuts out players behind one router
 * @param connectsPerSecond over all addresses, a second's worth at once; too few makes a crowd that comes back after an outage wait
 * @param packetMax bytes of a packet from a client
 * @param handshakeMillis for PROXY header, TLS and WebSocket upgrade together
 * @param firstPacketMillis from then until the first packet is there as a whole; 0 for clients that need not say anything
 * @param placesPerAddress that a gateway has servers keep at a time for clients of one address, as {@code clientsPerAddress} means it; too few
 *     makes a crowd behind one router wait, too many and one address keeps all places empty
 * @param queueMax bytes that wait for one client; one more and it is closed
 * @param slowMillis how long a client may take nothing of more than 64 KiB that wait for it, before it is closed
 */
@PublicApi
public record GateLimits(
        int clients,
        int clientsPerAddress,
        int connectsPerSecond,
        int packetMax,
        int handshakeMillis,
        int firstPacketMillis,
        int placesPerAddress,
        int queueMax,
        int slowMillis) {
    /** 16,000 clients, 1,024 of one address, 5,000 connects per second, 64 KiB, 10 s, 10 s, 256 places, 1 MiB, 10 s. */
    public static final GateLimits DEFAULT =
            new GateLimits(16_000, 1_024, 5_000, 1 << 16, 10_000, 10_000, 256, 1 << 20, 10_000);

    /** From here on a client that does not read is not read from either. */
    static final int HIGH_WATER = 1 << 16;

    static final int LOW_WATER = 1 << 14;
    private static final int PACKET_MAX = 1 << 20;

    public GateLimits {
        require("clients", clients, 1, 1 << 20);
        require("clientsPerAddress", clientsPerAddress, 1, 1 << 20);
        require("connectsPerSecond", connectsPerSecond, 1, 1 << 20);
        // A packet goes on as one message to a process.
        require("packetMax", packetMax, 1, PACKET_MAX - 1_024);
        require("handshakeMillis", handshakeMillis, 1, 3_600_000);
        require("firstPacketMillis", firstPacketMillis, 0, 3_600_000);
        require("placesPerAddress", placesPerAddress, 1, 1 << 20);
        require("queueMax", queueMax, HIGH_WATER, 1 << 30);
        require("slowMillis", slowMillis, 1, 3_600_000);
    }

    private static void require(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + min + " to " + max + ", got " + value);
        }
    }

    public GateLimits withClients(int most, int perAddress) {
        return new GateLimits(
                most,
                perAddress,
                connectsPerSecond,
                packetMax,
                handshakeMillis,
                firstPacketMillis,
                placesPerAddress,
                queueMax,
                slowMillis);
    }

    public GateLimits withConnectsPerSecond(int most) {
        return new GateLimits(
                clients,
                clientsPerAddress,
                most,
                packetMax,
                handshakeMillis,
                firstPacketMillis,
                placesPerAddress,
                queueMax,
                slowMillis);
    }

    public GateLimits withPacketMax(int most) {
        return new GateLimits(
                clients,
                clientsPerAddress,
                connectsPerSecond,
                most,
                handshakeMillis,
                firstPacketMillis,
                placesPerAddress,
                queueMax,
                slowMillis);
    }

    public GateLimits withPatience(int handshake, int firstPacket) {
        return new GateLimits(
                clients,
                clientsPerAddress,
                connectsPerSecond,
                packetMax,
                handshake,
                firstPacket,
                placesPerAddress,
                queueMax,
                slowMillis);
    }

    public GateLimits withPlacesPerAddress(int most) {
        return new GateLimits(
                clients,
                clientsPerAddress,
                connectsPerSecond,
                packetMax,
                handshakeMillis,
                firstPacketMillis,
                most,
                queueMax,
                slowMillis);
    }

    public GateLimits withQueue(int most, int slow) {
        return new GateLimits(
                clients,
                clientsPerAddress,
                connectsPerSecond,
                packetMax,
                handshakeMillis,
                firstPacketMillis,
                placesPerAddress,
                most,
                slow);
    }
}
