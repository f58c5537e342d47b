package dev.berth.client;

import java.io.IOException;

/** Bytes both ways. One thread reads, one writes, any one closes. */
interface Wire {
    void connect() throws IOException;

    /** The next bytes; an EOFException says that the gate has closed. */
    byte[] read() throws IOException;

    void write(byte[] frame) throws IOException;

    /** After this everything above fails, also what is under way. */
    void close();
}
