package dev.berth.core.record;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** One build of a game: its sources, compiled into a class loader of their own. */
final class Build implements AutoCloseable {
    private static final Pattern TYPE = Pattern.compile("public (?:sealed )?(?:record|interface|enum) (\\w+)");

    private final List<Class<?>> types = new ArrayList<>();
    private final URLClassLoader loader;

    /**
     * @param sources public types of the package game, each from "public" to the next blank line, with its annotations
     */
    @SuppressWarnings("StringSplitter")
    Build(Path directory, String sources) throws IOException, ReflectiveOperationException {
        List<Source> files = new ArrayList<>();
        for (String source : sources.strip().split("\n\n")) {
            files.add(new Source(source));
        }
        Files.createDirectories(directory);
        var task = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        null,
                        List.of("-d", directory.toString(), "-cp", ofCodec().toString(), "-proc:none"),
                        null,
                        files);
        if (!task.call()) {
            throw new IllegalArgumentException("the build fails, see above");
        }
        loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, Build.class.getClassLoader());
        for (Source file : files) {
            Class<?> type = loader.loadClass("game." + file.name);
            if (!type.isEnum()) {
                types.add(type);
            }
        }
    }

    private static Path ofCodec() {
        try {
            return Path.of(RecordBook.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Registration registration() {
        return RecordBook.named("game").with(types.toArray(Class<?>[]::new));
    }

    Class<?> type(String name) {
        try {
            return loader.loadClass("game." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    Class<? extends Record> record(String name) {
        return type(name).asSubclass(Record.class);
    }

    /** A record by its only constructor. */
    Object make(String name, Object... components) {
        try {
            return type(name).getConstructors()[0].newInstance(components);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    Object constant(String name, String constant) {
        return List.of(type(name).getEnumConstants()).stream()
                .filter(one -> ((Enum<?>) one).name().equals(constant))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;
        private final String name;

        Source(String text) {
            this(text, name(text));
        }

        private Source(String text, String name) {
            super(URI.create("string:///game/" + name + ".java"), JavaFileObject.Kind.SOURCE);
            this.name = name;
            this.text = "package game; import dev.berth.core.record.*; import java.util.*; " + text;
        }

        private static String name(String text) {
            Matcher type = TYPE.matcher(text);
            if (!type.find()) {
                throw new IllegalArgumentException("no public type in " + text);
            }
            return type.group(1);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
