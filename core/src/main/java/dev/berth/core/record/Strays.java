package dev.berth.core.record;

import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

// A component whose type was changed without an upcaster would read as if it had never been written, and what a player
// owned would be gone with the next write. A number does not say its name, but the numbers which a known name would
// have with other kinds can be told beforehand; whoever meets one of those stops.

/** The numbers that a record's components would have if they were of other kinds. Any thread. */
final class Strays {
    static final Strays NONE = new Strays(List.of(), new int[0]);

    private static final List<String> KINDS =
            List.of("bool", "int", "float", "text", "bytes", "enum", "uuid", "duration", "instant", "sealed");

    private final List<Part> parts;
    private final int[] numbers;

    /**
     * @param known the numbers of fields that are read, which are nobody's stray
     */
    Strays(List<? extends Part> parts, int[] known) {
        this.parts = List.copyOf(parts);
        TreeSet<Integer> strays = new TreeSet<>();
        for (Part part : parts) {
            others(part).forEach(kind -> strays.add(FieldNumber.of(part.wireName, kind)));
        }
        Arrays.stream(known).forEach(strays::remove);
        numbers = strays.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Every simple kind, the component's own and its kin, by itself, in a list and in a set. */
    private static List<String> others(Part part) {
        String own = part.kind.replaceFirst("^(list|set)<(.*)>$", "$2");
        List<String> others = new ArrayList<>();
        for (String kind : KINDS) {
            addAll(others, kind);
        }
        if (!KINDS.contains(own)) {
            addAll(others, own);
        }
        part.kin().forEach(kind -> addAll(others, kind));
        others.remove(part.kind);
        return others;
    }

    private static void addAll(List<String> others, String kind) {
        others.add(kind);
        others.add("list<" + kind + ">");
        others.add("set<" + kind + ">");
    }

    /** Refuses the number if it is that of a component in another kind. */
    void check(int number) throws WireException {
        if (Arrays.binarySearch(numbers, number) < 0) {
            return;
        }
        for (Part part : parts) {
            for (String kind : others(part)) {
                if (FieldNumber.of(part.wireName, kind) == number) {
                    throw new WireException(
                                    Kind.WRONG_VERSION,
                                    "it was written as " + kind + " and is " + part.kind
                                            + " in this build: register an upcaster for the former type or, if the"
                                            + " writer is the newer build, roll forward")
                            .within("." + part.name);
                }
            }
        }
    }
}
