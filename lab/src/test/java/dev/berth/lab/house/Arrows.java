package dev.berth.lab.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;

/** Who may know whom: the picture in README.md as a table. The lab, which is never shipped, may know all. */
final class Arrows {
    private static final Map<String, List<String>> DOWN = Map.of(
            "core", List.of(),
            "node", List.of("core"),
            "client", List.of("core"),
            "test", List.of("node", "core"),
            "gate", List.of("node", "core"),
            "strip", List.of("node", "core"),
            "watch", List.of("node", "core"),
            "console", List.of("node", "core"),
            "poker", List.of("gate", "client", "node", "core"));

    private Arrows() {}

    /** One sentence for each place where the class refers to a module that is not below its own. */
    static List<String> violations(JavaClass type) {
        var module = module(type);
        if (module.equals("lab")) {
            return List.of();
        }
        var below = DOWN.get(module);
        if (below == null) {
            return List.of(type.getName() + " is in a module without a place in the picture");
        }
        return type.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> {
                    var target = dependency.getTargetClass().getBaseComponentType();
                    return target.getPackageName().startsWith("dev.berth.")
                            && !module(target).equals(module)
                            && !below.contains(module(target));
                })
                .map(Dependency::getDescription)
                .sorted()
                .toList();
    }

    private static String module(JavaClass type) {
        return type.getPackageName().replaceFirst("^dev\\.berth\\.", "").replaceFirst("\\..*", "");
    }
}
