package dev.berth.node.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room a disk has. Any thread. */
public interface DiskSpace {
    /** Bytes that are taken, by whomever. */
    long usedBytes() throws IOException;

    /** Bytes that the store may still use; with those used not always the whole disk, some of which may be reserved. */
    long usableBytes() throws IOException;

    /** Of the disk that holds a directory. */
    static DiskSpace of(Path directory) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        return new DiskSpace() {
            @Override
            public long usedBytes() throws IOException {
                return disk.getTotalSpace() - disk.getUnallocatedSpace();
            }

            @Override
            public long usableBytes() throws IOException {
                return disk.getUsableSpace();
            }
        };
    }
}
