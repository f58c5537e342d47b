package dev.berth.node.link;

/** An end whose handshake was refused: what to answer, and the words for people. Any thread. */
final class Refusal extends Exception {
    private final Answer answer;

    /** Carries no stack trace: a stranger should cost little. */
    Refusal(Answer answer, String words) {
        super(words, null, false, false);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
