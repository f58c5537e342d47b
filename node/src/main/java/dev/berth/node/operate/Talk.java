package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.FromNode;
import dev.berth.core.call.ToolMessage.OfEntities;
import dev.berth.core.call.ToolMessage.ToNode;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.View;
import dev.berth.node.link.Dial;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// What is asked here does no harm when it is asked twice; so when the node that was asked is lost, the next one is
// asked for whatever is still open.

/** Questions about entities to the nodes of a service, some at a time over one connection. One thread. */
final class Talk implements AutoCloseable {
    /** Asked at once; with the largest answers that is 16 MiB in memory. */
    static final int QUESTIONS_MAX = 16;

    private static final Duration STARTING = Duration.ofMinutes(1);
    /** A node itself asks owners for up to 30 s. */
    private static final long ANSWER_SECONDS = 40;

    private static final long AGAIN_MILLIS = 100;

    private final Operator operator;
    private final String service;
    private final Duration patience;
    private @Nullable Line line;
    private int next;
    private String last = "";

    Talk(Operator operator, String service, Duration patience) {
        this.operator = operator;
        this.service = service;
        this.patience = patience;
    }

    /** Those that offer the service, and so have its code. */
    static List<Listing> able(String service, View view) {
        List<Listing> able = new ArrayList<>();
        view.forEachMember(listing -> {
            if (listing.offers().stream().anyMatch(offer -> offer.service().equals(service))) {
                able.add(listing);
            }
        });
        return able;
    }

    View view() throws NoAnswerException, InterruptedException {
        return operator.status(patience).view().toView();
    }

    FromNode ask(OfEntities question) throws NoAnswerException, InterruptedException {
        return askAll(List.of(question)).getFirst();
    }

    /** The answers, in order. */
    List<FromNode> askAll(List<? extends OfEntities> questions) throws NoAnswerException, InterruptedException {
        Map<Nonce, FromNode> answers = new HashMap<>();
        long end = System.nanoTime() + Math.max(patience.toNanos(), STARTING.toNanos());
        while (true) {
            Line there = line == null ? dial() : line;
            line = there;
            if (there != null) {
                there.ask(
                        questions.stream()
                                .filter(question -> !answers.containsKey(question.id()))
                                .toList(),
                        answers);
                if (answers.size() == questions.size()) {
                    return questions.stream()
                            .map(question -> Objects.requireNonNull(answers.get(question.id())))
                            .toList();
                }
                last = "; the last one: " + there.cause;
                there.close();
                line = null;
            }
            if (System.nanoTime() - end > 0) {
                throw new NoAnswerException("no node that offers the service " + service + " answers;"
                        + " berth status shows who is there" + last);
            }
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        }
    }

    private @Nullable Line dial() throws NoAnswerException, InterruptedException {
        List<Listing> able = able(service, view());
        if (able.isEmpty()) {
            return null;
        }
        Line made = new Line();
        made.dial = operator.dial(OperatorCommand.address(able.get(next++ % able.size())), made);
        return made;
    }

    @Override
    public void close() {
        if (line != null) {
            line.close();
        }
    }

    /** One connection. */
    private static final class Line implements PipeEars<FromNode, ToNode> {
        private final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        private @Nullable Pipe<ToNode> pipe;
        private @Nullable Dial dial;
        private String cause = "";

        /** Puts into the map what it hears of these, until it has all or hears nothing more. */
        @SuppressWarnings("unchecked") // only the loop puts a pipe there
        void ask(List<? extends OfEntities> questions, Map<Nonce, FromNode> answers)
                throws NoAnswerException, InterruptedException {
            int open = questions.size();
            boolean asked = false;
            while (open > 0) {
                Pipe<ToNode> to = pipe;
                if (to != null && !asked) {
                    asked = true;
                    to.loop().execute(() -> sendAll(questions, to));
                }
                Object said = heard.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
                if (said instanceof ToolMessage.NotNow(Nonce _, String why)) {
                    cause = why;
                    open--;
                } else if (said instanceof FromNode answer) {
                    answers.put(answer.id(), answer);
                    open--;
                } else if (said instanceof Pipe<?> opened) {
                    pipe = (Pipe<ToNode>) opened;
                } else if (said instanceof IllegalArgumentException tooMuch) {
                    throw new NoAnswerException("this cannot be asked: " + tooMuch.getMessage());
                } else {
                    cause = said == null ? "it does not answer" : said.toString();
                    return;
                }
            }
        }

        private void sendAll(List<? extends OfEntities> questions, Pipe<ToNode> to) {
            try {
                questions.forEach(to::send);
            } catch (IllegalArgumentException tooMuch) {
                heard.add(tooMuch);
            }
        }

        void close() {
            if (dial != null) {
                dial.cancel("asked");
            }
        }

        @Override
        public void opened(Pipe<ToNode> opened) {
            heard.add(opened);
        }

        @Override
        public void received(FromNode message) {
            heard.add(message);
        }

        @Override
        public void closed(String why) {
            heard.add(why);
        }
    }
}
