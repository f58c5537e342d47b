package dev.berth.node.operate;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./berth call SERVICE ENTITY KEY METHOD [ARGUMENT...]}. */
@Command(
        name = "call",
        description =
                "Calls a method of an entity and prints what it answers, as JSON: berth call bank Account 17 add 5.")
public final class CallCommand extends EntityCommand {
    @Parameters(index = "3", paramLabel = "METHOD", description = "A method of the contract.")
    private String method = "";

    @Parameters(
            index = "4..*",
            paramLabel = "ARGUMENT",
            description = "One for each parameter: a text as it is, everything else as JSON.")
    private List<String> words = List.of();

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        return ask(operator, patience, method, words);
    }
}
