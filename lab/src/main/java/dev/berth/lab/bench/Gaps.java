package dev.berth.lab.bench;

import java.util.List;

/** What is said of a few measured times, in milliseconds. Any thread. */
final class Gaps {
    private Gaps() {}

    static double median(List<Double> millis) {
        return millis.isEmpty()
                ? 0
                : Bench.rounded(millis.stream().sorted().toList().get(millis.size() / 2), 1);
    }

    static double longest(List<Double> millis) {
        return Bench.rounded(
                millis.stream().mapToDouble(Double::doubleValue).max().orElse(0), 1);
    }
}
