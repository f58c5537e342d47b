package dev.berth.node.simpledb;

import dev.berth.node.process.Asks;
import org.jspecify.annotations.Nullable;

/** What the process named {@value SimpleDb#NAME} is asked. */
public sealed interface Question extends Asks<Question.Answer> {
    String key();

    /** What is kept under the key? */
    record Get(String key) implements Question {}

    /** Keep this under the key, and say what was there before. */
    record Set(String key, String value) implements Question {}

    /** @param text null where nothing is kept */
    record Answer(@Nullable String text) {}
}
