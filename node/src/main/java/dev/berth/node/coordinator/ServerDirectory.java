package dev.berth.node.coordinator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

// Two files of ZooKeeper's matter here: `myid` tells which server of an ensemble the data belong to, and `initialize`
// allows a server to start without data. It removes the latter when it has done so; without it an empty server waits
// for the others and takes no part in electing, so that servers that have lost their disks outvote nobody.

/** The directory of one server: locked while it runs, checked before it starts. One thread. */
final class ServerDirectory implements AutoCloseable {
    /** ZooKeeper allocates its log in pieces of 16 MiB; a snapshot and two of them fit. */
    static final long FREE_MIN = 64L << 20;

    private final Path dir;
    private final FileChannel channel;
    private final FileLock lock;

    private ServerDirectory(Path dir, FileChannel channel, FileLock lock) {
        this.dir = dir;
        this.channel = channel;
        this.lock = lock;
    }

    static ServerDirectory open(Path given) throws ServerRefusedException {
        Path dir = given.toAbsolutePath().normalize();
        try {
            Files.createDirectories(dir.resolve("data"));
            FileChannel channel =
                    FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new ServerRefusedException(
                        "another coordinator runs in " + dir + "; stop it, or give this one a directory of its own");
            }
            ServerDirectory directory = new ServerDirectory(dir, channel, lock);
            directory.checkSpace();
            return directory;
        } catch (IOException unusable) {
            throw new ServerRefusedException(
                    "the directory " + dir + " cannot be written (" + unusable
                            + "); choose another one by --dir, or make it" + " writable for this user",
                    unusable);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ownProcess) {
            // Held by a server in this very process.
            return null;
        }
    }

    private void checkSpace() throws IOException, ServerRefusedException {
        if (freeBytes() < FREE_MIN) {
            close();
            throw new ServerRefusedException("the disk that holds " + dir + " is full: " + (freeBytes() >> 20)
                    + " MiB are left, " + (FREE_MIN >> 20) + " are needed; free some, or choose another one by --dir");
        }
    }

    long freeBytes() throws IOException {
        return Files.getFileStore(dir).getUsableSpace();
    }

    Path path() {
        return dir;
    }

    boolean isEmpty() throws IOException {
        Path versions = dir.resolve("data/version-2");
        if (!Files.isDirectory(versions)) {
            return true;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(versions, "{snapshot,log}.*")) {
            return !files.iterator().hasNext();
        }
    }

    /** Writes down whose data these are, or refuses when they are somebody else's. */
    void claim(ServerConfig config) throws IOException, ServerRefusedException {
        Path myid = dir.resolve("data/myid");
        String found = Files.exists(myid) ? Files.readString(myid).strip() : "";
        String own = config.isAlone() ? "" : String.valueOf(config.self());
        if (!found.isEmpty() && !found.equals(own)) {
            throw new ServerRefusedException("the data in " + dir + " belong to server " + found + " of an ensemble; "
                    + (config.isAlone()
                            ? "start it with --servers and --id, or, if it is to go on alone, remove " + myid
                            : "this is to be server " + own
                                    + ": use the directory of that one, or, if this is a copy of another's, remove "
                                    + myid));
        }
        boolean empty = isEmpty();
        if (config.founds() && !empty) {
            throw new ServerRefusedException("there are data in " + dir + " already; leave --new away");
        }
        if (!config.isAlone()) {
            Files.writeString(myid, own);
        }
        if (empty && (config.isAlone() || config.founds())) {
            Files.writeString(dir.resolve("data/initialize"), "");
        }
        removeFormerConfigurations();
    }

    /** The library writes its configuration into a new file at every start. */
    private void removeFormerConfigurations() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "zookeeper.configuration*.properties*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
            channel.close();
        } catch (IOException unexpected) {
            throw new UncheckedIOException("the lock of " + dir + " cannot be released", unexpected);
        }
    }
}
