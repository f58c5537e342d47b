package dev.berth.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// The same game twice, before and after a programmer changed its records, each compiled by javac and loaded by a class
// loader of its own. What one writes the other reads, in both directions: a store has old bytes, and in a rolling
// upgrade an old node gets new ones.

/** What may be changed in a record, and what happens to each other's bytes. */
class TwoBuildsTest {
    private static final String BEFORE = """
        public record Added(long gold) {}

        public record Removed(long gold, List<String> friends, Rank rank) {}

        public enum Rank { LOW, HIGH }

        public record Renamed(long coins, Rank rank, Thing thing) {}

        public record Thing(int weight) {}

        public record Retyped(int gold, int level, String place, Thing thing) {}

        public record Untold(int gold, String name) {}

        public record Split(Step move) {}

        public record Mixed(byte a, Integer b, float c, String d) {}

        public record Turn(Move move, List<Move> more) {}

        public sealed interface Move permits Step {}

        public record Step(int by) implements Move {}

        public record State(int x) {}

        public record Holder(State state) {}

        public record Fashion(Style style) {}

        public enum Style { PLAIN }
        """;

    private static final String AFTER = """
        public record Added(String name, long gold, int lives, Integer best, Map<String, Integer> items, Rank rank) {
            public Added {
                lives = lives == 0 ? 3 : lives;
            }
        }

        public record Removed(long gold) {}

        public enum Rank { LOW, @Was("HIGH") TOP }

        public record Renamed(@Was("rank") Rank level, @Was("thing") Item item, @Was("coins") long gold) {}

        @Was("Thing")
        public record Item(@Was("weight") int mass) {}

        public record Retyped(String gold, double level, List<String> place, List<Item> thing) {}

        public record Untold(String gold, List<String> name) {}

        public record Split(Move move) {}

        public record Mixed(String d, double c, long b, Long a) {}

        public record Turn(Move move, List<Move> more) {}

        public sealed interface Move permits Step, Fly {}

        public record Step(int by) implements Move {}

        public record Fly(int height) implements Move {}

        @Version(2)
        public record State(int x) {}

        public record Holder(State state) {}

        public record Fashion(Style style) {}

        public enum Style { PLAIN, FANCY }
        """;

    @TempDir
    private static Path directory;

    private static Build before;
    private static Build after;
    private static RecordBook oldBook;
    private static RecordBook newBook;

    @BeforeAll
    static void compile() throws Exception {
        before = new Build(directory.resolve("before"), BEFORE);
        after = new Build(directory.resolve("after"), AFTER);
        oldBook = before.registration().build();
        newBook = after.registration()
                .upcast(after.record("Retyped"), "gold", Integer.class, gold -> gold + " coins")
                .upcast(after.record("Retyped"), "level", int.class, level -> level / 2.0)
                .upcast(after.record("Retyped"), "place", String.class, List::of)
                .upcast(after.record("Retyped"), "thing", after.record("Item"), List::of)
                .build();
    }

    @AfterAll
    static void close() throws Exception {
        before.close();
        after.close();
    }

    private static String forward(String type, Object... components) throws WireException {
        return newBook.read(oldBook.write(before.make(type, components))).toString();
    }

    private static String back(Object value) throws WireException {
        return oldBook.read(newBook.write(value)).toString();
    }

    @Test
    void added_isItsDefault_orWhatTheConstructorPutsThere() throws WireException {
        assertThat(forward("Added", 5L)).isEqualTo("Added[name=, gold=5, lives=3, best=null, items={}, rank=null]");
    }

    @Test
    void added_isSkippedByTheOldBuild() throws WireException {
        Object value = after.make("Added", "Ann", 5L, 9, 7, Map.of("bow", 1), after.constant("Rank", "TOP"));

        assertThat(back(value)).isEqualTo("Added[gold=5]");
    }

    @Test
    void removed_isSkipped_andItsDefaultForTheOldBuild() throws WireException {
        assertThat(forward("Removed", 5L, List.of("Bob"), before.constant("Rank", "LOW")))
                .isEqualTo("Removed[gold=5]");
        assertThat(back(after.make("Removed", 5L))).isEqualTo("Removed[gold=5, friends=[], rank=null]");
    }

    @Test
    void renamed_staysTheSameOnTheWire() throws WireException {
        Object old = before.make("Renamed", 5L, before.constant("Rank", "HIGH"), before.make("Thing", 8));
        Object now = after.make("Renamed", after.constant("Rank", "TOP"), after.make("Item", 8), 5L);

        assertThat(newBook.write(now)).isEqualTo(oldBook.write(old));
        assertThat(newBook.read(oldBook.write(old))).isEqualTo(now);
        assertThat(oldBook.read(newBook.write(now))).isEqualTo(old);
        assertThat(newBook.types())
                .containsEntry("game/Thing", after.type("Item"))
                .doesNotContainKey("game/Item");
    }

