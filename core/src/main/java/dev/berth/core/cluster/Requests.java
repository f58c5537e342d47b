package dev.berth.core.cluster;

/** Numbers the requests of one master; an answer to an unknown number is too late. One thread: the master's. */
final class Requests {
    private long last;

    long next() {
        return ++last;
    }
}
