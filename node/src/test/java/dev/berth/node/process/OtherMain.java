package dev.berth.node.process;

import dev.berth.core.cluster.Timings;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.nio.file.Path;
import java.util.List;

/** A node as a process of its own, with a sleeper under a global name: {@code CLUSTER SECRET MASTER DIVISOR}. */
final class OtherMain {
    /** Tells the ear that it was asked, and never answers. */
    record Sleep(ProcessRef<String> ear) implements Asks<String> {}

    private OtherMain() {}

    public static void main(String[] args) throws Exception {
        NodeConfig config = NodeConfig.of(
                        args[0],
                        Secret.ofFile(Path.of(args[1])),
                        "other",
                        List.of(HostPort.parse(args[2], 1).orElseThrow().address()))
                .withTimings(Timings.DEFAULT.dividedBy(Integer.parseInt(args[3])))
                .withMessages(Processes.messages("other").with(Sleep.class).build());
        try (Node node = Node.start(config)) {
            Processes processes = node.processes();
            processes.register("sleeper", processes.spawn(_ -> OtherMain::sleep));
            System.out.println("the sleeper has its name");
            System.out.println("over: " + node.ended().get());
        }
    }

    private static Object sleep(Self<Object> self, Object message) {
        if (message instanceof Sleep(ProcessRef<String> ear)) {
            ear.send("asleep");
            return self.replyLater();
        }
        self.stop(message.toString());
        return message;
    }
}
