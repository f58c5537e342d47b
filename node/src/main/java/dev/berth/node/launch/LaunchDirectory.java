package dev.berth.node.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state directory of a launcher. One launcher at a time has it: the lock is the kernel's and ends with the process, however
 * that ends. Beside it a record of each process that was started, for the next launcher. One thread.
 */
final class LaunchDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    /** A process that was started: who it is, and by whom. */
    record Started(String name, ProcessStamp leader, String bootId, String launcher) {
        String text() {
            return leader.pid() + " " + leader.startTicks() + " " + bootId + " " + launcher + "\n";
        }

        static Optional<Started> parse(String name, String text) {
            var words = text.strip().split(" ", -1);
            if (words.length != 4 || !words[0].matches("[1-9][0-9]{0,9}") || !words[1].matches("[0-9]{1,18}")) {
                return Optional.empty();
            }
            long pid = Long.parseLong(words[0]);
            return Optional.of(
                    new Started(name, new ProcessStamp(pid, pid, Long.parseLong(words[1])), words[2], words[3]));
        }
    }

    private LaunchDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    static LaunchDirectory open(Path path) throws IOException, LaunchRefusedException {
        Files.createDirectories(path.resolve("nodes"));
        var file = path.resolve("launcher.lock");
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            // Another launcher in this very process is another one, too.
        }
        if (lock == null) {
            channel.close();
            throw new LaunchRefusedException("another launcher, process "
                    + Files.readString(file).strip()
                    + ", looks after " + path + "; end that one first (Ctrl-C, or kill), or give this one a state"
                    + " directory of its own");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        return new LaunchDirectory(path, channel, lock);
    }

    Path log(String name) {
        return path.resolve("logs").resolve(name + ".log");
    }

    void record(Started started) throws IOException {
        var file = record(started.name());
        var fresh = file.resolveSibling(started.name() + ".new");
        Files.writeString(fresh, started.text());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void forget(String name) throws IOException {
        Files.deleteIfExists(record(name));
    }

    private Path record(String name) {
        return path.resolve("nodes").resolve(name + ".pid");
    }

    /** What the launcher before has started and not seen the end of. What cannot be read is nobody's, and removed. */
    List<Started> leftBehind() throws IOException {
        var all = new ArrayList<Started>();
        try (Stream<Path> files = Files.list(path.resolve("nodes"))) {
            for (var file : files.sorted().toList()) {
                var name = file.getFileName().toString().replaceFirst("\\.pid$", "");
                var started = Started.parse(name, Files.readString(file));
                if (started.isPresent() && started.get().bootId().equals(ProcessStamp.bootId())) {
                    all.add(started.get());
                } else {
                    Files.delete(file);
                }
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
