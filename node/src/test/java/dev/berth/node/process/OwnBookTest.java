package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.simpledb.SimpleDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What programs in other languages know of what processes say: the schemas that they read are those of the books. */
class OwnBookTest {
    @Test
    @Tag("S4.16")
    void schemas_areThoseOfTheBooks() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path checkout = Files.exists(here.resolve("examples")) ? here : here.resolveSibling("");
        for (var schema : Map.of("berth", Parcels.PLAIN.schema(), "simpledb", SimpleDb.MESSAGES.schema())
                .entrySet()) {
            Path file = checkout.resolve("examples/python/" + schema.getKey() + ".schema");
            if (Boolean.getBoolean("berth.write")) {
                Files.writeString(file, schema.getValue());
            }
            assertThat(file).hasContent(schema.getValue());
        }
    }
}
