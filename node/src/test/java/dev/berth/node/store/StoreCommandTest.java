package dev.berth.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// What ends at once runs in this process; what must hold a directory against another process is one.

/** {@code berth store} says that it serves, and when it does not, why and what to do. */
class StoreCommandTest {
    @TempDir
    private Path directory;

    private record Ended(int code, String err) {}

    private static Ended run(String... options) {
        var err = new StringWriter();
        int code = new StoreCommand().run(new PrintWriter(new StringWriter()), new PrintWriter(err), options);
        return new Ended(code, err.toString());
    }

    private String store() {
        return directory.resolve("store").toString();
    }

    @Test
    void directoryOfAnotherProcess_isRefused_andTheProcessServesOn_untilItIsAsked() throws Exception {
        String secret = "--secret-file=" + Quay.secretFile(directory);
        try (StoreProcess store =
                        StoreProcess.start(store(), "--listen=127.0.0.1:0", "--cluster=" + Quay.CLUSTER, secret);
                Quay quay = new Quay()) {
            InetSocketAddress address = store.serving();

            Ended second = run(store(), "--listen=127.0.0.1:0", "--cluster=" + Quay.CLUSTER, secret);

            assertThat(second.code()).isEqualTo(1);
            assertThat(second.err()).contains("in use by another store, process " + store.pid());
            StoreClient client = quay.client(address);
            Quay.await(client.opened());
            Quay.done(client.fence(new Grant(new SlotId("role", 1), 3)));
            store.terminate();
            assertThat(store.exitCode()).isEqualTo(143);
        }
        StoreEngine.open(StoreConfig.of(directory.resolve("store"), Quay.CLUSTER), bug -> {})
                .close();
    }

    @Test
    void takenPort_isSaid() throws Exception {
        try (var port = new ServerSocket(0, 1, Quay.ANY.getAddress())) {
            Ended ended = run(store(), "--listen=127.0.0.1:" + port.getLocalPort());
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("127.0.0.1:" + port.getLocalPort(), "--listen");
        }
    }

    @Test
    void anotherClustersDirectory_isSaid() throws Exception {
        StoreEngine.open(StoreConfig.of(directory.resolve("store"), "harbor"), bug -> {})
                .close();
        assertThat(run(store(), "--listen=127.0.0.1:0").err()).contains("cluster harbor", "--cluster");
    }

    @Test
    void wrongOptions_areSaid_andNothingIsMade() throws Exception {
        for (String listen : new String[] {"7300", "127.0.0.1:", "127.0.0.1:70000", ":7", "127.0.0.1:x"}) {
            Ended ended = run(store(), "--listen=" + listen);
            assertThat(ended.code()).as(listen).isEqualTo(2);
            assertThat(ended.err()).contains("HOST:PORT");
        }
        Ended open = run(store(), "--listen=0.0.0.0:0");
        assertThat(open.code()).isEqualTo(2);
        assertThat(open.err()).contains("--secret-file");
        assertThat(run(store(), "--cluster=My Cluster").code()).isEqualTo(2);
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void badSecret_isSaid() throws Exception {
        Path tiny = Files.writeString(directory.resolve("tiny"), "short");
        Ended ended = run(store(), "--listen=127.0.0.1:0", "--secret-file=" + tiny);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("16");
        Ended none = run(store(), "--listen=127.0.0.1:0", "--secret-file=" + directory.resolve("none"));
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("cannot be read");
    }

    @Test
    void directoryThatCannotBe_isSaid() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(run(file.toString()).err()).contains("is a file");
    }
}
