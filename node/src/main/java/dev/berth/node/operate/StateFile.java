package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage.EntityName;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.node.tool.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

// A line is an object whose last field is a sum over all before it. So whatever a disk, a copy or an editor has
// done to a file is found before anything is written. "states" is what people read; "image" is what comes back.

/** The entities of a service as lines of JSON: a first line, one for each entity, a last one. One thread. */
final class StateFile {
    static final int FORMAT = 1;
    /** An image has at most 1 MiB, in base 64, and what people read of it 32 KiB. */
    static final int LINE_MAX = 2 << 20;

    private static final Pattern SUM = Pattern.compile(",\"sum\":\"([0-9a-f]{8})\"}");
    private static final int SUM_LENGTH = ",\"sum\":\"00000000\"}".length();

    private static final Json JSON = new Json(new Limits(LINE_MAX, LINE_MAX, 64));

    private StateFile() {}

    /** What a line says. */
    sealed interface Line {}

    /** @param view the cluster's, when it was written */
    record First(String service, long view) implements Line {}

    record One(EntityName entity, Bytes image) implements Line {}

    record Last(long entities) implements Line {}

    /** What is wrong with which line, and what to do. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        UnusableException(long line, String what) {
            super("line " + line + ": " + what);
        }
    }

    static String first(String service, long view, String when) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("berth", "entities");
        all.put("format", FORMAT);
        all.put("service", service);
        all.put("view", view);
        all.put("at", when);
        return sealed(Json.line(all));
    }

    /** @param shown JSON for people; may be empty */
    static String one(EntityName entity, String shown, Bytes image) {
        String name = Json.line(Map.of("entity", entity.type(), "key", entity.key()));
        String all = name.substring(0, name.length() - 1)
                + (shown.isEmpty() ? "" : ",\"shown\":" + shown)
                + ",\"image\":\"" + Base64.getEncoder().encodeToString(image.toArray()) + "\"}";
        return sealed(all);
    }

    static String last(long entities) {
        return sealed(Json.line(Map.of("entities", entities, "end", true)));
    }

    /** @param object JSON */
    static String sealed(String object) {
        String all = object.substring(0, object.length() - 1);
        return all + ",\"sum\":\"" + sum(all) + "\"}";
    }

    private static String sum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(sum.getValue());
    }

    /** Hears each line with its number, from 1. */
    interface Ears {
        void line(long number, Line line)
                throws UnusableException, IOException, NoAnswerException, InterruptedException;
    }

    /** Reads all, a line at a time; what is not such a file from its first to its last line ends it. */
    static void read(Path file, Ears ears)
            throws UnusableException, IOException, NoAnswerException, InterruptedException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long number = 0;
            long entities = 0;
            boolean ended = false;
            for (String text = next(in, 1); text != null; text = next(in, number + 1)) {
                number++;
                Line line = parsed(number, text);
                boolean expected = !ended && (line instanceof First) == (number == 1);
                if (!expected) {
                    throw new UnusableException(
                            number,
                            "this line does not belong here: a file has one first and one"
                                    + " last line; import parts of it one by one");
                }
                if (line instanceof Last(long count)) {
                    ended = true;
                    if (count != entities) {
                        throw new UnusableException(
                                number, "the file was written with " + count + " entities and has " + entities);
                    }
                }
                entities += line instanceof One ? 1 : 0;
                ears.line(number, line);
            }
            if (!ended) {
                throw new UnusableException(
                        number + 1, "the file ends here and its last line is missing: export it again, to the end");
            }
        }
    }

    private static @Nullable String next(InputStream in, long number) throws IOException, UnusableException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int one = in.read();
        if (one < 0) {
            return null;
        }
        for (; one >= 0 && one != '\n'; one = in.read()) {
            if (line.size() == LINE_MAX) {
                throw new UnusableException(number, "it is longer than " + LINE_MAX + " bytes: this is no export");
            }
            line.write(one);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static Line parsed(long number, String text) throws UnusableException {
        int end = text.length() - SUM_LENGTH;
        Matcher sum = SUM.matcher(text.substring(Math.max(0, end)));
        if (!sum.matches()) {
            throw new UnusableException(number, "it has no sum at its end, so it is cut off or no line of an export");
        }
        if (!sum.group(1).equals(sum(text.substring(0, end)))) {
            throw new UnusableException(
                    number,
                    "its sum is not that of what it says: it is damaged, or was changed by"
                            + " hand; export it again, and change entities with berth call");
        }
        try {
            if (JSON.read(Bytes.utf8(text)) instanceof Map<?, ?> all) {
                return line(number, all);
            }
            throw new UnusableException(number, "this is no JSON object");
        } catch (WireException notJson) {
            throw new UnusableException(number, String.valueOf(notJson.getMessage()));
        } catch (IllegalArgumentException wrong) {
            throw new UnusableException(number, String.valueOf(wrong.getMessage()));
        }
    }

    private static Line line(long number, Map<?, ?> all) {
        if (number == 1 || all.containsKey("berth")) {
            if (!"entities".equals(all.get("berth"))) {
                throw new IllegalArgumentException("this is no first line of an export of berth state export");
            }
            long format = number(all, "format");
            if (format != FORMAT) {
                throw new IllegalArgumentException("the file has format " + format + ", and this build reads format "
                        + FORMAT + ": import it with the release that wrote it, or a later one");
            }
            return new First(text(all, "service"), number(all, "view"));
        }
        if (Boolean.TRUE.equals(all.get("end"))) {
            return new Last(number(all, "entities"));
        }
        try {
            byte[] image = Base64.getDecoder().decode(text(all, "image"));
            if (image.length > StoreLimits.STATE_MAX) {
                throw new IllegalArgumentException(
                        "its image has " + image.length + " bytes, at most " + StoreLimits.STATE_MAX);
            }
            return new One(new EntityName(text(all, "entity"), text(all, "key")), Bytes.wrap(image));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("this is no entity: " + wrong.getMessage(), wrong);
        }
    }

    private static String text(Map<?, ?> all, String name) {
        if (all.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("'" + name + "' is to be a text, got " + all.get(name));
    }

    private static long number(Map<?, ?> all, String name) {
        if (all.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("'" + name + "' is to be a number, got " + all.get(name));
    }
}
