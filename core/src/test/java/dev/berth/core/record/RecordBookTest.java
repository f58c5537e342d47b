package dev.berth.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// What a programmer does with a book, and what he is told when he does something else: the cause, and what to do.

/** A book of records: registering, writing, reading. */
class RecordBookTest {
    record Bag(long gold, Map<String, Integer> items) {}

    record Stranger(int x) {}

    record Chain(int depth, @Nullable Chain next) {}

    record Words(List<String> words) {}

    record Sets(Set<String> words, Map<String, String> pairs) {}

    record Wide(double x) {}

    @WireName("Wide")
    record Narrow(float x) {}

    private final RecordBook book = RecordBook.named("hello")
            .with(Bag.class, Chain.class, Words.class, Sets.class)
            .build();

    private static WireException refusal(RecordBook book, Bytes bytes) {
        try {
            Object value = book.read(bytes);
            throw new AssertionError("read as " + value);
        } catch (WireException e) {
            return e;
        }
    }

    private static RecordBook of(Class<?>... types) {
        return RecordBook.named("hello").with(types).build();
    }

    @Test
    void record_comesBackAsItWas() throws WireException {
        Bag bag = new Bag(100, Map.of("bow", 1, "arrow", 20));

        assertThat(book.read(book.write(bag))).isEqualTo(bag);
        assertThat(book.read(book.write(bag), Bag.class)).isEqualTo(bag);
        assertThat(book.name()).isEqualTo("hello");
    }

