package dev.berth.poker.bot;

/** A server has said what the clients of 2008 do not survive. Any thread. */
public final class Complaint extends Exception {
    private static final long serialVersionUID = 1;

    public Complaint(String message) {
        super(message, null, false, false);
    }
}
