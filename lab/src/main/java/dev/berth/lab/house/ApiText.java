package dev.berth.lab.house;

import dev.berth.core.PublicApi;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

// Reflection returns members in no promised order, so they are sorted; only what a caller can tell apart is written:
// record components, sealed permits and enum constants in their order, constants with their values, null annotations.

/** The signatures of public types as text, one member a line, the same on every machine. Any thread may use it. */
final class ApiText {
    private static final Set<Class<?>> IMPLIED_PARENTS = Set.of(Object.class, Record.class, Enum.class);

    private ApiText() {}

    /** Describes every type of these that is {@linkplain PublicApi marked}, and the public types nested in one. */
    static String of(Collection<Class<?>> types) {
        return types.stream()
                .filter(ApiText::isMarked)
                .sorted(Comparator.comparing(Class::getName))
                .map(ApiText::describe)
                .collect(Collectors.joining("\n"))
                .replace("@org.jspecify.annotations.Nullable() ", "@Nullable ");
    }

    private static boolean isMarked(Class<?> type) {
        if (!isVisible(type.getModifiers())) {
            return false;
        }
        var outer = type.getEnclosingClass();
        return type.isAnnotationPresent(PublicApi.class) || (outer != null && isMarked(outer));
    }

    private static String describe(Class<?> type) {
        var lines = new ArrayList<String>();
        lines.add(header(type));
        if (type.isRecord()) {
            for (var part : type.getRecordComponents()) {
                lines.add("  component " + part.getAnnotatedType() + " " + part.getName());
            }
        }
        if (type.isEnum()) {
            for (var constant : type.getEnumConstants()) {
                lines.add("  constant " + ((Enum<?>) constant).name());
            }
        }
        members(type.getDeclaredFields())
                .filter(field -> !field.isEnumConstant())
                .map(ApiText::field)
                .forEach(lines::add);
        members(type.getDeclaredConstructors()).map(ApiText::constructor).forEach(lines::add);
        members(type.getDeclaredMethods())
                .filter(method -> !method.isBridge() && !isImplied(type, method))
                .map(ApiText::method)
                .forEach(lines::add);
        return String.join("\n", lines) + "\n";
    }

    /** What a record has by its components, and an enum by its constants. */
    private static boolean isImplied(Class<?> type, Method method) {
        if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents()).anyMatch(part -> method.equals(part.getAccessor()))
                    || List.of("equals", "hashCode", "toString").contains(method.getName());
        }
        return type.isEnum() && List.of("values", "valueOf").contains(method.getName());
    }

    private static String header(Class<?> type) {
        var text = new StringBuilder(deprecation(type)).append(type.toGenericString());
        if (type.getAnnotatedSuperclass() != null && !IMPLIED_PARENTS.contains(type.getSuperclass())) {
            text.append(" extends ").append(type.getAnnotatedSuperclass());
        }
        if (type.getInterfaces().length > 0) {
            text.append(" implements ").append(list(Arrays.asList(type.getAnnotatedInterfaces())));
        }
        if (type.isSealed()) {
            var names = Arrays.stream(type.getPermittedSubclasses()).map(Class::getName);
            text.append(" permits ").append(names.collect(Collectors.joining(", ")));
        }
        return text.toString();
    }

    private static <M extends Member> Stream<M> members(M[] declared) {
        return Arrays.stream(declared)
                .filter(member -> isVisible(member.getModifiers()) && !member.isSynthetic())
                .sorted(Comparator.comparing(Member::getName).thenComparing(Object::toString));
    }

    private static String field(Field field) {
        var text = "  " + deprecation(field) + modifiers(field, Modifier.fieldModifiers()) + field.getAnnotatedType()
                + " " + field.getName();
        boolean hasValue = Modifier.isStatic(field.getModifiers())
                && Modifier.isFinal(field.getModifiers())
                && (field.getType().isPrimitive() || field.getType() == String.class);
        return hasValue ? text + " = " + constant(field) : text;
    }

    private static Object constant(Field field) {
        try {
            field.setAccessible(true);
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String constructor(Constructor<?> constructor) {
        return "  " + deprecation(constructor)
                + modifiers(constructor, Modifier.constructorModifiers())
                + "new" + parameters(constructor);
    }

    private static String method(Method method) {
        return "  " + deprecation(method)
                + modifiers(method, Modifier.methodModifiers() & ~Modifier.SYNCHRONIZED)
                + (method.isDefault() ? "default " : "")
                + typeParameters(method)
                + method.getAnnotatedReturnType() + " " + method.getName() + parameters(method)
                + (method.getDefaultValue() == null ? "" : " default " + method.getDefaultValue());
    }

    private static String parameters(Executable executable) {
        var types = Arrays.stream(executable.getParameters()).map(ApiText::parameter);
        var text = types.collect(Collectors.joining(", ", "(", ")"));
        var thrown = executable.getAnnotatedExceptionTypes();
        return thrown.length == 0 ? text : text + " throws " + list(Arrays.asList(thrown));
    }

    private static String parameter(Parameter parameter) {
        var type = parameter.getAnnotatedType().toString();
        return parameter.isVarArgs() ? type.substring(0, type.lastIndexOf('[')) + "..." : type;
    }

    private static String typeParameters(Method method) {
        var variables = method.getTypeParameters();
        if (variables.length == 0) {
            return "";
        }
        return Arrays.stream(variables)
                .map(variable -> variable.getName() + " extends " + list(Arrays.asList(variable.getAnnotatedBounds())))
                .collect(Collectors.joining(", ", "<", "> "));
    }

    private static String deprecation(AnnotatedElement element) {
        return element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
    }

    private static String modifiers(Member member, int mask) {
        int relevant = member.getModifiers() & mask & ~Modifier.TRANSIENT & ~Modifier.VOLATILE;
        return relevant == 0 ? "" : Modifier.toString(relevant) + " ";
    }

    private static String list(List<?> items) {
        return items.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
