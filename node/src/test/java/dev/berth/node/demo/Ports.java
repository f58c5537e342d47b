package dev.berth.node.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;

/** Ports for processes that are started later: below those that the kernel gives to anybody meanwhile. */
final class Ports {
    private static final int FIRST = 10_000;
    private static final int LAST = 32_000;
    private static final Random RANDOM = new Random();

    private Ports() {}

    /** The first of so many in a row that are free at this moment. */
    static int free(int count) {
        while (true) {
            int first = FIRST + RANDOM.nextInt(LAST - FIRST - count);
            if (areFree(first, count)) {
                return first;
            }
        }
    }

    static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            if (!isFree(port)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFree(int port) {
        try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
