package dev.berth.node.operate;

/** Nobody who could answer did; the message says who was asked last and what came of it. */
public final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    NoAnswerException(String message) {
        super(message);
    }
}
