package dev.berth.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

// Random updates are done to a trie and to a TreeMap, which must agree at every step; tries from before are kept and
// must not change.
class TrieTest {
    /** An update: a value to put, or 0 to take out. */
    record Step(int index, int value) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> indexes = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 40),
                Arbitraries.integers().between(0, 65_535),
                Arbitraries.of(31, 32, 33, 1_023, 1_024, 32_767, 32_768, 1_048_575, 1_048_576));
        Arbitrary<Integer> values = Arbitraries.integers().between(0, 3);
        return Combinators.combine(indexes, values).as(Step::new).list().ofMaxSize(60);
    }

    private static <T> TreeMap<Integer, T> contents(Trie<T> trie) {
        TreeMap<Integer, T> all = new TreeMap<>();
        List<Integer> order = new ArrayList<>();
        trie.forEach((index, value) -> {
            order.add(index);
            all.put(index, value);
        });
        assertThat(order).isSorted().doesNotHaveDuplicates();
        return all;
    }

    @Property
    void updates_agreeWithATreeMap_andLeaveEarlierTriesAlone(@ForAll("steps") List<Step> steps) {
        Trie<Integer> trie = Trie.empty();
        TreeMap<Integer, Integer> model = new TreeMap<>();
        Trie<Integer> earlier = trie;
        TreeMap<Integer, Integer> earlierModel = new TreeMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (i == steps.size() / 2) {
                earlier = trie;
                earlierModel = new TreeMap<>(model);
            }
            if (step.value() == 0) {
                trie = trie.without(step.index());
                model.remove(step.index());
            } else {
                trie = trie.with(step.index(), step.value());
                model.put(step.index(), step.value());
            }
            assertThat(trie.get(step.index())).isEqualTo(model.get(step.index()));
            assertThat(trie.size()).isEqualTo(model.size());
        }
        assertThat(contents(trie)).isEqualTo(model);
        assertThat(contents(earlier)).isEqualTo(earlierModel);
    }

    @Test
    void takingOutWhatIsNotThere_isTheSameTrie() {
        Trie<String> trie = Trie.<String>empty().with(5, "five");

        assertThat(trie.without(6)).isSameAs(trie);
        assertThat(trie.without(1_000_000)).isSameAs(trie);
    }

    @Test
    void indexesThatCannotBe_areAbsent_orRefused() {
        Trie<String> trie = Trie.<String>empty().with(5, "five");

        assertThat(trie.get(-1)).isNull();
        assertThat(trie.get(Integer.MAX_VALUE)).isNull();
        assertThat(trie.get(Integer.MIN_VALUE)).isNull();
        assertThatThrownBy(() -> trie.with(-1, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(contents(trie.with(Integer.MAX_VALUE, "last"))).containsOnlyKeys(5, Integer.MAX_VALUE);
    }

    @Test
    void filled_holdsEachIndexOnce() {
        assertThat(contents(Trie.filled(1_025, i -> i)).keySet()).hasSize(1_025);
        assertThat(Trie.filled(0, i -> i)).isSameAs(Trie.empty());
    }
}
