package dev.berth.node.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.wire.Bytes;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Entities;
import dev.berth.node.session.Credentials;
import dev.berth.node.session.Users;
import dev.berth.node.worker.Node;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ./berth users} against a cluster in this JVM: what it prints, and who gets in afterwards. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UsersCommandTest {
    private final UserApp<Long> game = Berth.app("inn").accounts();
    private final Entities app = game.entities();
    private final Terminal terminal = new Terminal();
    private DevCluster cluster;
    private Node node;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed("inn", 1, 8));
        node = cluster.start(
                cluster.node("owner").withSlots("inn", 1).withMessages(app.messages()), Map.of("inn", app.code()));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private int run(String input, String... words) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return terminal.run(cluster, new UsersCommand(), words);
        } finally {
            System.setIn(before);
        }
    }

    private String login(String name, String password) {
        Credentials who = new Credentials(name, Bytes.utf8(password), "", new InetSocketAddress("192.0.2.1", 4_000));
        try {
            return game.lobby(node, app).login(who).text();
        } catch (RuntimeException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void accounts_areMadeShownAndChanged() {
        assertThat(run("sesame\n", "add", "inn", "ada", "--user", "17")).isZero();
        assertThat(terminal.out.toString()).isEqualTo("17\n");
        assertThat(login("ada", "sesame")).isEqualTo("17");
        assertThat(run("", "show", "inn", "ada")).isZero();
        assertThat(terminal.out.toString())
                .isEqualTo("{\"disabled\":false,\"name\":\"ada\",\"tries\":0,\"user\":17}\n");

        assertThat(run("", "disable", "inn", "ada")).isZero();
        assertThat(login("ada", "sesame")).isEqualTo("this account is disabled");
        assertThat(run("", "enable", "inn", "ada")).isZero();
        assertThat(run("simsim\n", "password", "inn", "ada")).isZero();
        assertThat(login("ada", "simsim")).isEqualTo("17");
        assertThat(run("", "logout", "inn", "17")).isZero();

        assertThat(run("sesame\n", "add", "inn", "bob")).isZero();
        assertThat(terminal.out.toString())
                .isEqualTo(Users.of(node, app).find("bob").orElseThrow().user() + "\n");
    }

    @Test
    void whatCannotBe_isSaid() {
        assertThat(run("sesame\n", "add", "inn", "ada")).isZero();
        assertThat(run("sesame\n", "add", "inn", "ada")).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("there is an account ada");
        assertThat(run("", "disable", "inn", "nobody")).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("there is no account nobody");
        assertThat(run("\n", "add", "inn", "bob")).isNotZero();
        assertThat(terminal.err.toString()).contains("a password has at least one character");
    }
}
