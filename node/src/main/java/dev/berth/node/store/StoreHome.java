package dev.berth.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

// A small file says whose directory this is and in which format, and is read before anything else is touched: an
// older version must not open what a newer one wrote, and one cluster's owners must not find another one's slots.

/** A store's directory, locked by this process. One thread. */
final class StoreHome implements AutoCloseable {
    /** Rises when an older version could no longer read what is written. */
    static final int FORMAT = 1;

    private static final String LABEL = "berth-store";
    private static final String LOCK = "lock";

    private final Path directory;
    private final FileChannel lock;

    private StoreHome(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Locks the directory and makes sure that it is this cluster's; makes a new one where there is none. */
    static StoreHome open(Path directory, String cluster) throws StoreException {
        try {
            Files.createDirectories(directory);
            // Before the lock, so that a directory that is not ours stays as it is.
            if (isLabelled(directory)) {
                requireFits(directory, cluster);
            } else {
                requireEmpty(directory);
            }
            StoreHome home = new StoreHome(directory, lock(directory));
            if (isLabelled(directory)) {
                requireFits(directory, cluster);
            } else {
                label(directory, cluster);
            }
            return home;
        } catch (FileAlreadyExistsException e) {
            throw new StoreException(directory + " is a file; a store needs a directory", e);
        } catch (AccessDeniedException e) {
            throw new StoreException(
                    directory + " cannot be written by this user (" + e.getMessage()
                            + "); change its owner, or choose another directory",
                    e);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(directory + " cannot be used: " + e, e);
        }
    }

    private static boolean isLabelled(Path directory) {
        return Files.exists(directory.resolve(LABEL));
    }

    private static void requireEmpty(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            @Nullable
            Path stranger = files.filter(file -> !isOurs(file)).findFirst().orElse(null);
            if (stranger != null) {
                throw new StoreException(directory + " has other files in it, such as " + stranger.getFileName()
                        + ", and no store; choose a directory that is empty");
            }
        }
    }

    /** What a start that was interrupted, or the command, may have left. */
    private static boolean isOurs(Path file) {
        return List.of(LOCK, "secret", LABEL + ".new")
                .contains(file.getFileName().toString());
    }

    private static void requireFits(Path directory, String cluster) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(LABEL));
        int format = format(lines);
        if (format < 1 || lines.size() < 2) {
            throw new StoreException(directory.resolve(LABEL) + " is damaged: it should say 'format " + FORMAT
                    + "' and 'cluster NAME'; write that by hand if you know that the store is this cluster's");
        }
        if (format > FORMAT) {
            throw new StoreException(directory + " has the format " + format + ", this version reads 1.." + FORMAT
                    + "; start the version that wrote it");
        }
        if (!lines.get(1).equals("cluster " + cluster)) {
            throw new StoreException(directory + " is the store of another one: " + lines.get(1) + ", this is "
                    + cluster + "; choose another directory, or start with --cluster");
        }
    }

    private static int format(List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().matches("format [0-9]{1,9}")) {
            return 0;
        }
        return Integer.parseInt(lines.getFirst().substring("format ".length()));
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            String holder = Files.readString(directory.resolve(LOCK)).strip();
            channel.close();
            throw new StoreException(directory + " is in use by another store" + (holder.isEmpty() ? "" : ", " + holder)
                    + "; two on one directory would not see each other's fences");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(
                "process " + ProcessHandle.current().pid() + "\n"));
        return channel;
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this very process
        }
    }

    private static void label(Path directory, String cluster) throws IOException {
        Path draft = directory.resolve(LABEL + ".new");
        ByteBuffer text = StandardCharsets.UTF_8.encode("format " + FORMAT + "\ncluster " + cluster + "\n");
        try (var file = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            file.write(text);
            file.force(true);
        }
        Files.move(draft, directory.resolve(LABEL), StandardCopyOption.ATOMIC_MOVE);
        try (var itself = FileChannel.open(directory)) {
            itself.force(true);
        }
    }

    /** Where the engine keeps its files. */
    Path rows() {
        return directory.resolve("rows");
    }

    /** Where the engine's native code is unpacked. */
    Path natives() {
        return directory.resolve("native");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
