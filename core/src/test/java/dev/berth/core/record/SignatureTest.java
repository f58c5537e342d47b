package dev.berth.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What methods take and answer, through bytes: every kind of argument, null, and a build that knows fewer parameters. */
class SignatureTest {
    record Item(String name, int price) {}

    interface Shop {
        Item buy(long gold, Item what, List<Item> also, Map<String, Integer> counts, String note);

        void look();

        Set<Integer> prices(boolean all);
    }

    interface Older {
        Item buy(long gold, Item what);
    }

    private final RecordBook book = RecordBook.named("shop")
            .methods(List.of(Shop.class.getMethods()))
            .methods(List.of(Older.class.getMethods()))
            .build();

    private static Method method(Class<?> of, String name) {
        for (Method method : of.getMethods()) {
            if (method.getName().equals(name)) {
                return method;
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void argumentsAndAnswers_comeBackAsTheyWere() throws Exception {
        Signature buy = book.signature(method(Shop.class, "buy"));
        Object[] arguments = {7L, new Item("bow", 3), List.of(new Item("arrow", 1)), Map.of("a", 1), null};
        assertThat(buy.readArguments(buy.writeArguments(arguments))).containsExactly(arguments);
        assertThat(buy.readAnswer(buy.writeAnswer(new Item("bow", 3)))).isEqualTo(new Item("bow", 3));
        assertThat(buy.readAnswer(buy.writeAnswer(null))).isNull();

        Signature look = book.signature(method(Shop.class, "look"));
        assertThat(look.writeArguments(new Object[0])).isEqualTo(Bytes.EMPTY);
        assertThat(look.readAnswer(look.writeAnswer(null))).isNull();
        Signature prices = book.signature(method(Shop.class, "prices"));
        assertThat(prices.readAnswer(prices.writeAnswer(Set.of()))).isEqualTo(Set.of());
        assertThatThrownBy(() -> prices.writeAnswer(null)).hasMessageContaining("would come back as an empty");
    }

    @Test
    void aParameterMore_isNothingToAnOlderBuild_andNullFromIt() throws Exception {
        Signature buy = book.signature(method(Shop.class, "buy"));
        Signature older = book.signature(method(Older.class, "buy"));
        Item bow = new Item("bow", 3);
        Object[] more = {7L, bow, List.of(), Map.of(), "soon"};
        assertThat(older.readArguments(buy.writeArguments(more))).containsExactly(7L, bow);
        assertThat(buy.readArguments(older.writeArguments(new Object[] {7L, bow})))
                .containsExactly(7L, bow, List.of(), Map.of(), null);
    }

    @Test
    void whatDoesNotFit_isRefused_byName() throws Exception {
        Signature buy = book.signature(method(Shop.class, "buy"));
        assertThatThrownBy(() -> buy.readArguments(Bytes.utf8("garbage")))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("Shop.buy");
        Signature prices = book.signature(method(Shop.class, "prices"));
        assertThatThrownBy(() -> prices.readArguments(Bytes.EMPTY))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("argument 1 is not there");
        assertThatThrownBy(() -> RecordBook.named("x")
                        .methods(List.of(Comparable.class.getMethods()))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Comparable.compareTo");
    }
}
