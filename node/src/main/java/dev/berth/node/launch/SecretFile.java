package dev.berth.node.launch;

import dev.berth.node.link.Secret;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Consumer;

// Written aside, and then given its name by a link, which fails where the name is taken: nobody ever reads half a
// secret, and of two who make one at the same time both use the same.

/** The file with the cluster's secret. Any thread. */
public final class SecretFile {
    private static final int BYTES = 32;

    private SecretFile() {}

    /** Makes it when it is not there, and complains of one that others can read. */
    static Secret open(Path file, Consumer<? super String> say) throws IOException, LaunchRefusedException {
        if (make(file)) {
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

    /** 32 random bytes as text, for nobody's eyes but the owner's; false if there was a file already. */
    public static boolean make(Path file) throws IOException {
        if (Files.exists(file)) {
            return false;
        }
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        var directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        // Such a file is its owner's only, wherever there are owners.
        var fresh = Files.createTempFile(directory, ".secret", ".new");
        try {
            Files.writeString(fresh, Base64.getEncoder().encodeToString(bytes) + "\n");
            Files.createLink(file, fresh);
            return true;
        } catch (FileAlreadyExistsException other) {
            return false;
        } finally {
            Files.delete(fresh);
        }
    }
}
