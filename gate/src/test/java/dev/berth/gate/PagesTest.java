package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pages at a gate's port: what is in the directory is got as it is, and nothing else is; and the port is a gate's as before. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PagesTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    private final Haven haven = new Haven();
    private final HttpClient http = HttpClient.newHttpClient();
    private Path pages;

    @BeforeEach
    void write() throws IOException {
        pages = Files.createDirectories(dir.resolve("pages"));
        Files.writeString(pages.resolve("index.html"), "<p>grüße");
        Files.writeString(Files.createDirectories(pages.resolve("deep/er")).resolve("code.mjs"), "1");
        Files.writeString(pages.resolve(".secret"), "secret");
        Files.writeString(Files.createDirectories(pages.resolve(".git")).resolve("config"), "secret");
        Files.writeString(pages.resolve("index.html~"), "secret");
        Files.writeString(dir.resolve("outside.txt"), "secret");
    }

    @AfterEach
    void close() {
        http.close();
        haven.close();
    }

    private Gate gate() throws IOException {
        return haven.open(GateConfig.of(port()), Framing.lengths());
    }

    private Port port() {
        return Port.webSocket(Haven.ANY, "/game").withPages(pages);
    }

    private static String base(Gate gate) {
        return "://127.0.0.1:" + gate.addresses().getFirst().getPort();
    }

    private HttpResponse<byte[]> get(Gate gate, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http" + base(gate) + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String type(HttpResponse<byte[]> response) {
        return response.headers().firstValue("content-type").orElseThrow();
    }

    @Test
    void filesOfTheDirectory_areGot_andTheClientThatNobodyPutThere() throws Exception {
        byte[] large = new byte[MIB];
        large[MIB - 1] = 7;
        Files.write(pages.resolve("large.png"), large);
        try (Gate gate = gate()) {
            HttpResponse<byte[]> index = get(gate, "/?player=2");
            assertThat(new String(index.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("<p>grüße");
            assertThat(type(index)).isEqualTo("text/html; charset=utf-8");
            assertThat(index.headers().firstValue("cache-control")).hasValue("no-cache");
            assertThat(get(gate, "/index.html").body()).isEqualTo(index.body());
            assertThat(type(get(gate, "/deep/er/code.mjs"))).isEqualTo("text/javascript; charset=utf-8");
            assertThat(get(gate, "/large.png").body()).isEqualTo(large);
            assertThat(new String(get(gate, "/berth.js").body(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("export class BerthClient");

            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("ws" + base(gate) + "/game"), new WebSocket.Listener() {})
                    .join();
            assertThat(Haven.next(haven.connected).port()).isEqualTo(port());
            socket.abort();
            assertThat(Haven.refused(gate, "handshake-bad")).isZero();
            Haven.eventually("nobody is left", () -> gate.count() == 0);
        }
    }

    @Test
    void head_isAnsweredWithoutTheFile_andOtherMethodsAreRefused() throws Exception {
        try (Gate gate = gate()) {
            try (Plug plug = new Plug(gate.addresses().getFirst())) {
                assertThat(plug.text("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").toTheEnd())
                        .startsWith("HTTP/1.1 200")
                        .contains("content-length: 10\r\n")
                        .endsWith("\r\n\r\n");
            }
            try (Plug plug = new Plug(gate.addresses().getFirst())) {
                assertThat(plug.text("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                                .toTheEnd())
                        .startsWith("HTTP/1.1 405");
            }
        }
    }

    @Test
    void whatIsNotInTheDirectory_isNotGot() throws Exception {
        try (Gate gate = gate()) {
            for (String path : List.of(
                    "/../outside.txt",
                    "/deep/../../outside.txt",
                    "/..%2foutside.txt",
                    "/%2e%2e/outside.txt",
                    "/.secret",
                    "/.git/config",
                    "/index.html~",
                    "/deep",
                    "/deep/",
                    "//index.html",
                    "/index.html/",
                    "index.html",
                    "*",
                    "http://127.0.0.1/index.html",
                    "/index.html\0")) {
                try (Plug plug = new Plug(gate.addresses().getFirst())) {
                    String answer = plug.text("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
                            .toTheEnd();
                    assertThat(answer).as(path).startsWith("HTTP/1.1 404").doesNotContain("secret", "gr");
                }
            }
        }
    }

    @Test
    void browserThatDoesNotRead_isClosed() throws Exception {
        Files.write(pages.resolve("large.png"), new byte[MIB]);
        GateLimits hasty = Haven.roomy().withPatience(300, 300);
        try (Gate gate = haven.open(GateConfig.of(port()).withLimits(hasty), Framing.lengths())) {
            try (Plug plug = new Plug(gate.addresses().getFirst())) {
                plug.text("GET /large.png HTTP/1.1\r\nHost: a\r\n\r\n");
                Haven.eventually("it is closed", () -> gate.count() == 0);
            }
        }
    }

    @Test
    void whatCannotBePages_isSaid() throws Exception {
        assertThatThrownBy(() -> haven.open(
                        GateConfig.of(Port.webSocket(Haven.ANY, "/game").withPages(dir.resolve("none"))),
                        Framing.lengths()))
                .hasMessageContaining("cannot read pages from " + dir.resolve("none"));
        assertThatThrownBy(() -> Port.tcp(Haven.ANY).withPages(pages)).hasMessageContaining("no pages at a TCP port");
        Files.write(pages.resolve("film.png"), new byte[MIB + 1]);
        assertThatThrownBy(this::gate).hasMessageContaining("film.png has 1048577 bytes");
        Files.delete(pages.resolve("film.png"));
        for (int i = 0; i < 256; i++) {
            Files.writeString(pages.resolve(i + ".txt"), "");
        }
        assertThatThrownBy(this::gate).hasMessageContaining("at most 256 files").hasMessageContaining("web server");
    }
}
