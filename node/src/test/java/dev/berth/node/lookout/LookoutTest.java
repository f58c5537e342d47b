package dev.berth.node.lookout;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Loops;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.SlotService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Real nodes, asked over HTTP. What the page says is compared with what the nodes have been made to do; strangers who
// misbehave at the port are sent away, and the node goes on.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LookoutTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(String url, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Until the page has the line. */
    private void awaitLine(String url, String line) throws IOException, InterruptedException {
        while (get(url, "/metrics").body().lines().noneMatch(line::equals)) {
            Thread.onSpinWait();
        }
    }

    private static Node start(DevCluster cluster, String name, SlotService service) throws IOException {
        return cluster.start(cluster.node(name).withSlots("role", 1).withHttp(HostPort.ANY), Map.of("role", service));
    }

    @Test
    void node_saysHowItIs_andCountsItsCalls() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node role = start(cluster, "role-1", call -> {
                if (call.body().utf8().isEmpty()) {
                    throw new IllegalStateException("empty");
                }
                return call.body();
            });
            String url = Objects.requireNonNull(role.http());
            role.agent("role").callSlot(1, Bytes.utf8("a"), LONG);
            role.agent("role").callSlot(1, Bytes.utf8("b"), LONG);
            assertThatThrownBy(() -> role.agent("role").callSlot(1, Bytes.EMPTY, LONG))
                    .isInstanceOf(CallException.class);

            assertThat(get(url, "/live").statusCode()).isEqualTo(200);
            assertThat(get(url, "/ready").body()).isEqualTo("ready\n");
            assertThat(get(url, "/metrics").body())
                    .contains("berth_calls_total{outcome=\"done\",service=\"role\"} 2.0")
                    .contains("berth_answers_total{outcome=\"failed\",service=\"role\"} 1.0")
                    .contains("berth_slots{service=\"role\"} 1.0")
                    .contains("berth_may_act 1.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(cluster.operator()
                            .status(LONG)
                            .view()
                            .toView()
                            .member(role.self().node()))
                    .satisfies(listing -> assertThat(
                                    Objects.requireNonNull(listing).addresses())
                            .contains(url));

            assertThat(role.ask(new Proposal.DrainNode(role.self().node(), true))
                            .get()
                            .accepted())
                    .isTrue();
            while (get(url, "/ready").statusCode() == 200) {
                Thread.onSpinWait();
            }
            assertThat(get(url, "/ready").body()).isEqualTo("it drains\n");
            assertThat(get(url, "/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nodeWithoutMaster_livesAndIsNotReady() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            cluster.masters().getFirst().close();
            Node lone = start(cluster, "role-1", _ -> Bytes.EMPTY);
            String url = Objects.requireNonNull(lone.http());

            assertThat(get(url, "/ready").statusCode()).isEqualTo(503);
            assertThat(get(url, "/ready").body()).isEqualTo("not listed yet\n");
            assertThat(get(url, "/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void masters_leadOrStandBy_andTheLeadingOneCounts() throws Exception {
        try (DevCluster cluster = DevCluster.start(DevCluster.PATIENT, 2, ServicePlan.plain("role", 3))) {
            String first = cluster.masters().getFirst().show(HostPort.ANY);
            String second = cluster.masters().getLast().show(HostPort.ANY);
            start(cluster, "role-1", _ -> Bytes.EMPTY);

            while (!get(first, "/metrics").body().contains("berth_master_leads 1.0")
                    && !get(second, "/metrics").body().contains("berth_master_leads 1.0")) {
                Thread.onSpinWait();
            }
            boolean firstLeads = get(first, "/metrics").body().contains("berth_master_leads 1.0");
            awaitLine(firstLeads ? first : second, "berth_master_slots{state=\"RUNNING\"} 1.0");
            assertThat(get(firstLeads ? first : second, "/metrics").body())
                    .contains("berth_master_slots{state=\"FREE\"} 2.0")
                    .contains("berth_master_members 1.0");
            assertThat(get(firstLeads ? second : first, "/metrics").body()).contains("berth_master_members 0.0");
            assertThat(get(first, "/ready").statusCode()).isEqualTo(200);
            assertThat(get(second, "/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void strangersWhoMisbehave_areSentAway_andTheNextIsAnswered() throws Exception {
        try (Loops loops = Loops.start(1);
                Lookout lookout = Lookout.open(loops, HostPort.ANY)) {
            int port = URI.create(lookout.url()).getPort();
            for (String said :
                    List.of("\0\1\2garbage\r\n\r\n", "GET / HTTP/1.1\r\n" + "X: y".repeat(5_000), "POST / ")) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.getOutputStream().write(said.getBytes(US_ASCII));
                    socket.shutdownOutput();
                    assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                            .doesNotContain("200 OK");
                }
            }
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            assertThat(get(lookout.url(), "/live").statusCode()).isEqualTo(200);
            assertThat(silent.getFirst().getInputStream().read())
                    .as("the first of them had to go")
                    .isEqualTo(-1);
            for (Socket socket : silent) {
                socket.close();
            }
            assertThat(get(lookout.url(), "/nowhere").statusCode()).isEqualTo(404);
            assertThat(client.send(
                                    HttpRequest.newBuilder(URI.create(lookout.url() + "/metrics"))
                                            .POST(HttpRequest.BodyPublishers.ofString("x"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
            assertThat(get(lookout.url(), "/ready").body()).isEqualTo("it starts\n");
        }
    }

    @Test
    void portTaken_isSaid() throws Exception {
        try (Loops loops = Loops.start(1);
                Lookout lookout = Lookout.open(loops, HostPort.ANY)) {
            HostPort taken = new HostPort("127.0.0.1", URI.create(lookout.url()).getPort());
            assertThatThrownBy(() -> Lookout.open(loops, taken).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(taken.toString())
                    .hasMessageContaining("--http");
        }
    }
}
