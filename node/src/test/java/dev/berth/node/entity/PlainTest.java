package dev.berth.node.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.node.tool.Json;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Words that people type become arguments, and values become JSON; what does not fit is named. */
class PlainTest {
    enum Color {
        RED,
        BLUE
    }

    record Item(String name, int price, Color color) {}

    interface Shop {
        void buy(Item item, List<Item> also, Map<String, Integer> counts, Set<Long> ids, Duration within, boolean now);

        void say(String text, double volume);
    }

    private static Method method(String name) {
        for (Method method : Shop.class.getMethods()) {
            if (method.getName().equals(name)) {
                return method;
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void words_becomeArguments() {
        String bow = "{\"name\":\"bow\",\"price\":3,\"color\":\"RED\"}";
        assertThat(Plain.arguments(
                        method("buy"), List.of(bow, "[" + bow + "]", "{\"a\":1}", "[7,8]", "\"PT3S\"", "true")))
                .containsExactly(
                        new Item("bow", 3, Color.RED),
                        List.of(new Item("bow", 3, Color.RED)),
                        Map.of("a", 1),
                        Set.of(7L, 8L),
                        Duration.ofSeconds(3),
                        true);
        assertThat(Plain.arguments(method("say"), List.of("[it is a text]", "0.5")))
                .containsExactly("[it is a text]", 0.5);
    }

    @Test
    void whatDoesNotFit_isNamed() {
        assertThatThrownBy(() -> Plain.arguments(method("say"), List.of("one")))
                .hasMessageContaining("say takes 2 arguments")
                .hasMessageContaining("double");
        assertThatThrownBy(() -> Plain.arguments(method("say"), List.of("x", "loud")))
                .isInstanceOf(IllegalArgumentException.class);
        List<String> noPrice = List.of("{\"name\":\"bow\",\"color\":\"RED\"}", "[]", "{}", "[]", "\"PT3S\"", "true");
        assertThatThrownBy(() -> Plain.arguments(method("buy"), noPrice))
                .hasMessageContaining("argument 1: Item wants a price");
        List<String> green =
                List.of("{\"name\":\"bow\",\"price\":1,\"color\":\"GREEN\"}", "[]", "{}", "[]", "\"PT3S\"", "true");
        assertThatThrownBy(() -> Plain.arguments(method("buy"), green)).hasMessageContaining("argument 1.color");
    }

    @Test
    void values_becomeJson() {
        assertThat(Json.line(Plain.of(Map.of("item", new Item("bow", 3, Color.RED)))))
                .isEqualTo("{\"item\":{\"color\":\"RED\",\"name\":\"bow\",\"price\":3}}");
        assertThat(Json.line(Plain.of(null))).isEqualTo("null");
    }
}
