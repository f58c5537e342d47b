package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.node.member.MemberNode;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A command about one entity: any node that has its code is asked, wherever the entity is. */
abstract class EntityCommand extends OperatorCommand {
    private static final long AGAIN_MILLIS = 100;
    /** A cluster whose masters answer may still be starting its workers. */
    private static final Duration STARTING = Duration.ofMinutes(1);

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The application, e.g. bank.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "ENTITY", description = "The name of its contract, e.g. Account.")
    private String type = "";

    @Parameters(index = "2", paramLabel = "KEY", description = "Which one, e.g. 17.")
    private String key = "";

    final int ask(Operator operator, Duration patience, String method, List<String> words)
            throws NoAnswerException, InterruptedException {
        long end = System.nanoTime() + Math.max(patience.toNanos(), STARTING.toNanos());
        ToolMessage.AskEntity asked = new ToolMessage.AskEntity(MemberNode.nonce(), service, type, key, method, words);
        while (true) {
            for (Listing listing :
                    Talk.able(service, operator.status(patience).view().toView())) {
                ToolMessage.EntityTold told = operator.entity(address(listing), asked, patience);
                if (told != null) {
                    (told.done() ? out() : err()).println(told.text());
                    return told.done() ? 0 : 1;
                }
            }
            if (System.nanoTime() > end) {
                throw new NoAnswerException("no node that offers the service " + service + " can be reached;"
                        + " berth status shows who is there");
            }
            // Perhaps they are just starting.
            Thread.sleep(AGAIN_MILLIS);
        }
    }
}
