package dev.berth.gate;

import java.util.Locale;

/** Why a gate does not let a client in, or go on. Counted one by one. */
enum Refusal {
    GATE_FULL(1013),
    SERVER_FULL(1013),
    ADDRESS_FULL(1013),
    ADDRESS_PLACES(1013),
    CONNECT_RATE(1013),
    HANDSHAKE_LATE(1008),
    HANDSHAKE_BAD(1002),
    SILENT(1008),
    MALFORMED(1002),
    TOO_LARGE(1009),
    SLOW_READER(1008),
    TOO_FAST(1008),
    BUG(1011);

    /** What a WebSocket client is told (RFC 6455, 7.4.1). */
    final int closeCode;

    Refusal(int closeCode) {
        this.closeCode = closeCode;
    }

    /** As metrics and log lines have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
