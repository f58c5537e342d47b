package dev.berth.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Five-card draw is a stack of the stages that were there, and one more. No other stage and no other game knows of it or of
 * its words, as the compiled classes say; and what it brought is short.
 */
final class StackedGameTest {
    private static final String RULES = "dev.berth.poker.rules.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.berth.poker.rules");

    @Test
    @Tag("S3.2")
    void fiveCardDraw_isKnownToTheListOfGamesAlone() {
        assertThat(whoRefersTo("FiveCardDraw")).containsExactly("Game");
        assertThat(whoRefersTo("Draw")).containsExactly("FiveCardDraw");
    }

    @Test
    @Tag("S3.2")
    void itsWords_areKnownToItsStage_toTheHistory_andToNoOtherStage() {
        assertThat(whoRefersTo("Event$Discard")).containsExactly("Draw");
        assertThat(whoRefersTo("Output$DiscardAsked")).containsExactly("Draw");
        assertThat(whoRefersTo("Said$Discarded")).containsExactly("Draw", "LineReader", "LineWriter");
    }

    @Test
    @Tag("S3.2")
    void stages_doNotKnowEachOther() {
        var stages = List.of("StartDelay", "Blinds", "Betting", "Shared", "Showdown", "Draw");

        assertThat(stages)
                .allSatisfy(stage -> assertThat(whoRefersTo(stage).stream()
                                .filter(stages::contains)
                                // Who may post a blind starts a hand.
                                .filter(other -> !(stage.equals("Blinds") && other.equals("StartDelay"))))
                        .isEmpty());
    }

    @Test
    @Tag("S3.2")
    void whatItBrought_isShort() throws IOException {
        long lines = 0;
        for (var name : List.of("FiveCardDraw", "Draw")) {
            var source = Checkout.ofThisBuild()
                    .root()
                    .resolve("poker/src/main/java/dev/berth/poker/rules/" + name + ".java");
            lines += Files.readString(source).lines().count();
        }
        assertThat(lines).isBetween(50L, 150L);
    }

    private static List<String> whoRefersTo(String name) {
        return CLASSES.get(RULES + name).getDirectDependenciesToSelf().stream()
                .map(dependency -> dependency.getOriginClass().getName().substring(RULES.length()))
                .filter(other -> !other.equals(name))
                .distinct()
                .sorted()
                .toList();
    }
}
