package dev.berth.node.operate;

import dev.berth.core.call.CallLog;
import dev.berth.core.call.CallStory;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./berth why SLOT|NODE|CALL}: how that came, from the journal that outlives every master, and what is true now. */
@Command(name = "why", description = "Tells how a slot or a node came to be what it is, and what befell a call.")
public final class WhyCommand extends OperatorCommand {
    private static final Pattern LIFE = Pattern.compile("n([1-9]\\d{0,4})(?:\\.([1-9]\\d{0,17}))?");
    private static final Pattern CALL = Pattern.compile("(n[0-9.]+):(|[1-9]\\d{0,17})");
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    @Parameters(
            paramLabel = "SLOT|NODE|CALL",
            description =
                    "role/3, a node's name, or one life of it as in n4.17; or the id of a call that did not end as"
                            + " Done, from its exception or the log, as in n4.17:8123, or n4.17: for the latest of a"
                            + " node.")
    private String subject = "";

    @Option(names = "--json", description = "Print one object.")
    private boolean json;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        checkSubject();
        History history = operator.history(patience);
        Now now = Now.of(operator, patience);
        Map<Incarnation, String> names = history.names(now.view());
        Optional<Incarnation> caller = caller();
        if (caller.isPresent()) {
            String call = subject.substring(subject.indexOf(':') + 1);
            return askCaller(operator, patience, caller.get(), call, history, now);
        }
        List<Story.Event> story;
        Optional<String> known;
        Optional<SlotId> slot = slot();
        if (slot.isPresent()) {
            story = Story.ofSlot(history, names, slot.get());
            known = now.of(slot.get(), names);
        } else {
            TreeSet<Incarnation> lives = lives(names);
            story = Story.ofNode(history, names, lives, subject);
            known = now.of(lives, names);
        }
        if (story.isEmpty() && known.isEmpty()) {
            err().println(nothing(history));
            return 1;
        }
        String state = known.orElse(now.ignorance(subject));
        if (json) {
            out().println(Json.line(object(history, story, state)));
        } else {
            print(history, story, state);
        }
        return 0;
    }

    /** Who made the call that is meant, if one is. */
    private Optional<Incarnation> caller() {
        Matcher call = CALL.matcher(subject);
        return call.matches() ? Incarnation.parse(call.group(1)) : Optional.empty();
    }

    private void checkSubject() {
        if (subject.isBlank()) {
            throw wrong("why what? A slot, e.g. role/3, a node, e.g. game-1 or n4.17, or a call, e.g. n4.17:8123");
        }
        if (subject.contains(":") && caller().isEmpty()) {
            throw wrong(
                    "a call is NODE:NUMBER, e.g. n4.17:8123, or n4.17: for the latest of that node, got " + subject);
        }
    }

    /** The node that made the call is the only one that knows of it. */
    private int askCaller(Operator operator, Duration patience, Incarnation life, String call, History history, Now now)
            throws NoAnswerException, InterruptedException {
        Map<Incarnation, String> names = history.names(now.view());
        View view = now.view();
        if (view == null) {
            throw new NoAnswerException(now.problem());
        }
        Listing listing = view.member(life.node());
        if (listing == null || !view.lists(life)) {
            err().println("the life " + life + " is over, and its calls are forgotten with it; berth why " + life
                    + " tells how it ended");
            return 1;
        }
        ToolMessage.CallTold told = operator.calls(address(listing), number(call), patience);
        if (told.stories().isEmpty()) {
            err().println(life + " remembers nothing of it: it ended as Done in time, has not ended, or more than "
                    + CallLog.KEPT_MAX + " later ones did not end well");
            return 1;
        }
        if (json) {
            List<Map<String, Object>> all = told.stories().stream()
                    .map(story -> new CallAnswer(told, story, history, names).object())
                    .toList();
            Object shown = call.isEmpty() ? all : all.getFirst();
            out().println(Json.line(shown));
            return 0;
        }
        for (CallStory story : told.stories()) {
            CallAnswer answer = new CallAnswer(told, story, history, names);
            if (call.isEmpty()) {
                out().println(answer.table().getFirst());
            } else {
                answer.table().forEach(out()::println);
            }
        }
        return 0;
    }

    private static long number(String digits) {
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    static String when(Instant at) {
        return WHEN.format(at.atZone(ZoneId.systemDefault()));
    }

    private Optional<SlotId> slot() {
        int slash = subject.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SlotId(subject.substring(0, slash), Integer.parseInt(subject.substring(slash + 1))));
        } catch (IllegalArgumentException notASlot) {
            throw wrong("a slot is SERVICE/NUMBER, e.g. role/3, got " + subject);
        }
    }

    /** Whom the subject means: one life, all lives of an id, or all of a name. */
    private TreeSet<Incarnation> lives(Map<Incarnation, String> names) {
        Matcher life = LIFE.matcher(subject);
        boolean byId = life.matches() && !names.containsValue(subject);
        TreeSet<Incarnation> lives = new TreeSet<>();
        names.forEach((known, name) -> {
            boolean meant = byId
                    ? known.toString().equals(subject)
                            || known.node().toString().equals(subject)
                    : name.equals(subject);
            if (meant) {
                lives.add(known);
            }
        });
        return lives;
    }

    private String nothing(History history) {
        return "nothing is known of " + subject + ": no view lists it, and the journal, which begins with view "
                + history.firstView() + ", does not mention it. berth status shows nodes and slots";
    }

    private void print(History history, List<Story.Event> story, String state) {
        out().println("%-23s %6s %5s %-8s %s".formatted("WHEN", "VIEW", "TERM", "MASTER", "WHAT, AND WHY"));
        for (Story.Event event : story) {
            out().println("%-23s %6d %5d %-8s %s"
                    .formatted(
                            when(event.at()),
                            event.entry().view(),
                            event.entry().term(),
                            event.entry().master(),
                            event.what() + (event.epoch() > 0 ? " epoch=" + event.epoch() : "")));
            out().println(" ".repeat(46) + "because " + event.because());
        }
        if (history.firstView() > 1) {
            out().println("(the journal begins with view " + history.firstView() + ")");
        }
        history.problems().forEach(problem -> out().println("(not readable: " + problem + ")"));
        out().println();
        out().println("now: " + state);
    }

    private Map<String, Object> object(History history, List<Story.Event> story, String state) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("subject", subject);
        all.put("story", story.stream().map(Story.Event::object).toList());
        all.put("now", state);
        all.put("journal_from_view", history.firstView());
        all.put("problems", history.problems());
        return all;
    }
}
