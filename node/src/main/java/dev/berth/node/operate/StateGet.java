package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.FromNode;
import dev.berth.node.member.MemberNode;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./berth state get SERVICE ENTITY KEY}. */
@Command(
        name = "get",
        description =
                "Prints what an entity has in the store, as one JSON object. Its code does not run for it; what it is"
                        + " in memory shows berth inspect.")
final class StateGet extends OperatorCommand {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "The application, e.g. bank.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ENTITY", description = "The name of its contract, e.g. Account.")
    private String type = "";

    @Parameters(index = "2", paramLabel = "KEY", description = "Which one, e.g. 17.")
    private String key = "";

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        try (Talk talk = new Talk(operator, service, patience)) {
            ToolMessage.EntityName name = new ToolMessage.EntityName(type, key);
            FromNode said = talk.ask(new ToolMessage.AskImage(MemberNode.nonce(), service, name));
            if (said instanceof ToolMessage.ImageTold told) {
                int bytes = told.image().length();
                out().println(told.states().isEmpty() ? Json.line(Map.of("bytes", bytes)) : told.states());
                return 0;
            }
            err().println(said instanceof ToolMessage.EntityTold problem ? problem.text() : said);
            return 1;
        }
    }
}
