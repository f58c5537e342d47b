package dev.berth.node.process;

import dev.berth.core.cluster.Timings;
import dev.berth.core.record.RecordBook;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.nio.file.Path;
import java.util.List;

/** A node as a process of its own that publishes as an echo what it hears as news: {@code CLUSTER SECRET MASTER DIVISOR}. */
final class NewsMain {
    record Line(int number, String text) {}

    static final RecordBook BOOK = Processes.messages("news").with(Line.class).build();

    private NewsMain() {}

    public static void main(String[] args) throws Exception {
        NodeConfig config = NodeConfig.of(
                        args[0],
                        Secret.ofFile(Path.of(args[1])),
                        "other",
                        List.of(HostPort.parse(args[2], 1).orElseThrow().address()))
                .withTimings(Timings.DEFAULT.dividedBy(Integer.parseInt(args[3])))
                .withMessages(BOOK);
        try (Node node = Node.start(config)) {
            node.processes().<Line>spawn(self -> {
                self.subscribe("news", Line.class, line -> line);
                return (me, line) -> {
                    me.topic("echo").publish(line);
                    return null;
                };
            });
            System.out.println("it listens");
            System.out.println("over: " + node.ended().get());
        }
    }
}
