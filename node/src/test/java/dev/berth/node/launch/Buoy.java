package dev.berth.node.launch;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A node for tests: says what it is told to say, then stays until it is ended. */
final class Buoy {
    private Buoy() {}

    /** First argument: how it behaves. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "afloat" -> {}
            // Does not heed SIGTERM.
            case "deaf" ->
                Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(Buoy::stay));
            case "broken" -> System.exit(3);
            // Has a child in its group that does not heed SIGTERM either and would keep a socket.
            case "parent" -> System.out.println("child " + child());
            default -> throw new IllegalArgumentException(args[0]);
        }
        var name = System.getenv("BERTH_NAME");
        System.out.println("berth-node listed " + name + " n4.17");
        System.out.println(NodeLine.serves("nothing"));
        stay();
    }

    private static long child() throws IOException {
        return new ProcessBuilder("sh", "-c", "trap '' TERM; echo; while :; do sleep 1; done")
                .inheritIO()
                .start()
                .pid();
    }

    private static void stay() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
