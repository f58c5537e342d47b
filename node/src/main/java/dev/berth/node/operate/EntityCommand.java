package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage.EntityName;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A command about one entity: any node that has its code is asked, wherever the entity is. */
abstract class EntityCommand extends EntityQuestion {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "The application, e.g. bank.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ENTITY", description = "The name of its contract, e.g. Account.")
    private String type = "";

    @Parameters(index = "2", paramLabel = "KEY", description = "Which one, e.g. 17.")
    private String key = "";

    final int ask(Operator operator, Duration patience, String method, List<String> words)
            throws NoAnswerException, InterruptedException {
        return ask(operator, patience, service, new EntityName(type, key), method, words);
    }
}
