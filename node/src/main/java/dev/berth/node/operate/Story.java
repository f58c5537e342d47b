package dev.berth.node.operate;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.JournalLine;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// What concerns somebody is picked out of the journal by following him: a slot's story has its own changes and what
// befell its owners while they owned it; a node's story has its own lives and every slot that came or went.

/** Tells from the journal what befell a slot or a node. One thread. */
final class Story {
    /** One thing that happened. */
    record Event(JournalEntry entry, String what, String because, long epoch) {
        Map<String, Object> object() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("at", at().toString());
            all.put("view", entry.view());
            all.put("term", entry.term());
            all.put("master", entry.master());
            all.put("what", what);
            if (epoch > 0) {
                all.put("epoch", epoch);
            }
            all.put("because", because);
            return all;
        }

        Instant at() {
            return Instant.ofEpochMilli(entry.atMillis());
        }
    }

    private final Map<Incarnation, String> names;
    private final List<Event> events = new ArrayList<>();

    private Story(Map<Incarnation, String> names) {
        this.names = names;
    }

    static List<Event> ofSlot(History history, Map<Incarnation, String> names, SlotId slot) {
        Story story = new Story(names);
        TreeSet<Incarnation> owners = new TreeSet<>();
        for (JournalEntry entry : history.entries()) {
            for (JournalLine line : entry.lines()) {
                if (line instanceof JournalLine.SlotMoved moved && moved.slot().equals(slot)) {
                    story.add(entry, moved);
                    owners.clear();
                    owners.addAll(concerned(moved.after()));
                } else if (line instanceof JournalLine.Drained drained && owners.contains(drained.life())) {
                    story.add(entry, drained);
                } else if (line instanceof JournalLine.Led led && !story.events.isEmpty()) {
                    story.add(entry, led);
                }
            }
            story.addOmission(entry, slot.toString());
        }
        return story.events;
    }

    /** @param lives all of them, if it is known by a name only */
    static List<Event> ofNode(History history, Map<Incarnation, String> names, TreeSet<Incarnation> lives, String who) {
        Story story = new Story(names);
        for (JournalEntry entry : history.entries()) {
            for (JournalLine line : entry.lines()) {
                switch (line) {
                    case JournalLine.Came came when lives.contains(came.life()) -> story.add(entry, came);
                    case JournalLine.Went went when lives.contains(went.life()) -> story.add(entry, went);
                    case JournalLine.Drained drained when lives.contains(drained.life()) -> story.add(entry, drained);
                    case JournalLine.SlotMoved moved when concerns(moved, lives) -> story.add(entry, moved);
                    case JournalLine.Led led when !story.events.isEmpty() -> story.add(entry, led);
                    case JournalLine _ -> {}
                }
            }
            story.addOmission(entry, who);
        }
        return story.events;
    }

    private static boolean concerns(JournalLine.SlotMoved moved, TreeSet<Incarnation> lives) {
        return concerned(moved.before()).stream().anyMatch(lives::contains)
                || concerned(moved.after()).stream().anyMatch(lives::contains);
    }

    private static List<Incarnation> concerned(SlotState state) {
        return state instanceof SlotState.Draining draining
                ? List.of(draining.owner(), draining.target())
                : state.owner().isNone() ? List.of() : List.of(state.owner());
    }

    private void add(JournalEntry entry, JournalLine line) {
        switch (line) {
            case JournalLine.Came came -> add(entry, named(came.life()) + " came", came.cause(), 0);
            case JournalLine.Went went -> add(entry, named(went.life()) + " went", went.cause(), 0);
            case JournalLine.Drained drained ->
                add(
                        entry,
                        named(drained.life()) + (drained.drains() ? " is to be empty" : " may own slots again"),
                        drained.cause(),
                        0);
            case JournalLine.SlotMoved moved ->
                add(
                        entry,
                        moved.slot() + " " + inWords(moved.before()) + " -> " + inWords(moved.after()),
                        moved.cause(),
                        moved.after().epoch());
            case JournalLine.Led led -> add(entry, "master " + entry.master() + " leads", led.cause(), 0);
            case JournalLine.SettingMoved _, JournalLine.Other _ -> {}
        }
    }

    private void add(JournalEntry entry, String what, String because, long epoch) {
        events.add(new Event(entry, what, because, epoch));
    }

    private void addOmission(JournalEntry entry, String who) {
        if (entry.omitted() > 0) {
            add(
                    entry,
                    entry.omitted() + " changes more than the journal had room for",
                    entry.reason() + "; something about " + who + " may be among them",
                    0);
        }
    }

    private String named(Incarnation life) {
        return named(names, life);
    }

    static String named(Map<Incarnation, String> names, Incarnation life) {
        @Nullable String name = names.get(life);
        return name == null ? life.toString() : name + " (" + life + ")";
    }

    private String inWords(SlotState state) {
        return inWords(names, state);
    }

    /** The state with the names of those it concerns. */
    static String inWords(Map<Incarnation, String> names, SlotState state) {
        return switch (state) {
            case SlotState.Free _, SlotState.Parked _ -> state.toString();
            case SlotState.Offered offered -> "OFFERED " + named(names, offered.owner());
            case SlotState.Running running -> "RUNNING " + named(names, running.owner());
            case SlotState.Draining draining ->
                "DRAINING " + named(names, draining.owner()) + " target " + named(names, draining.target());
        };
    }
}
