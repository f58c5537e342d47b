package dev.berth.lab.house;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Arrows point down; core, and the rules and the wire of poker, only decide. Each rule reads the compiled classes of all modules,
 * and must also report the fixtures that break it.
 */
final class ArchitectureTest {
    private static final String FIXTURES = "dev.berth.core.fixture";
    private static final JavaClasses BREAKERS = new ClassFileImporter().importPackages(FIXTURES);

    @Test
    void arrowsPointDown() {
        assertThat(Berth.all().stream().flatMap(type -> Arrows.violations(type).stream()))
                .isEmpty();
    }

    @Test
    void upwardArrow_isReported() {
        assertThat(Arrows.violations(BREAKERS.get(FIXTURES + ".Upward")))
                .singleElement()
                .asString()
                .contains("Upward.tool()", "dev.berth.node.tool.Tool");
    }

    @Test
    void coreAndPokersRulesAndWire_onlyDecide() {
        assertThat(Berth.all().stream().filter(Purity::decides).flatMap(type -> Purity.violations(type).stream()))
                .isEmpty();
    }

    @Test
    void everyImpurity_isReported() {
        var impure = BREAKERS.get(FIXTURES + ".Impure");
        var violations = Purity.violations(impure);
        var unreported = impure.getMethods().stream()
                .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                .map(JavaMember::getName)
                .filter(name -> violations.stream().noneMatch(text -> text.contains("Impure." + name + "(")))
                .toList();

        assertThat(unreported).isEmpty();
    }

    @Test
    void whatIsAllowed_isNotReported() {
        assertThat(Purity.violations(BREAKERS.get(FIXTURES + ".Pure"))).isEqualTo(List.of());
    }

    @Test
    void packagesOfAModule_haveNoCycle() {
        slices().matching("dev.berth.(**)").should().beFreeOfCycles().check(Berth.all());
    }
}
