package dev.berth.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.client.Town.Note;
import dev.berth.client.Town.Noted;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates behind TLS, with a certificate for their address: whom the program trusts is served, others are told why not. */
@Timeout(60)
class TlsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path directory;

    private static SSLContext context;

    @BeforeAll
    static void makeCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve("gate.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "gate",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=gate",
                        "-ext",
                        "san=ip:" + InetAddress.getLoopbackAddress().getHostAddress(),
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    }

    private static ClientSetup setup(String gate) {
        return BerthClient.to(gate)
                .credentials("ada", "sesame")
                .records(Town.BOOK)
                .times(BerthClientTest.QUICK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trustedGate_isUsed_andAgainWhenItDied(boolean web) throws Exception {
        Town town = new Town();
        town.killAfter("n1");
        try (Pier pier = Pier.tls(town, web, context);
                BerthClient client = setup(pier.address()).tls(context).connect()) {
            assertThat(client.ask(new Note("n0"), LONG).as(Noted.class)).isEqualTo(new Noted("n0", 0));
            var answer = client.say(new Note("n1"));
            Ears.eventually("the gate is dead", pier::isDead);
            try (Pier again = pier.again()) {
                assertThat(answer.get().as(Noted.class)).isEqualTo(new Noted("n1", 1));
                assertThat(again.accepted()).isPositive();
            }
        }
        assertThat(town.effects()).containsExactly("ada n0", "ada n1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void strangersGate_isNotTrusted(boolean web) throws Exception {
        Ears ears = new Ears();
        try (Pier pier = Pier.tls(new Town(), web, context);
                BerthClient client = ears.on(setup(pier.address())).connect()) {
            ears.eventuallyOffline("certification path");
            assertThat(client.standing()).isNotEqualTo("online");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void certificateOfAnotherName_isRefused(boolean web) throws Exception {
        Ears ears = new Ears();
        try (Pier pier = Pier.tls(new Town(), web, context);
                BerthClient client =
                        ears.on(setup(pier.address("localhost")).tls(context)).connect()) {
            ears.eventuallyOffline("localhost");
            assertThat(ears.all(News.Online.class)).isEmpty();
            assertThat(client.standing()).isNotEqualTo("online");
        }
    }
}
