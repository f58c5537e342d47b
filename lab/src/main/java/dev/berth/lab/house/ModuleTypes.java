package dev.berth.lab.house;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads the classes that a module's sources declare, without initializing them. Any thread may use it. */
final class ModuleTypes {
    private ModuleTypes() {}

    static List<Class<?>> of(Checkout checkout, String module) throws IOException {
        var sources = checkout.root().resolve(module).resolve("src/main/java");
        var types = new ArrayList<Class<?>>();
        for (var file : checkout.javaFiles()) {
            if (file.startsWith(sources) && !file.endsWith("package-info.java")) {
                addWithNested(load(sources.relativize(file)), types);
            }
        }
        return types;
    }

    private static Class<?> load(Path source) {
        var name = source.toString().replace(".java", "").replace('/', '.').replace('\\', '.');
        try {
            return Class.forName(name, false, ModuleTypes.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(source + " does not declare " + name, e);
        }
    }

    private static void addWithNested(Class<?> type, List<Class<?>> types) {
        types.add(type);
        for (var nested : type.getDeclaredClasses()) {
            addWithNested(nested, types);
        }
    }
}
