package dev.berth.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.berth.core.record.Corpus.Case;
import dev.berth.core.record.Corpus.Numbers;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records as JSON and back, of every kind of component. What a stranger writes is a record, or is refused with the place of what is wrong;
 * 100,000 spoiled texts are tried.
 */
class RecordJsonTest {
    private static final int INPUTS = Integer.getInteger("berth.fuzz.inputs", 100_000);

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

    private static String refusal(String json) {
        try {
            return fail("read as " + SHOP.readJson("shop/Buy", Bytes.utf8(json)));
        } catch (WireException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyValue_isReadAsWhatWasWritten(Case one) throws WireException {
        Bytes json = Corpus.BOOK.writeJson(one.value());
        Object back = Corpus.BOOK.readJson(name(one.value()), json);
        assertThat(back).isEqualTo(one.value());
        assertThat(Corpus.BOOK.write(back)).isEqualTo(Corpus.BOOK.write(one.value()));
    }

    @Test
    void json_isWhatProgramsExpect() throws WireException {
        assertThat(SHOP.writeJson(new Buy("a \"bow\"\n\t", 3, Map.of("arrow", 2)))
                        .utf8())
                .isEqualTo("{\"item\":\"a \\\"bow\\\"\\n\\u0009\",\"price\":3,\"with\":{\"arrow\":2}}");
        assertThat(SHOP.readJson(
                        "shop/Buy", Bytes.utf8(" { \"item\" : \"\\u00fc\\/\\ud83d\\udea2\", \"price\":2.0e1 }\n")))
                .isEqualTo(new Buy("ü/🚢", 20, Map.of()));
        Map<String, String> texts = new LinkedHashMap<>();
        for (Case one : Corpus.CASES) {
            // As everything comes from the wire: sets and maps have their order.
            Object read = Corpus.BOOK.read(Corpus.BOOK.write(one.value()));
            texts.put(one.name(), Corpus.BOOK.writeJson(read).utf8());
        }
        assertThat(texts.get("values-present"))
                .isEqualTo("{\"text\":\"Grüße, 船 🚢\",\"maybeText\":\"\",\"raw\":\"00ff\","
                               + "\"id\":\"00112233-4455-6677-8899-aabbccddeeff\",\"length\":\"PT-1.5S\","
                               + "\"when\":\"2026-01-02T03:04:05.000000006Z\",\"color\":\"GREEN\",\"maybe\":0,\"maybeReal\":0.0,"
                               + "\"point\":{\"x\":1.5,\"y\":-2.25},\"shape\":{\"type\":\"corpus/Circle\",\"value\":"
                               + "{\"center\":{\"x\":0.0,\"y\":0.0},\"radius\":7}}}");
        assertThat(texts.get("bag-renamed")).isEqualTo("{\"coins\":100,\"i\":{\"bow\":1}}");
        assertThat(texts.get("many-full"))
                .contains("\"groups\":{\"1\":[\"x\",\"y\"],\"2\":[]}", "[{\"id\":5},{\"x\":5.0");
    }

    @Test
    void numbersThatADoubleHasNot_areTexts() throws WireException {
        Numbers large = new Numbers(true, (byte) 0, (short) 0, 0, (1L << 53) + 1, 0, Double.NaN);
        String json = Corpus.BOOK.writeJson(large).utf8();
        assertThat(json).contains("\"large\":\"9007199254740993\"", "\"full\":\"NaN\"");
        assertThat(Corpus.BOOK.readJson("corpus/Numbers", Bytes.utf8(json))).isEqualTo(large);
        assertThat(Corpus.BOOK.readJson(
                        "corpus/Numbers", Bytes.utf8(json.replace("\"9007199254740993\"", "9007199254740993"))))
                .isEqualTo(large);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"item":"bow","price":"much"}      | shop/Buy.price: a whole number is wanted here, got "much"
        {"item":"bow","price":1.5}         | shop/Buy.price: a whole number is wanted here, got 1.5
        {"item":"bow","price":1e40}        | shop/Buy.price: a whole number is wanted here, got 1.0E40
        {"item":"bow","price":4294967296}  | shop/Buy.price: 4294967296 does not fit into 32 bits
        {"item":7}                         | shop/Buy.item: a text is wanted here, got 7
        {"item":null}                      | shop/Buy.item: some text is wanted here, got null
        {"item":"bow","prize":1}           | shop/Buy: there is no prize, only [item, price, with]
        {"item":"bow","with":{"a":{}}}     | shop/Buy.with[a]: a whole number is wanted here, got an object
        {"item":"bow","with":[]}           | shop/Buy.with: an object is wanted here, got a list
        {"item":"bow","price":-1}          | a price is not negative
        {"item":"bow","item":"arrow"}      | item comes twice
        []                                 | shop/Buy: shop/Buy is wanted here, got a list
        {"item":"bow",}                    | this is no JSON: a name in quotes is wanted at character 15, got '}'
        {"item":"bow"} x                   | this is no JSON: nothing more is wanted at character 16, got 'x'
        {"item":"bow                       | this is no JSON: the rest of a text is wanted at character 13, got the end
        {"item":bow}                       | this is no JSON: a value is wanted at character 9, got 'b'
        {"item":"\\ud83d"}                  | half a surrogate pair
        {"price":01}                       | this is no JSON: } is wanted at character 11, got '1'
        {"price":1e999}                    | too large for a double
        """)
    void mistake_isNamedWithItsPlace(String json, String said) {
        assertThat(refusal(json)).contains(said);
    }

    @Test
    void bounds_areThoseOfTheBook() {
        assertThat(refusal("[".repeat(5_000))).contains("more than 64 levels");
        Limits tight = new Limits(100, 10, 5);
        RecordBook small =
                RecordBook.named("shop").with(Buy.class).limits(tight).build();
        for (String json : List.of("{\"item\":\"" + "x".repeat(100) + "\"}", "[1,2,3,4,5,6,7,8,9,10,11]")) {
            try {
                fail("read as " + small.readJson("shop/Buy", Bytes.utf8(json)));
            } catch (WireException e) {
                assertThat(e.kind()).isEqualTo(WireException.Kind.OVERSIZED);
            }
        }
        try {
            fail("read as " + SHOP.readJson("shop/Sell", Bytes.utf8("{}")));
        } catch (WireException e) {
            assertThat(e).hasMessageContaining("shop/Sell is not in the book 'shop'");
        }
    }

    @Test
    void spoiledText_isRefused_orARecordThatCanBeWritten() {
        RandomGenerator random = new SplittableRandom(Long.getLong("berth.fuzz.seed", 20_261_122L));
        List<Object> values = Corpus.CASES.stream().map(Case::value).toList();
        int accepted = 0;
        for (int i = 0; i < INPUTS; i++) {
            Object value = values.get(random.nextInt(values.size()));
            byte[] input = Corpus.BOOK.writeJson(value).toArray();
            for (int round = random.nextInt(4); round >= 0; round--) {
                int at = random.nextInt(input.length);
                switch (random.nextInt(3)) {
                    case 0 -> input[at] = (byte) random.nextInt(256);
                    case 1 -> input[at] = (byte) "{}[]\",:0-e.ntf\\u".charAt(random.nextInt(16));
                    default -> System.arraycopy(input, at, input, random.nextInt(at + 1), input.length - at);
                }
            }
            try {
                Object read = Corpus.BOOK.readJson(name(value), Bytes.wrap(input));
                Corpus.BOOK.write(read);
                accepted++;
            } catch (WireException refused) {
                assertThat(String.valueOf(refused.getMessage()).getBytes(StandardCharsets.UTF_8))
                        .hasSizeLessThan(4_000);
            }
        }
        assertThat(accepted).isBetween(INPUTS / 100, INPUTS);
    }
}
