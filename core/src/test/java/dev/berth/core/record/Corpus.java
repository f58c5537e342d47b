package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records with every kind of component, and values of them with their JSON, as docs/records.md says it is written. */
final class Corpus {
    enum Color {
        RED,
        @Was("GREEN")
        LEAF
    }

    record Key(long id) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Long.compare(id, other.id);
        }
    }

    record Point(double x, float y) {}

    sealed interface Shape {}

    record Circle(Point center, int radius) implements Shape {}

    @Version(3)
    record Path(List<Point> points) implements Shape {}

    record Nothing() implements Shape {}

    record Numbers(boolean flag, byte tiny, short small, int whole, long large, float half, double full) {}

    record Values(
            String text,
            @Nullable String maybeText,
            Bytes raw,
            @Nullable UUID id,
            @Nullable Duration length,
            @Nullable Instant when,
            @Nullable Color color,
            @Nullable Integer maybe,
            @Nullable Double maybeReal,
            @Nullable Point point,
            @Nullable Shape shape) {}

    record Many(
            List<Integer> counts,
            List<String> words,
            List<Double> reals,
            List<Shape> shapes,
            Set<Integer> ids,
            Set<Color> colors,
            Map<String, Integer> items,
            Map<Integer, List<String>> groups,
            Map<Key, Point> places,
            List<List<Integer>> grid) {}

    @Was("Purse")
    record Bag(@Was("coins") long gold, @WireName("i") Map<String, Integer> items) {}

    /** A value, and the JSON that another language must find in its bytes. */
    record Case(String name, Object value, String json) {}

    static final RecordBook BOOK = RecordBook.named("corpus")
            .with(Numbers.class, Values.class, Many.class, Bag.class, Shape.class)
            .build();

    static final List<Case> CASES = List.of(
            new Case("numbers-zero", new Numbers(false, (byte) 0, (short) 0, 0, 0, 0, 0), """
                {"flag": false, "tiny": 0, "small": 0, "whole": 0, "large": 0, "half": 0.0, "full": 0.0}\
                """),
            new Case(
                    "numbers-lowest",
                    new Numbers(
                            true,
                            Byte.MIN_VALUE,
                            Short.MIN_VALUE,
                            Integer.MIN_VALUE,
                            Long.MIN_VALUE,
                            -0.0f,
                            Double.NEGATIVE_INFINITY),
                    """
                    {"flag": true, "tiny": -128, "small": -32768, "whole": -2147483648, "large": -9223372036854775808,
                     "half": -0.0, "full": "-Infinity"}\
                    """),
            new Case(
                    "numbers-highest",
                    new Numbers(
                            true,
                            Byte.MAX_VALUE,
                            Short.MAX_VALUE,
                            Integer.MAX_VALUE,
                            Long.MAX_VALUE,
                            Float.MAX_VALUE,
                            Double.NaN),
                    """
                    {"flag": true, "tiny": 127, "small": 32767, "whole": 2147483647, "large": 9223372036854775807,
                     "half": 3.4028234663852886e38, "full": "NaN"}\
                    """),
            new Case(
                    "values-absent",
                    new Values("", null, Bytes.EMPTY, null, null, null, null, null, null, null, null),
                    """
                    {"text": "", "maybeText": null, "raw": "", "id": null, "length": null, "when": null, "color": null,
                     "maybe": null, "maybeReal": null, "point": null, "shape": null}\
                    """),
            new Case(
                    "values-present",
                    new Values(
                            "Grüße, 船 🚢",
                            "",
                            Bytes.wrap(new byte[] {0, -1}),
                            UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
                            Duration.ofMillis(-1_500),
                            Instant.parse("2026-01-02T03:04:05.000000006Z"),
                            Color.LEAF,
                            0,
                            0.0,
                            new Point(1.5, -2.25f),
                            new Circle(new Point(0, 0), 7)),
                    """
                    {"text": "Grüße, 船 🚢", "maybeText": "", "raw": "00ff", "id": "00112233-4455-6677-8899-aabbccddeeff",
                     "length": [-2, 500000000], "when": [1767323045, 6], "color": "GREEN", "maybe": 0, "maybeReal": 0.0,
                     "point": {"x": 1.5, "y": -2.25},
                     "shape": {"type": "corpus/Circle", "value": {"center": {"x": 0.0, "y": 0.0}, "radius": 7}}}\
                    """),
            new Case(
                    "many-empty",
                    new Many(
                            List.of(), List.of(), List.of(), List.of(), Set.of(), Set.of(), Map.of(), Map.of(),
                            Map.of(), List.of()),
                    """
                    {"counts": [], "words": [], "reals": [], "shapes": [], "ids": [], "colors": [], "items": [],
                     "groups": [], "places": [], "grid": []}\
                    """),
            new Case(
                    "many-full",
                    new Many(
                            List.of(0, -1, 300),
                            List.of("", "b", "a"),
                            List.of(0.0, -1.25),
                            List.of(new Nothing(), new Path(List.of(new Point(1, 2))), new Circle(new Point(3, 4), 5)),
                            Set.of(300, 1, -1),
                            Set.of(Color.RED, Color.LEAF),
                            ordered("shield", 2, "bow", 1, "a".repeat(130), 3),
                            Map.of(1, List.of("x", "y"), 2, List.of()),
                            Map.of(new Key(5), new Point(5, 5), new Key(-5), new Point(-5, -5)),
                            List.of(List.of(1, 2), List.of(), List.of(3))),
                    """
                    {"counts": [0, -1, 300], "words": ["", "b", "a"], "reals": [0.0, -1.25],
                     "shapes": [{"type": "corpus/Nothing", "value": {}},
                                {"type": "corpus/Path", "value": {"points": [{"x": 1.0, "y": 2.0}]}},
                                {"type": "corpus/Circle", "value": {"center": {"x": 3.0, "y": 4.0}, "radius": 5}}],
                     "ids": [-1, 1, 300], "colors": ["RED", "GREEN"],
                     "items": [["bow", 1], ["shield", 2], ["LONG", 3]],
                     "groups": [[1, ["x", "y"]], [2, []]],
                     "places": [[{"id": -5}, {"x": -5.0, "y": -5.0}], [{"id": 5}, {"x": 5.0, "y": 5.0}]],
                     "grid": [[1, 2], [], [3]]}\
                    """.replace("LONG", "a".repeat(130))),
            new Case("bag-renamed", new Bag(100, Map.of("bow", 1)), """
                {"coins": 100, "i": [["bow", 1]]}\
                """),
            new Case("path-version", new Path(List.of()), """
                {"points": []}\
                """));

    private Corpus() {}

    /** In another order than that of the wire. */
    private static Map<String, Integer> ordered(Object... pairs) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], (Integer) pairs[i + 1]);
        }
        return map;
    }
}
