package dev.berth.node.member;

import dev.berth.core.cluster.MemberEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The clocks that run on while a machine is suspended: the wall's, and on Linux the kernel's uptime. Stateless; any thread. */
final class Clocks {
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final long SECOND = 1_000_000_000L;

    private Clocks() {}

    static MemberEvent.Clocks read() {
        Instant now = Instant.now();
        long wall = now.getEpochSecond() * SECOND + now.getNano();
        return new MemberEvent.Clocks(wall, uptime(wall));
    }

    /** Without the kernel's word the wall clock stands for it: what one of them shows, both do. */
    private static long uptime(long wall) {
        try {
            String text = Files.readString(UPTIME, StandardCharsets.US_ASCII);
            return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * SECOND);
        } catch (IOException | RuntimeException unreadable) {
            return wall;
        }
    }
}
