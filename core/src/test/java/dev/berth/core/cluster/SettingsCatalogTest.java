package dev.berth.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// A catalog with one setting of each type, as a gate and a login service might bring along. Every refusal is compared
// whole: it is all that an operator gets to see.

/** Which settings a cluster accepts, and how they are read. */
class SettingsCatalogTest {
    private static final SettingsCatalog CATALOG = SettingsCatalog.BUILT_IN.with(
            new SettingKey(
                    "gate.players-max",
                    new SettingType.Whole(1, 100_000, "players"),
                    "5000",
                    "Seats of one gate: too few and players are turned away, too many and the process runs out of"
                            + " memory."),
            new SettingKey(
                    "gate.idle-max",
                    new SettingType.Span(1_000_000_000L, 3_600_000_000_000L),
                    "5min",
                    "Silence after which a client is disconnected: too short and tunnels lose players, too long and"
                            + " seats stay taken."),
            new SettingKey("gate.open", new SettingType.Flag(), "true", "Whether players may enter."),
            new SettingKey("gate.greeting", new SettingType.Text(20), "hello", "What players see first."),
            new SettingKey(
                    "login.mode",
                    new SettingType.Word(List.of("open", "invited", "closed")),
                    "open",
                    "Who may log in."));

    private static Settings set(String key, String value) {
        TreeMap<String, String> values = new TreeMap<>();
        values.put(key, value);
        return Settings.of(values, 7);
    }

    @ParameterizedTest
    @Tag("S1.2")
    @CsvSource(
            delimiter = '|',
            value = {
                "gate.players-max | 1      ", //
                "gate.players-max | 100000 ",
                "gate.idle-max    | 1s     ",
                "gate.idle-max    | 1500ms ",
                "gate.idle-max    | 60min  ",
                "gate.idle-max    | 1h     ",
                "gate.open        | false  ",
                "gate.greeting    | ''     ",
                "login.mode       | invited",
                "drain.slots-max  | 0      "
            })
    void valueInRange_isAccepted(String key, String value) {
        assertThat(CATALOG.problem(key, value)).isEmpty();
    }

    @ParameterizedTest
    @Tag("S1.2")
    @CsvSource(
            delimiter = '|',
            value = {
                "gate.players-max | 0    | gate.players-max is a whole number of players from 1 to 100000, not \"0\"",
                "gate.players-max | many | gate.players-max is a whole number of players from 1 to 100000, not"
                        + " \"many\"",
                "gate.players-max | 5_0  | gate.players-max is a whole number of players from 1 to 100000, not \"5_0\"",
                "gate.idle-max    | 5    | gate.idle-max is a time from 1s to 1h, in ms, s, min or h, not \"5\"",
                "gate.idle-max    | 0s   | gate.idle-max is a time from 1s to 1h, in ms, s, min or h, not \"0s\"",
                "gate.idle-max    | 2h   | gate.idle-max is a time from 1s to 1h, in ms, s, min or h, not \"2h\"",
                "gate.idle-max    | 5 s  | gate.idle-max is a time from 1s to 1h, in ms, s, min or h, not \"5 s\"",
                "gate.open        | yes  | gate.open is true or false, not \"yes\"",
                "login.mode       | shut | login.mode is one of open, invited, closed, not \"shut\"",
                "gate.player-max  | 5    | there is no setting \"gate.player-max\"; did you mean gate.players-max?",
                "gate.opne        | true | there is no setting \"gate.opne\"; did you mean gate.open?",
                "weather          | fair | there is no setting \"weather\", nor one that is spelled like it",
            })
    void otherValueOrKey_isRefused_andTheReasonSaysWhatIsAllowed(String key, String value, String reason) {
        assertThat(CATALOG.problem(key, value)).hasValue(reason);
    }

