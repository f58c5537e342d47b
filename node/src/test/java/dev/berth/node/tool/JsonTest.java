package dev.berth.node.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read again, what is no JSON is refused with its place, and what is too large with its bound; 100,000 spoiled texts are tried. */
class JsonTest {
    private static final int INPUTS = Integer.getInteger("berth.fuzz.inputs", 100_000);
    private static final Json JSON = new Json(new Limits(1_000, 50, 8));

    private static Map<String, @Nullable Object> sample() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("a \"bow\"\n\t", List.of(1L, -2L, Long.MAX_VALUE, 0.5, 1e300));
        all.put("", Arrays.asList(null, true, false, "Grüße, 船 🚢\u0000"));
        all.put("none", Map.of("list", List.of(), "map", Map.of()));
        return all;
    }

    private static String refusal(String text) {
        try {
            return fail("read as " + JSON.read(Bytes.utf8(text)));
        } catch (WireException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void whatIsWritten_isReadAgain() throws WireException {
        String line = Json.line(sample());
        assertThat(line)
                .doesNotContain("\n", "\t")
                .startsWith("{\"\":[null,true,false,")
                .contains(",\"a \\\"bow\\\"\\n\\t\":[1,-2,9223372036854775807,0.5,");
        assertThat(JSON.read(Bytes.utf8(line))).isEqualTo(sample());
        assertThat(Json.line(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(JSON.read(Bytes.utf8(" { \"item\" : \"\\u00fc\\/\\ud83d\\udea2\" , \"price\":2.0e1 }\n")))
                .isEqualTo(Map.of("item", "ü/🚢", "price", 20.0));
        assertThat(JSON.read(Bytes.utf8("18446744073709551616"))).isEqualTo(0x1p64);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":1,"a":2}       | Duplicate
        {"item":"bow",}     | at character 15
        {"item":"bow"} x    | at character 16
        {} {}               | something stands behind its end
        {"item":"bow        | end-of-input
        {"item":bow}        | at character 9
        {"item":"\\ud83d"}   | half a surrogate pair
        {"\\ud83d":1}        | surrogate pair
        {"price":01}        | Leading zeroes
        {"price":1e999}     | too large for a double
        [NaN]               | this is no JSON
        // 1                | this is no JSON
        ``                  | it is empty
        """)
    void mistake_isNamed(String text, String said) {
        assertThat(refusal(text)).contains(said);
    }

    @Test
    void bounds_hold() {
        assertThat(refusal("[".repeat(900))).contains("too large", "depth");
        assertThat(refusal("[" + "1,".repeat(100) + "1]")).contains("too large", "Token count");
        assertThat(refusal("\"" + "x".repeat(1_000) + "\"")).contains("1002 bytes of JSON, at most 1000");
        assertThat(refusal("1".repeat(900))).contains("too large for a double");
    }

    @Test
    void spoiledText_isRefused_orSomethingThatCanBeWritten() throws WireException {
        RandomGenerator random = new SplittableRandom(Long.getLong("berth.fuzz.seed", 20_261_122L));
        byte[] sample = Json.line(sample()).getBytes(StandardCharsets.UTF_8);
        int accepted = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = sample.clone();
            for (int round = random.nextInt(3); round >= 0; round--) {
                int at = random.nextInt(input.length);
                switch (random.nextInt(3)) {
                    case 0 -> input[at] = (byte) random.nextInt(256);
                    case 1 -> input[at] = (byte) "{}[]\",:0-e.ntf\\u".charAt(random.nextInt(16));
                    default -> System.arraycopy(input, at, input, random.nextInt(at + 1), input.length - at);
                }
            }
            Object read;
            try {
                read = JSON.read(Bytes.wrap(input));
            } catch (WireException refused) {
                continue;
            }
            assertThat(JSON.read(Bytes.utf8(Json.line(read)))).isEqualTo(read);
            accepted++;
        }
        assertThat(accepted).isBetween(INPUTS / 100, INPUTS * 9 / 10);
    }
}
