package dev.berth.node.operate;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code ./berth inspect SERVICE ENTITY KEY}. */
@Command(
        name = "inspect",
        description =
                "Prints what an entity keeps and has under way, as one JSON object: berth inspect bank Account 17.")
public final class InspectCommand extends EntityCommand {
    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        return ask(operator, patience, "", List.of());
    }
}
