package dev.berth.lab.house;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

// Whole packages are allowed rather than forbidden, so that what nobody thought of is outside: java.io, java.net,
// java.nio.file and channels, java.time, java.util.concurrent, logging. Within the allowed packages, types and methods
// are forbidden that have a clock, a thread, dice, the environment, or an order that differs between two JVMs.

/** What core may refer to, and what decides outside of it. */
final class Purity {
    private static final Set<String> PACKAGES = Set.of(
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.lang.runtime",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.util",
            "java.util.function",
            "java.util.random",
            "java.util.stream",
            "org.jspecify.annotations");

    /** Values without a clock or a socket, from packages that have one. */
    private static final Set<String> VALUES = Set.of(
            "com.ericsson.otp.erlang.OtpErlangDecodeException",
            "com.ericsson.otp.erlang.OtpInputStream",
            "com.ericsson.otp.erlang.OtpOutputStream",
            "java.time.Duration",
            "java.time.Instant");

    private static final List<String> DECIDING =
            List.of("dev.berth.core", "dev.berth.poker.rules", "dev.berth.poker.wire");

    private static final Set<String> TYPES = Set.of(
            "java.lang.ClassLoader",
            "java.lang.InheritableThreadLocal",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.ScopedValue",
            "java.lang.StackWalker",
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.lang.ThreadLocal",
            "java.nio.MappedByteBuffer",
            "java.util.Calendar",
            "java.util.Date",
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.Hashtable",
            "java.util.IdentityHashMap",
            "java.util.Properties",
            "java.util.Random",
            "java.util.Scanner",
            "java.util.ServiceLoader",
            "java.util.SplittableRandom",
            "java.util.Timer",
            "java.util.TimerTask",
            "java.util.TimeZone",
            "java.util.WeakHashMap",
            "java.util.random.RandomGeneratorFactory");

    /** A method name that ends in * stands for every name that begins so. */
    private static final Map<String, List<String>> METHODS = Map.ofEntries(
            Map.entry("java.lang.Boolean", List.of("getBoolean")),
            // Record components, permitted subclasses and constants come in the order of the source; these in none.
            Map.entry(
                    "java.lang.Class",
                    List.of(
                            "getClasses",
                            "getConstructors",
                            "getDeclaredClasses",
                            "getDeclaredConstructors",
                            "getDeclaredFields",
                            "getDeclaredMethods",
                            "getFields",
                            "getMethods")),
            Map.entry("java.lang.Integer", List.of("getInteger")),
            Map.entry("java.lang.Long", List.of("getLong")),
            Map.entry("java.lang.Math", List.of("random")),
            Map.entry("java.time.Instant", List.of("now")),
            Map.entry("java.util.Arrays", List.of("parallel*")),
            Map.entry("java.util.Map", List.of("of", "ofEntries", "copyOf")),
            Map.entry("java.util.Set", List.of("of", "copyOf")),
            Map.entry("java.util.UUID", List.of("randomUUID")),
            Map.entry("java.util.random.RandomGenerator", List.of("of", "getDefault")),
            Map.entry(
                    "java.util.stream.Collectors",
                    List.of(
                            "groupingBy*",
                            "partitioningBy",
                            "toConcurrentMap",
                            "toMap",
                            "toSet",
                            "toUnmodifiableMap",
                            "toUnmodifiableSet")),
            Map.entry("java.util.stream.StreamSupport", List.of("*")));

    private Purity() {}

    /** Whether a class may only decide. */
    static boolean decides(JavaClass type) {
        return DECIDING.stream().anyMatch(type.getPackageName()::startsWith);
    }

    /** One sentence for each place where the class refers to what core may not. */
    static List<String> violations(JavaClass type) {
        var types = type.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> !isAllowed(dependency.getTargetClass().getBaseComponentType()))
                .map(Dependency::getDescription);
        var accesses =
                type.getAccessesFromSelf().stream().filter(Purity::isForbidden).map(JavaAccess::getDescription);
        var monitors = type.getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                .map(method -> method.getDescription() + " is synchronized");
        return Stream.of(types, accesses, monitors)
                .flatMap(found -> found)
                .sorted()
                .toList();
    }

    private static boolean isAllowed(JavaClass type) {
        if (type.isPrimitive() || decides(type)) {
            return true;
        }
        var outermost = type.getName().replaceFirst("\\$.*", "");
        return VALUES.contains(outermost) || (PACKAGES.contains(type.getPackageName()) && !TYPES.contains(outermost));
    }

    private static boolean isForbidden(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        var name = access.getName();
        return switch (name) {
            case "hashCode", "hash" ->
                isIdentityHash(owner) && !access.getOrigin().getName().equals("hashCode");
            case "parallel", "parallelStream" -> owner.getPackageName().startsWith("java.");
            case "wait", "notify", "notifyAll" -> isDeclaredByObject(access);
            case "shuffle" -> owner.isEquivalentTo(Collections.class) && arguments(access) == 1;
            default ->
                owner.isEquivalentTo(System.class)
                        ? !name.equals("arraycopy")
                        : METHODS.entrySet().stream()
                                .filter(entry -> owner.getName().equals(entry.getKey()))
                                .flatMap(entry -> entry.getValue().stream())
                                .anyMatch(pattern -> matches(name, pattern));
        };
    }

    /** They are called on any type, and a type may have others of the same name. */
    private static boolean isDeclaredByObject(JavaAccess<?> access) {
        return access.getTarget()
                .resolveMember()
                .map(member -> member.getOwner().isEquivalentTo(Object.class))
                .orElse(true);
    }

    /** Enums do not override it, and of an Object nobody knows. */
    private static boolean isIdentityHash(JavaClass owner) {
        return owner.isAssignableTo(Enum.class)
                || owner.isEquivalentTo(Object.class)
                || owner.isEquivalentTo(Class.class)
                || owner.isEquivalentTo(Objects.class);
    }

    private static int arguments(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().size()
                : 0;
    }

    private static boolean matches(String name, String pattern) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }
}