    @Test
    void longText_isNotRepeatedWhole() {
        assertThat(CATALOG.problem("gate.greeting", "x".repeat(4_000)).orElseThrow())
                .startsWith("gate.greeting is a text of at most 20 characters, not \"xxxx")
                .hasSizeLessThan(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "99999999999999999999999", "-", "--1", "+5", "٣", "", " 5"})
    void textThatIsNoNumber_isRefused(String value) {
        assertThat(CATALOG.problem("gate.players-max", value)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999h", "9999999999s", "s", "-5s", "1.5s", "5S", "5m", "", "ms5"})
    void textThatIsNoTime_isRefused(String value) {
        assertThat(CATALOG.problem("gate.idle-max", value)).isPresent();
    }

    @Test
    void timeBeyondAllNanoseconds_isNoTime() {
        assertThat(SettingSpan.parse("2562047h")).isPresent();
        assertThat(SettingSpan.parse("2562048h")).isEmpty();
    }

    @Test
    @Tag("S1.2")
    void settings_areReadByTheirTypes() {
        assertThat(CATALOG.whole(set("gate.players-max", "300"), "gate.players-max"))
                .isEqualTo(300);
        assertThat(CATALOG.nanos(set("gate.idle-max", "90s"), "gate.idle-max")).isEqualTo(90_000_000_000L);
        assertThat(CATALOG.flag(set("gate.open", "false"), "gate.open")).isFalse();
        assertThat(CATALOG.text(set("gate.greeting", "ahoy"), "gate.greeting")).isEqualTo("ahoy");
        assertThat(CATALOG.word(set("login.mode", "closed"), "login.mode")).isEqualTo("closed");
    }

    @Test
    void settingThatNobodySet_hasItsStandard() {
        assertThat(CATALOG.whole(Settings.EMPTY, "gate.players-max")).isEqualTo(5_000);
        assertThat(CATALOG.nanos(Settings.EMPTY, "gate.idle-max")).isEqualTo(300_000_000_000L);
        assertThat(CATALOG.flag(Settings.EMPTY, "gate.open")).isTrue();
        assertThat(SettingsCatalog.BUILT_IN.whole(Settings.EMPTY, SettingsCatalog.DRAIN_SLOTS_MAX))
                .isEqualTo(8);
    }

    @Test
    void valueThatOnlyANewerVersionAccepts_countsAsNotSet_andIsReported() {
        Settings newer = set("gate.players-max", "1000000");

        assertThat(CATALOG.whole(newer, "gate.players-max")).isEqualTo(5_000);
        assertThat(CATALOG.problems(newer))
                .containsExactly("gate.players-max is a whole number of players from 1 to 100000, not \"1000000\"");
    }

    @Test
    void readingAnotherTypeOrKey_isABug() {
        assertThatThrownBy(() -> CATALOG.nanos(Settings.EMPTY, "gate.players-max"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gate.players-max is a whole number");
        assertThatThrownBy(() -> CATALOG.flag(Settings.EMPTY, "gate.closed"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no setting");
    }

    @Test
    void keyWithAStandardItRefuses_orWithANameThatIsTaken_isABug() {
        SettingType few = new SettingType.Whole(1, 3, "beats");
        assertThatThrownBy(() -> new SettingKey("a", few, "4", "note")).hasMessageContaining("got \"4\"");
        assertThatThrownBy(() -> new SettingKey("a", few, "2", " ")).hasMessageContaining("too small or too big");
        SettingKey known = new SettingKey("gate.open", few, "2", "note");
        assertThatThrownBy(() -> CATALOG.with(known)).hasMessageContaining("there already");
    }

    @Property
    void time_isReadAsItIsWritten(@ForAll @LongRange(min = 0, max = 999_999_999) long millis) {
        assertThat(SettingSpan.parse(SettingSpan.of(millis * 1_000_000))).hasValue(millis * 1_000_000);
    }

    @Property
    void spellingDistance_isADistance(
            @ForAll @AlphaChars @StringLength(max = 8) String a, @ForAll @AlphaChars @StringLength(max = 8) String b) {
        assertThat(Spelling.distance(a, a)).isZero();
        assertThat(Spelling.distance(a, b)).isEqualTo(Spelling.distance(b, a));
        assertThat(Spelling.distance(a, b))
                .isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
        assertThat(Spelling.distance(a + "x", a)).isEqualTo(1);
        assertThat(Spelling.distance(a + "xy" + b, a + "yx" + b)).isEqualTo(1);
    }
}
