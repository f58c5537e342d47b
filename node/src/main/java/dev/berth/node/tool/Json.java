package dev.berth.node.tool;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import org.jspecify.annotations.Nullable;

/** How commands speak to programs. Any thread. */
public final class Json {
    private Json() {}

    /** Maps, lists, numbers, texts, booleans and null as JSON on one line. */
    public static String line(@Nullable Object value) {
        return ConfigValueFactory.fromAnyRef(value).render(ConfigRenderOptions.concise());
    }
}
