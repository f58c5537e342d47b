package dev.berth.node.entity;

import dev.berth.core.call.ToolMessage.PutEnd;
import dev.berth.core.entity.Cell;
import dev.berth.core.entity.EntityImage;
import dev.berth.core.entity.EntityLog;
import dev.berth.core.entity.Parcel;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.tool.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// A backup of an entity is its image: what a snapshot in the store is. Its owner gives it out when all that it has
// seen is durable, and writes one as it writes everything else, behind its fence and at the version that follows.
// So nobody else ever writes, and a copy has with the states also the operations that they have seen: what was
// under way between two entities arrives once in the other cluster, too.

/** Entities as wholes, out and in. Any thread. */
final class Copies {
    /** Nearly what fits a call; those of more are refused. */
    private static final int IMAGE_MAX = (1 << 20) - 2_048;

    private Copies() {}

    /** What every entity answers, whatever its contract. */
    enum Question {
        /** What it is in memory, for people. */
        LOOK,
        /** Its image. */
        COPY,
        /** To become what an image says if it is nothing yet; answered with a {@link PutEnd}. */
        PUT,
        /** The same, whatever it is. */
        REPLACE,
        /** A page of one of its feeds, and to be told what comes next: a FeedRead. */
        READ,
        /** At these places nobody hears its feeds any more. */
        UNHEARD;

        /** In place of a method's name; none is called so. */
        String method() {
            return this == LOOK ? "" : "<" + name() + ">";
        }

        static boolean isOne(String method) {
            return Arrays.stream(values()).anyMatch(each -> each.method().equals(method));
        }

        /** Of one that is. */
        static Question of(String method) {
            return Arrays.stream(values())
                    .filter(each -> each.method().equals(method))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Bytes copy(EntityLog log, Object who) {
        if (log.isBlank()) {
            throw new IllegalArgumentException(who + " has nothing in the store");
        }
        Bytes image = log.image();
        if (image.length() > IMAGE_MAX) {
            throw new IllegalStateException(
                    who + " is too large to be copied: " + image.length() + " bytes, at most " + IMAGE_MAX);
        }
        return image;
    }

    /** An IllegalArgumentException says what this build could not keep of it, and why. */
    static EntityImage read(Entities entities, Bytes bytes) {
        if (bytes.length() > IMAGE_MAX) {
            throw new IllegalArgumentException(
                    "its image is larger than an export makes one: " + bytes.length() + " bytes, at most " + IMAGE_MAX);
        }
        try {
            EntityImage image = EntityImage.CODEC.decode(bytes.toArray());
            for (Cell cell : image.cells()) {
                entities.messages().read(cell.value());
            }
            for (Parcel parcel : image.parcels()) {
                if (entities.type(parcel.call().type()) == null) {
                    throw new IllegalArgumentException("it has a message under way to a "
                            + parcel.call().type() + ", and this build has only " + entities.names());
                }
            }
            return image;
        } catch (WireException unreadable) {
            throw new IllegalArgumentException("this build cannot read it: " + unreadable.getMessage(), unreadable);
        }
    }

    /** For people: JSON. */
    static String shown(RecordBook book, EntityImage image) {
        Map<String, @Nullable Object> states = new LinkedHashMap<>();
        for (Cell cell : image.cells()) {
            try {
                states.put(cell.name(), Plain.of(book.read(cell.value())));
            } catch (WireException unreadable) {
                states.put(cell.name(), "? " + unreadable.getMessage());
            }
        }
        Map<String, String> timers = new LinkedHashMap<>();
        image.alarms()
                .forEach(alarm -> timers.put(
                        alarm.name(), Instant.ofEpochMilli(alarm.dueMillis()).toString()));
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("states", states);
        Map<String, Long> feeds = new LinkedHashMap<>();
        image.feeds()
                .forEach(feed ->
                        feeds.put(feed.feed(), feed.first() + feed.items().size() - 1));
        if (!feeds.isEmpty()) {
            all.put("feeds", feeds);
        }
        all.put("timers", timers);
        all.put(
                "under_way",
                image.parcels().stream()
                        .map(parcel ->
                                parcel.call().type() + "." + parcel.call().method())
                        .toList());
        all.put("operations", image.answers().size());
        return Json.line(all);
    }
}
