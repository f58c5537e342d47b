package dev.berth.node.launch;

import dev.berth.node.link.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Consumer;

/** The file with the cluster's secret. One thread. */
final class SecretFile {
    private static final int BYTES = 32;

    private SecretFile() {}

    /** Makes it when it is not there: 32 random bytes as text, for nobody's eyes but the owner's. */
    static Secret open(Path file, Consumer<? super String> say) throws IOException, LaunchRefusedException {
        if (!Files.exists(file)) {
            make(file);
            say.accept("made the secret file " + file + "; every machine of the cluster needs a copy");
        }
        var permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            say.accept("the secret file " + file + " can be read by everybody; better: chmod 600 " + file);
        }
        try {
            return Secret.ofFile(file);
        } catch (IllegalArgumentException tooShort) {
            throw new LaunchRefusedException("secret file " + file + ": " + tooShort.getMessage());
        }
    }

    private static void make(Path file) throws IOException {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        var directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        // Written aside first: a half-written secret would look like another one.
        var fresh = Files.createTempFile(directory, ".secret", ".new", onlyOwner);
        Files.write(fresh, (Base64.getEncoder().encodeToString(bytes) + "\n").getBytes(StandardCharsets.US_ASCII));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