    @Test
    void retyped_goesThroughItsUpcaster() throws WireException {
        assertThat(forward("Retyped", 0, 3, "harbor", before.make("Thing", 8)))
                .isEqualTo("Retyped[gold=0 coins, level=1.5, place=[harbor], thing=[Item[mass=8]]]");
    }

    @Test
    void retyped_inItsPresentType_needsNoUpcaster() throws WireException {
        Object value = after.make("Retyped", "9", 2.5, List.of("quay"), List.of());

        assertThat(newBook.read(newBook.write(value))).isEqualTo(value);
    }

    @Test
    void retyped_isRefusedByTheOldBuild_notTakenForNothing() {
        Object value = after.make("Retyped", "9", 2.5, List.of(), List.of());

        assertThatThrownBy(() -> back(value))
                .isInstanceOfSatisfying(WireException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.WRONG_VERSION);
                    assertThat(e.path()).startsWith("game/Retyped.");
                })
                .hasMessageContaining("int in this build")
                .hasMessageContaining("roll forward");
    }

    @Test
    void retyped_withoutAnUpcaster_isRefused() {
        assertThatThrownBy(() -> forward("Untold", 5, "Ann"))
                .isInstanceOf(WireException.class)
                .hasMessageMatching("game/Untold\\.(gold|name): it was written as (int|text) and is .* in this build.*"
                        + "register an upcaster.*");
    }

    @Test
    void recordThatBecameASealedInterface_isRefused_notLost() {
        assertThatThrownBy(() -> forward("Split", before.make("Step", 1)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(
                        "game/Split.move: it was written as record game/Step and is sealed in this build");
        assertThatThrownBy(() -> back(after.make("Split", after.make("Step", 1))))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("game/Split.move: it was written as sealed and is record game/Step");
    }

    @Test
    void widthOfANumber_boxes_andOrder_areFree() throws WireException {
        assertThat(forward("Mixed", (byte) -7, 5, 1.5f, "x")).isEqualTo("Mixed[d=x, c=1.5, b=5, a=-7]");
        assertThat(back(after.make("Mixed", "x", 1.5, 5L, -7L))).isEqualTo("Mixed[a=-7, b=5, c=1.5, d=x]");
    }

    @Test
    void numberTooLargeForTheOldBuild_isRefused() {
        assertThatThrownBy(() -> back(after.make("Mixed", "x", 1.5, 5L, 128L)))
                .isInstanceOf(WireException.class)
                .hasMessage("game/Mixed.a: 128 does not fit into 8 bits");
    }

    @Test
    void addedCase_isNamedByTheOldBuild() throws WireException {
        Object step = after.make("Step", 1);

        assertThat(back(after.make("Turn", step, List.of(step)))).isEqualTo("Turn[move=Step[by=1], more=[Step[by=1]]]");
        assertThatThrownBy(() -> back(after.make("Turn", step, List.of(step, after.make("Fly", 2)))))
                .isInstanceOf(WireException.class)
                .hasMessage("game/Turn.more[1]: game/Fly is not in Move in this build;"
                        + " if the writer is the newer build, roll forward");
    }

    @Test
    void addedConstant_isNamedByTheOldBuild() {
        assertThatThrownBy(() -> back(after.make("Fashion", after.constant("Style", "FANCY"))))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("game/Fashion.style: Style has no constant FANCY");
    }

    @Test
    void raisedVersion_isRefusedByTheOldBuild() {
        assertThatThrownBy(() -> back(after.make("State", 1)))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_VERSION))
                .hasMessage("game/State: game/State was written in version 2, this build reads versions up to 1;"
                        + " roll forward to the build that wrote it");
        assertThatThrownBy(() -> back(after.make("Holder", after.make("State", 1))))
                .hasMessageContaining("game/Holder.state: game/State was written in version 2");
    }

    @Test
    void olderVersion_isRead() throws WireException {
        assertThat(forward("State", 1)).isEqualTo("State[x=1]");
    }

    @Test
    void typeThatTheOldBuildDoesNotHave_isNamed() {
        Bytes bytes = newBook.write(after.make("Fly", 1));

        assertThatThrownBy(() -> oldBook.read(bytes))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN))
                .hasMessageContaining("game/Fly is not in the book 'game'")
                .hasMessageContaining("roll forward");
    }

    @Test
    void recordOfMoreThan64Components_isRefused() throws Exception {
        String components = IntStream.range(0, 65).mapToObj(i -> "int c" + i).collect(Collectors.joining(", "));
        try (Build large = new Build(directory.resolve("large"), "public record Large(" + components + ") {}")) {
            assertThatThrownBy(() -> large.registration().build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("game.Large has 65 components and 0 upcasters, at most 64 together");
        }
    }
}
