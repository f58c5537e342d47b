package dev.berth.lab.house;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

// The formatter reads Java 25 but for two forms, which Berth therefore does not use: a bare underscore inside a record
// pattern (write `var _`) and module imports (write out what is imported). docs/decisions/0002 has the reasons.

/** The one layout of Berth's sources. Any thread may use it. */
final class SourceFormat {
    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    /** The text as it should be: laid out, imports sorted, unused imports gone. */
    String apply(String source) throws FormatterException {
        return formatter.formatSourceAndFixImports(source);
    }

    boolean isFormatted(Path file) {
        try {
            var source = Files.readString(file);
            return apply(source).equals(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Returns whether the file had to be changed. */
    boolean rewrite(Path file) throws IOException, FormatterException {
        var source = Files.readString(file);
        var formatted = apply(source);
        if (formatted.equals(source)) {
            return false;
        }
        Files.writeString(file, formatted);
        return true;
    }
}
