package dev.berth.node.worker;

import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeLine;

/** What a node that {@code berth up} has started tells its launcher, and how its process ends. One thread: that of main. */
public final class LaunchedNode {
    private LaunchedNode() {}

    /**
     * Says how far the node is, until it is over.
     *
     * @param name as the launcher calls it
     * @param close when the process is asked to end
     * @return the cause of its end
     */
    public static String follow(Node node, String name, Runnable close) {
        Runtime.getRuntime().addShutdownHook(new Thread(close, "berth-end"));
        say(NodeLine.serves(HostPort.of(node.address()).toString()));
        var _ = node.listed().thenAccept(life -> say(NodeLine.listed(name, life)));
        return node.ended().join();
    }

    /** A node that is over must not linger as a process that does nothing. */
    public static void end(String name, String cause) {
        say(name + " ends: " + cause);
        Runtime.getRuntime().halt(1);
    }

    /** The launcher reads line by line, at once. */
    public static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
