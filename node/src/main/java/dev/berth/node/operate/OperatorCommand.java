package dev.berth.node.operate;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.View;
import dev.berth.node.launch.HostPort;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks a running cluster. */
abstract class OperatorCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            description = "How long to look for a master that answers (or BERTH_WITHIN; here ${DEFAULT-VALUE}).",
            defaultValue = "${env:BERTH_WITHIN:-15}")
    private int within;

    /** Asks and prints; the result is the exit code. */
    abstract int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException;

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Whom the operator means: by its name, or else by its id, e.g. n4. */
    final NodeId node(View view, String word) {
        NodeId[] found = {NodeId.NONE, NodeId.NONE};
        view.forEachMember(listing -> {
            found[0] = listing.name().equals(word) ? listing.id() : found[0];
            found[1] = listing.id().toString().equals(word) ? listing.id() : found[1];
        });
        NodeId node = found[0].isNone() ? found[1] : found[0];
        if (node.isNone()) {
            throw wrong("view " + view.number() + " lists no node " + word + "; berth status shows them");
        }
        return node;
    }

    /** Where the node is asked. */
    static InetSocketAddress address(Listing listing) throws NoAnswerException {
        return addressOf(listing).orElseThrow(() -> new NoAnswerException(listing.name() + " lists no address"));
    }

    static Optional<InetSocketAddress> addressOf(Listing listing) {
        return listing.addresses().stream()
                .flatMap(address -> HostPort.parse(address, 1).stream())
                .findFirst()
                .map(HostPort::address);
    }

    /** What a master has said to a proposal, as an object. */
    static Map<String, Object> answer(ClusterMessage.Decided decided) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("accepted", decided.accepted());
        answer.put("view", decided.view());
        answer.put("reason", decided.reason());
        return answer;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Override
    public final Integer call() throws IOException, InterruptedException {
        String problem = cluster.problem(Duration.ofSeconds(within));
        if (problem != null) {
            throw wrong(problem);
        }
        try (Operator operator = new Operator(cluster.transport(), cluster.masters())) {
            return ask(operator, Duration.ofSeconds(within));
        } catch (NoAnswerException nobody) {
            err().println(nobody.getMessage());
            return 1;
        }
    }
}
