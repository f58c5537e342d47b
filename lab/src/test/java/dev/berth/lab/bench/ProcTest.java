package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

// This process is asked about itself: a connection with itself has two ends, and work takes time.
final class ProcTest {
    private final Proc self = new Proc(ProcessHandle.current().pid());

    @Test
    void connectionWithItself_countsAtBothEnds() throws IOException {
        int before = self.connections();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(self.connections()).isEqualTo(before + 2);
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
        }
    }

    @Test
    void work_takesProcessorTimeAndMemory() throws IOException {
        double before = self.cpuSeconds();
        long sum = 0;
        while (self.cpuSeconds() < before + 0.05) {
            sum++;
        }

        assertThat(sum).isPositive();
        assertThat(self.residentMiB()).isBetween(10L, 1L << 20);
    }
}
