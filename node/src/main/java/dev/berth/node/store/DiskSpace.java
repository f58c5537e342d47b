package dev.berth.node.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room a disk has. Any thread. */
public interface DiskSpace {
    /** Bytes that the store may still use. */
    long usableBytes() throws IOException;

    long totalBytes() throws IOException;

    /** Of the disk that holds a directory. */
    static DiskSpace of(Path directory) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        return new DiskSpace() {
            @Override
            public long usableBytes() throws IOException {
                return disk.getUsableSpace();
            }

            @Override
            public long totalBytes() throws IOException {
                return disk.getTotalSpace();
            }
        };
    }
}
