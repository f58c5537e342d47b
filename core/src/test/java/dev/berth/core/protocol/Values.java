package dev.berth.core.protocol;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// Every record is drawn from the types of its components and offered to its own constructor until that accepts it, so
// a new message needs nothing here. Numbers come from the edges of what they can be as often as from the middle.

/** Draws values of types that travel. One thread. */
public final class Values {
    private static final int ATTEMPTS_MAX = 1_000;
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        63,
        64,
        -64,
        -65,
        127,
        128,
        65_535,
        65_536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789._-";

    private final RandomGenerator random;

    public Values(RandomGenerator random) {
        this.random = random;
    }

    public Object of(Class<?> type) {
        if (type == ViewImage.ServiceImage.class) {
            return serviceImage();
        }
        if (type.isRecord()) {
            return record(type);
        }
        if (type.isSealed()) {
            Class<?>[] cases = type.getPermittedSubclasses();
            return of(cases[random.nextInt(cases.length)]);
        }
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        return plain(type, 40);
    }

    private Object plain(Class<?> type, int max) {
        if (type == String.class) {
            return text(max);
        } else if (type == Bytes.class) {
            byte[] bytes = new byte[random.nextInt(max + 1)];
            random.nextBytes(bytes);
            return Bytes.wrap(bytes);
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == int.class || type == Integer.class) {
            return (int) number();
        } else if (type == long.class || type == Long.class) {
            return number();
        }
        throw new IllegalArgumentException("no values of " + type);
    }

    private long number() {
        return switch (random.nextInt(3)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextInt(1, 70_000);
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private String text(int max) {
        if (random.nextInt(3) > 0) {
            StringBuilder name = new StringBuilder();
            int length = random.nextInt(1, Math.min(max, 12) + 1);
            for (int i = 0; i < length; i++) {
                name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            return name.toString();
        }
        StringBuilder text = new StringBuilder();
        int bytes = random.nextInt(max + 1);
        while (true) {
            int point = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
            String next = Character.isSurrogate((char) point) && point <= 0xffff ? "?" : Character.toString(point);
            bytes -= next.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 0) {
                return text.toString();
            }
            text.append(next);
        }
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
        }
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            @Nullable Object[] values = new @Nullable Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = component(components[i]);
            }
            try {
                return type.getDeclaredConstructor(types).newInstance(values);
            } catch (InvocationTargetException e) {
                if (!(e.getCause() instanceof IllegalArgumentException)) {
                    throw new AssertionError(type.getName(), e.getCause());
                }
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(type.getName(), e);
            }
        }
        throw new AssertionError(type.getName() + " accepts nothing");
    }

    private @Nullable Object component(RecordComponent component) {
        if (component.getAnnotatedType().isAnnotationPresent(Nullable.class) && random.nextInt(3) == 0) {
            return null;
        }
        Field field = component.getAnnotation(Field.class);
        int max = field == null || field.max() == 0 ? 40 : Math.min(field.max(), 40);
        if (component.getType() == List.class) {
            var element = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
            return list(element, random.nextInt(Math.min(max, 4) + 1));
        }
        return component.getType() == String.class || component.getType() == Bytes.class
                ? plain(component.getType(), max)
                : of(component.getType());
    }

    private <T> List<T> list(Class<T> element, int size) {
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            @SuppressWarnings("unchecked") // of(Integer.class) is an Integer
            T value = (T) of(element);
            list.add(value);
        }
        return list;
    }

    // Its lists are as long as its plan says, which drawing at random does not hit.
    private ViewImage.ServiceImage serviceImage() {
        int capacity = random.nextInt(1, 5);
        int buckets = random.nextBoolean() ? 0 : capacity + random.nextInt(4);
        String name = ((ServicePlan) of(ServicePlan.class)).name();
        ServicePlan plan = new ServicePlan(name, capacity, buckets, random.nextBoolean());
        List<Integer> slotOfBucket = new ArrayList<>();
        for (int i = 0; i < buckets; i++) {
            slotOfBucket.add(random.nextInt(1, capacity + 1));
        }
        List<ViewImage.Home> homes = buckets == 0
                ? List.of()
                : List.of(new ViewImage.Home(random.nextInt(1, capacity + 1), (Incarnation) of(Incarnation.class)));
        return new ViewImage.ServiceImage(plan, list(SlotState.class, plan.units()), slotOfBucket, homes);
    }
}
