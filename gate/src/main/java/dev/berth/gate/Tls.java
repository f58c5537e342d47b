package dev.berth.gate;

import dev.berth.core.PublicApi;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * TLS 1.2 and 1.3 at a port, by BoringSSL where netty-tcnative is on the class path, else by the JDK. Files are read when the gate
 * opens.
 *
 * @param certificates PEM, the server's own first
 * @param key PEM, PKCS#8, without a password
 */
@PublicApi
public record Tls(Path certificates, Path key) {
    SslContext context() throws IOException {
        for (Path file : new Path[] {certificates, key}) {
            if (!Files.isReadable(file)) {
                throw new IOException("cannot read " + file + ", which TLS needs");
            }
        }
        try {
            return SslContextBuilder.forServer(certificates.toFile(), key.toFile())
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (IOException | IllegalArgumentException bad) {
            throw new IOException(
                    "cannot use " + certificates + " with " + key + ": " + bad.getMessage()
                            + "; both are PEM, the key is PKCS#8 without a password",
                    bad);
        }
    }
}
