package dev.berth.node.operate;

import dev.berth.core.call.CallStep;
import dev.berth.core.call.CallStory;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

// Two clocks meet here: the steps are told by the calling node's, what befell the slot by that of the master that wrote
// it. They are shown in one list by their times, which may differ by what the machines' clocks differ.

/** A call's own story, and what befell its slot meanwhile. One thread. */
record CallAnswer(ToolMessage.CallTold told, CallStory story, History history, Map<Incarnation, String> names) {
    private static final long BEFORE_MILLIS = 30_000;
    private static final long AFTER_MILLIS = 2_000;

    /** One line of the story. */
    private record Line(long atMillis, String who, String what, String because) {
        Map<String, Object> object() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("at", Instant.ofEpochMilli(atMillis).toString());
            all.put("who", who);
            all.put("what", what);
            if (!because.isEmpty()) {
                all.put("because", because);
            }
            return all;
        }
    }

    private String id() {
        return told.life() + ":" + story.call();
    }

    private long began() {
        return told.millisAt(story.beganNanos());
    }

    private long ended() {
        return told.millisAt(story.endedNanos());
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        String self = Story.named(names, told.life());
        slot().ifPresent(slot -> ofSlot(slot, lines));
        lines.add(new Line(began(), self, "calls " + story.to(), ""));
        for (CallStep step : story.steps()) {
            lines.add(new Line(told.millisAt(step.atNanos()), self, step.kind() + " " + step.detail(), ""));
        }
        if (story.leftOut() > 0) {
            lines.add(new Line(ended(), self, story.leftOut() + " steps more in between", ""));
        }
        lines.add(new Line(ended(), self, "ENDED " + story.end(), ""));
        lines.sort(Comparator.comparingLong(Line::atMillis));
        return lines;
    }

    /** What was true when the call was made, and what changed until it ended. */
    private void ofSlot(SlotId slot, List<Line> lines) {
        Story.Event last = null;
        List<Story.Event> near = new ArrayList<>();
        for (Story.Event event : Story.ofSlot(history, names, slot)) {
            long at = event.entry().atMillis();
            if (at < began() - BEFORE_MILLIS) {
                last = event;
            } else if (at <= ended() + AFTER_MILLIS) {
                near.add(event);
            }
        }
        if (last != null) {
            near.addFirst(last);
        }
        near.forEach(event -> lines.add(new Line(
                event.entry().atMillis(),
                "view " + event.entry().view(),
                event.what() + (event.epoch() > 0 ? " epoch=" + event.epoch() : ""),
                event.because())));
    }

    private Optional<SlotId> slot() {
        String[] parts = story.to().split("/", -1);
        try {
            return parts.length == 2 ? Optional.of(new SlotId(parts[0], Integer.parseInt(parts[1]))) : Optional.empty();
        } catch (IllegalArgumentException noSlot) {
            return Optional.empty();
        }
    }

    List<String> table() {
        List<String> rows = new ArrayList<>();
        rows.add("call " + id() + " of " + story.to() + " took " + (story.endedNanos() - story.beganNanos()) / 1_000_000
                + " ms and ended as " + story.end());
        for (Line line : lines()) {
            rows.add("%-23s %-20s %s"
                    .formatted(WhyCommand.when(Instant.ofEpochMilli(line.atMillis())), line.who(), line.what()));
            if (!line.because().isEmpty()) {
                rows.add(" ".repeat(45) + "because " + line.because());
            }
        }
        return rows;
    }

    Map<String, Object> object() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("subject", id());
        all.put("to", story.to());
        all.put("took_ms", (story.endedNanos() - story.beganNanos()) / 1_000_000);
        all.put("end", story.end());
        all.put("story", lines().stream().map(Line::object).toList());
        all.put("journal_from_view", history.firstView());
        all.put("problems", history.problems());
        return all;
    }
}