    @Test
    void collections_areImmutable_inTheOrderOfTheirBytes() throws WireException {
        Bag bag = book.read(book.write(new Bag(1, Map.of("b", 1, "ccc", 2, "aa", 3))), Bag.class);

        assertThat(bag.items()).containsExactly(Map.entry("b", 1), Map.entry("aa", 3), Map.entry("ccc", 2));
        assertThatThrownBy(() -> bag.items().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalRecords_haveEqualBytes() {
        Map<String, Integer> one = new LinkedHashMap<>();
        Map<String, Integer> other = new TreeMap<>(Collections.reverseOrder());
        for (int i = 0; i < 1_000; i++) {
            one.put("item" + i, i);
            other.put("item" + i, i);
        }

        assertThat(book.write(new Bag(1, one))).isEqualTo(book.write(new Bag(1, other)));
        assertThat(book.write(new Sets(new LinkedHashSet<>(List.of("x", "y", "z")), Map.of())))
                .isEqualTo(book.write(new Sets(new LinkedHashSet<>(List.of("z", "y", "x")), Map.of())));
    }

    @Test
    void unregistered_isRefusedOnWrite_andOnRead() {
        Bytes bytes = of(Stranger.class).write(new Stranger(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.write(new Stranger(1)))
                .withMessageContaining("Stranger is not in the book 'hello'")
                .withMessageContaining("RecordBook.named(\"hello\").with(...)");
        assertThat(refusal(book, bytes))
                .hasMessageContaining("hello/Stranger is not in the book 'hello'")
                .hasMessageContaining("@Was")
                .extracting(WireException::kind)
                .isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void anotherRecord_thanTheOneAskedFor_isNamed() {
        Bytes bytes = book.write(new Words(List.of()));

        assertThatThrownBy(() -> book.read(bytes, Bag.class))
                .isInstanceOf(WireException.class)
                .hasMessage("expected Bag, got hello/Words");
    }

    @Test
    @SuppressWarnings("NullAway") // what a program without such a check may do
    void nulls_areNamedWithTheirPlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.write(new Bag(1, null)))
                .withMessageStartingWith("Bag.items: null would come back as an empty map");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.write(new Words(Arrays.asList("a", null))))
                .withMessage("Words.words: a collection with null in it cannot be written");
    }

    @Test
    void wrongElements_areTheCallersBug() {
        @SuppressWarnings({"unchecked", "rawtypes"})
        List<String> polluted = (List<String>) (List) List.of(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.write(new Words(polluted)))
                .withMessageStartingWith("Words.words: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.write(new Words(List.of("half \ud83d"))))
                .withMessageContaining("half a surrogate pair");
    }

    // Limits: what would not be read is not written.

    @Test
    void depth_isBounded_alikeOnBothSides() throws WireException {
        RecordBook deep = RecordBook.named("hello")
                .with(Chain.class)
                .limits(new Limits(1 << 20, 1_000, 200))
                .build();
        int written = 0;
        for (int depth = 1; depth < 100; depth++) {
            Bytes bytes = deep.write(chain(depth));
            try {
                book.write(chain(depth));
                written = depth;
                assertThat(book.read(bytes)).isEqualTo(chain(depth));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("more than 64 levels");
                assertThat(refusal(book, bytes).kind()).isEqualTo(Kind.OVERSIZED);
            }
        }
        assertThat(written).isEqualTo(64);
    }

    private static Chain chain(int depth) {
        Chain chain = new Chain(1, null);
        for (int i = 1; i < depth; i++) {
            chain = new Chain(i + 1, chain);
        }
        return chain;
    }

    @Test
    void elements_areBounded_alikeOnBothSides() throws WireException {
        Limits narrow = new Limits(1 << 20, 50, 16);
        RecordBook small =
                RecordBook.named("hello").with(Words.class).limits(narrow).build();
        int written = 0;
        for (int count = 0; count < 60; count++) {
            Words words = new Words(Collections.nCopies(count, "w"));
            Bytes bytes = book.write(words);
            try {
                small.write(words);
                written = count;
                assertThat(small.read(bytes)).isEqualTo(words);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("more than 50 records and elements");
                assertThat(refusal(small, bytes).kind()).isEqualTo(Kind.OVERSIZED);
            }
        }
        assertThat(written).isBetween(40, 49);
    }

    @Test
    void size_isBounded() {
        String half = "x".repeat(600_000);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> book.write(new Words(List.of(half, half))))
                .withMessageContaining("more than 1048576 bytes");
        assertThat(refusal(book, Bytes.wrap(new byte[(1 << 20) + 1])).kind()).isEqualTo(Kind.OVERSIZED);
    }

    @Test
    void doubleBeyondAFloat_isRefused() {
        RecordBook wide = RecordBook.named("n").with(Wide.class).build();
        RecordBook tiny = RecordBook.named("n").with(Narrow.class).build();

        assertThat(refusal(tiny, wide.write(new Wide(1e300))))
                .hasMessage("n/Wide.x: 1.0E300 does not fit into a float");
    }

    // Registration.

    record Optionals(Optional<String> name) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Arrayed(byte[] bytes) {}

    record Raw(@SuppressWarnings("rawtypes") List names) {}

    record Wild(List<? extends Number> numbers) {}

    record Lettered(char letter) {}

    record Money(BigDecimal amount) {}

    record Anything(Object any) {}

    record Box<T>(T content) {}

    record Boxed(Box<String> box) {}

    record Sorted(TreeMap<String, String> map) {}

    record Open(Runnable task) {}

    record BadKeys(Map<Stranger, Integer> map) {}

    record RealKeys(Set<Double> set) {}

    enum Twice {
        A,
        @Was("A")
        B
    }

    record OfTwice(Twice twice) {}

    sealed interface Sealed {
        final class NoRecord implements Sealed {}
    }

    @Test
    void typeThatCannotBeWritten_isNamedWithTheRemedy() {
        Map<Class<?>, String> remedies = new LinkedHashMap<>();
        remedies.put(
                Optionals.class, "Optionals.name: java.util.Optional<java.lang.String> cannot be written; take what");
        remedies.put(Arrayed.class, "take dev.berth.core.wire.Bytes");
        remedies.put(Raw.class, "declare it as a List, Set or Map, and of what");
        remedies.put(Wild.class, "without ? and type variables");
        remedies.put(Lettered.class, "take a String or an int");
        remedies.put(Money.class, "components are numbers, booleans, String");
        remedies.put(Anything.class, "components are numbers, booleans, String");
        remedies.put(Box.class, "write one for each type");
        remedies.put(Boxed.class, "write one for each type");
        remedies.put(Sorted.class, "declare it as a List, Set or Map");
        remedies.put(Open.class, "make the interface sealed");
        remedies.put(BadKeys.class, "records that implement Comparable of themselves");
        remedies.put(RealKeys.class, "cannot be a key of a map or an element of a set");
        remedies.put(OfTwice.class, "has two constants that are A on the wire");
        remedies.put(Sealed.class, "only records travel");
        remedies.put(String.class, "neither a record nor a sealed interface");

        remedies.forEach((type, remedy) -> assertThatIllegalArgumentException()
                .as(type.getSimpleName())
                .isThrownBy(() -> of(type))
                .withMessageContaining(remedy));
    }

    interface One {
        record Item(int x) {}
    }

    interface Other {
        record Item(int x) {}

        @WireName("OtherItem")
        record Renamed(int x) {}

        @WireName("shop/Item")
        record Foreign(int x) {}
    }

    @Test
    void twoRecordsOfOneName_areRefused_untilOneGetsAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(One.Item.class, Other.Item.class))
                .withMessageContainingAll("One$Item", "Other$Item", "are both hello/Item", "@WireName");
        assertThat(of(One.Item.class, Other.Renamed.class, Other.Foreign.class).types())
                .containsOnlyKeys("hello/Item", "hello/OtherItem", "shop/Item");
    }

    record Colliding(int bowYAge, int redEastZ) {}

    record Apart(int bowYAge, @WireName("other") int redEastZ) {}

    @Test
    void twoNamesWithOneNumber_areRefused_untilOneGetsAnother() throws WireException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Colliding.class))
                .withMessageContainingAll("bowYAge", "redEastZ", "the same field number 14922362", "@WireName");
        RecordBook apart = of(Apart.class);
        assertThat(apart.read(apart.write(new Apart(1, 2)))).isEqualTo(new Apart(1, 2));
    }

    record BothNames(@Was("a") @WireName("b") int x) {}

    @Version(0)
    record NoVersion(int x) {}

    record BadName(@WireName("a<b") int x) {}

    @Test
    void marksThatSayNothing_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(BothNames.class))
                .withMessageContaining("has @Was and @WireName");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(NoVersion.class))
                .withMessageContaining("the first is 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(BadName.class))
                .withMessageContaining("'a?b' is no name for the wire");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordBook.named("a/b"))
                .withMessageContaining("no '/'");
    }

    @Test
    void upcasterThatIsNeverUsed_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordBook.named("h")
                        .with(Stranger.class)
                        .upcast(Stranger.class, "x", Long.class, x -> 1)
                        .build())
                .withMessageContaining("never used: both are int");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordBook.named("h")
                        .with(Stranger.class)
                        .upcast(Stranger.class, "y", String.class, x -> 1)
                        .build())
                .withMessageContaining("no such component");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordBook.named("h")
                        .with(Bag.class)
                        .upcast(Stranger.class, "x", String.class, x -> 1)
                        .build())
                .withMessageContaining("Stranger is not in the book");
    }

    @WireName("Stranger")
    record StrangerBefore(String x) {}

    @Test
    void upcasterThatFails_refusesTheRecord() {
        Bytes bytes = RecordBook.named("h").with(StrangerBefore.class).build().write(new StrangerBefore("many"));

        assertThat(refusal(upcasting(Integer::parseInt), bytes))
                .hasMessage("h/Stranger.x: the upcaster refuses it: For input string: \"many\"");
        assertThat(refusal(upcasting(x -> "text"), bytes))
                .hasMessage("h/Stranger.x: the upcaster gave a String, the component is an integer");
        assertThat(refusal(upcasting(x -> 1L << 40), bytes)).hasMessageContaining("does not fit into 32 bits");
    }

    private static RecordBook upcasting(Function<String, Object> function) {
        return RecordBook.named("h")
                .with(Stranger.class)
                .upcast(Stranger.class, "x", String.class, function)
                .build();
    }

    /** No record, and known only to somebody else. */
    interface Door {
        long number();
    }

    private record House(Door front, List<Door> others) {}

    private static Door door(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("no door " + number);
        }
        return () -> number;
    }

    private static RecordBook houses() {
        return RecordBook.named("hello")
                .surrogate(Door.class, Long.class, Door::number, RecordBookTest::door)
                .with(House.class)
                .build();
    }

    @Test
    void surrogate_standsForATypeThatIsNoRecord() throws Exception {
        House house = houses().read(houses().write(new House(door(7), List.of(door(8), door(9)))), House.class);

        assertThat(house.front().number()).isEqualTo(7);
        assertThat(house.others()).extracting(Door::number).containsExactly(8L, 9L);
        assertThat(houses().schema()).contains(" front int?").contains(" others list<int>");
        assertThat(refusal(houses(), houses().write(new House(() -> -1, List.of()))))
                .hasMessageContaining("no Door can be made of it: no door -1")
                .hasMessageContaining("front");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordBook.named("hello")
                        .surrogate(Door.class, Bag.class, _ -> new Bag(0, Map.of()), _ -> door(1)))
                .withMessageContaining("no simple value");
    }
}
