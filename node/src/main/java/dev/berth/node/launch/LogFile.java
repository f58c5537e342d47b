package dev.berth.node.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Output of one node: appended to NAME.log, which becomes NAME.log.1 and so on when it is full. One thread at a time. */
final class LogFile implements AutoCloseable {
    private final Path file;
    private final long bytesMax;
    private final int kept;
    private OutputStream out;
    private long bytes;

    /** @param kept how many full files are kept; 0 = a full one is dropped */
    LogFile(Path file, long bytesMax, int kept) throws IOException {
        this.file = file;
        this.bytesMax = bytesMax;
        this.kept = kept;
        Files.createDirectories(file.toAbsolutePath().getParent());
        this.out = open();
        this.bytes = Files.size(file);
    }

    private OutputStream open() throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void append(byte[] data, int length) throws IOException {
        if (bytes > 0 && bytes + length > bytesMax) {
            putAside();
        }
        out.write(data, 0, length);
        bytes += length;
    }

    private void putAside() throws IOException {
        out.close();
        for (int i = kept - 1; i >= 1; i--) {
            if (Files.exists(numbered(i))) {
                Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (kept > 0) {
            Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(file);
        }
        out = open();
        bytes = 0;
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
