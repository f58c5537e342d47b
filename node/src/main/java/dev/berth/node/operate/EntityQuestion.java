package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.EntityName;
import dev.berth.core.cluster.Listing;
import dev.berth.node.member.MemberNode;
import java.time.Duration;
import java.util.List;

/** A command that asks an entity something: any node that has its code is asked, wherever the entity is. */
abstract class EntityQuestion extends OperatorCommand {
    private static final long AGAIN_MILLIS = 100;
    /** A cluster whose masters answer may still be starting its workers. */
    private static final Duration STARTING = Duration.ofMinutes(1);

    final int ask(
            Operator operator, Duration patience, String service, EntityName who, String method, List<String> words)
            throws NoAnswerException, InterruptedException {
        long end = System.nanoTime() + Math.max(patience.toNanos(), STARTING.toNanos());
        ToolMessage.AskEntity asked =
                new ToolMessage.AskEntity(MemberNode.nonce(), service, who.type(), who.key(), method, words);
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
