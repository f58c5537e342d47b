package dev.berth.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Shells carry events and actions: which epoch, incarnation, term or view is the later one, they ask core. What a line shows
 * is found; the demonstration, which looks at a cluster from outside as a person would, may compare.
 */
final class ShellsTest {
    private static final String ORDERED = "[\\w.()]*\\b(?:number|epoch|incarnation|term)\\(\\)";
    /** That there is one at all, greater than 0, may be asked. */
    private static final Pattern COMPARISON =
            Pattern.compile(ORDERED + " (?:==|!=|<|>|<=|>=) (?!0\\b)|(?<!-) ?(?:==|!=|<|>|<=|>=) " + ORDERED);

    @Test
    void shells_compareNoEpochsAndViews() throws IOException {
        var found = new ArrayList<String>();
        var checkout = Checkout.ofThisBuild();
        for (var file : checkout.javaFiles()) {
            var name = checkout.root().relativize(file).toString();
            if (name.startsWith("node/src/main/") && !name.contains("/node/demo/")) {
                comparisons(Files.readString(file)).forEach(line -> found.add(name + ": " + line));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void aComparison_isReported() {
        assertThat(comparisons("""
            if (view.number() <= last) {
            if (last < view.number()) {
            same = slots.get(i).epoch() == other;
            return at != heard.getFirst().term();
            """)).hasSize(4);
        assertThat(comparisons("""
            event.epoch() > 0 ? "epoch" : "";
            each -> each.incarnation()
            List<Long> all = of(view.number());
            """)).isEmpty();
    }

    private static List<String> comparisons(String source) {
        return source.lines()
                .filter(line -> COMPARISON.matcher(line).find())
                .map(String::strip)
                .toList();
    }
}
