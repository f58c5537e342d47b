package dev.berth.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.berth.core.record.Corpus.Case;
import dev.berth.core.record.Corpus.Numbers;
import dev.berth.core.wire.WireException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records as maps and lists, and back, of every kind of component; what is wrong is refused with its place. */
class RecordPlainTest {
    record Buy(String item, int price, Map<String, Integer> with) {
        Buy {
            if (price < 0) {
                throw new IllegalArgumentException("a price is not negative");
            }
        }
    }

    private static final RecordBook SHOP =
            RecordBook.named("shop").with(Buy.class).build();

    private static List<Case> cases() {
        return Corpus.CASES;
    }

    private static String name(Object value) {
        return Corpus.BOOK.types().entrySet().stream()
                .filter(each -> each.getValue() == value.getClass())
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Keys and values in turn. */
    private static Map<String, @Nullable Object> map(@Nullable Object... all) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < all.length; i += 2) {
            map.put(String.valueOf(all[i]), all[i + 1]);
        }
        return map;
    }

    private static String refusal(String type, @Nullable Object plain) {
        try {
            return fail("read as " + SHOP.ofPlain(type, plain));
        } catch (WireException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyValue_isReadAsWhatWasWritten(Case one) throws WireException {
        Object back = Corpus.BOOK.ofPlain(name(one.value()), Corpus.BOOK.plain(one.value()));
        assertThat(back).isEqualTo(one.value());
        assertThat(Corpus.BOOK.write(back)).isEqualTo(Corpus.BOOK.write(one.value()));
    }

    @Test
    void plain_isWhatProgramsExpect() throws WireException {
        Map<String, Map<String, @Nullable Object>> all = new LinkedHashMap<>();
        for (Case one : Corpus.CASES) {
            // As everything comes from the wire: sets and maps have their order.
            all.put(one.name(), Corpus.BOOK.plain(Corpus.BOOK.read(Corpus.BOOK.write(one.value()))));
        }
        assertThat(all.get("values-present"))
                .isEqualTo(map(
                        "text",
                        "Grüße, 船 🚢",
                        "maybeText",
                        "",
                        "raw",
                        "00ff",
                        "id",
                        "00112233-4455-6677-8899-aabbccddeeff",
                        "length",
                        "PT-1.5S",
                        "when",
                        "2026-01-02T03:04:05.000000006Z",
                        "color",
                        "GREEN",
                        "maybe",
                        0L,
                        "maybeReal",
                        0.0,
                        "point",
                        map("x", 1.5, "y", -2.25),
                        "shape",
                        map("type", "corpus/Circle", "value", map("center", map("x", 0.0, "y", 0.0), "radius", 7L))));
        assertThat(all.get("bag-renamed")).isEqualTo(map("coins", 100L, "i", map("bow", 1L)));
        assertThat(all.get("many-full")).containsEntry("groups", map("1", List.of("x", "y"), "2", List.of()));
        assertThat(String.valueOf(all.get("many-full"))).contains("[{id=5}, {x=5.0, y=5.0}]]");
    }

    @Test
    void absentComponents_areWhatTheyAreOnTheWire() throws WireException {
        assertThat(SHOP.ofPlain("shop/Buy", map("item", "bow"))).isEqualTo(new Buy("bow", 0, Map.of()));
        assertThat(SHOP.ofPlain("shop/Buy", map("price", 20.0))).isEqualTo(new Buy("", 20, Map.of()));
    }

    @Test
    void numbersThatADoubleHasNot_areTexts() throws WireException {
        Numbers large = new Numbers(true, (byte) 0, (short) 0, 0, (1L << 53) + 1, 0.1f, Double.NaN);
        Map<String, @Nullable Object> plain = Corpus.BOOK.plain(large);
        assertThat(plain)
                .containsEntry("large", "9007199254740993")
                .containsEntry("half", 0.1)
                .containsEntry("full", "NaN");
        assertThat(Corpus.BOOK.ofPlain("corpus/Numbers", plain)).isEqualTo(large);
        plain.put("large", 9_007_199_254_740_993L);
        assertThat(Corpus.BOOK.ofPlain("corpus/Numbers", plain)).isEqualTo(large);
    }

    private static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(map("price", "much"), "shop/Buy.price: a whole number is wanted here, got \"much\""),
                Arguments.of(map("price", 1.5), "shop/Buy.price: a whole number is wanted here, got 1.5"),
                Arguments.of(map("price", 1e40), "shop/Buy.price: a whole number is wanted here, got 1.0E40"),
                Arguments.of(map("price", 1L << 32), "shop/Buy.price: 4294967296 does not fit into 32 bits"),
                Arguments.of(map("item", 7L), "shop/Buy.item: a text is wanted here, got 7"),
                Arguments.of(map("item", null), "shop/Buy.item: some text is wanted here, got null"),
                Arguments.of(map("prize", 1L), "shop/Buy: there is no prize, only [item, price, with]"),
                Arguments.of(
                        map("with", map("a", map())), "shop/Buy.with[a]: a whole number is wanted here, got an object"),
                Arguments.of(map("with", List.of()), "shop/Buy.with: an object is wanted here, got a list"),
                Arguments.of(
                        map("with", Arrays.asList(1L, null)), "shop/Buy.with: an object is wanted here, got a list"),
                Arguments.of(map("price", -1L), "a price is not negative"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistake_isNamedWithItsPlace(Map<String, ?> plain, String said) {
        assertThat(refusal("shop/Buy", plain)).contains(said);
    }

    @Test
    void noRecord_isRefused() {
        assertThat(refusal("shop/Buy", List.of())).contains("shop/Buy: shop/Buy is wanted here, got a list");
        assertThat(refusal("shop/Buy", null)).contains("shop/Buy is wanted here, got null");
        assertThat(refusal("shop/Sell", map())).contains("shop/Sell is not in the book 'shop'");
    }
}
