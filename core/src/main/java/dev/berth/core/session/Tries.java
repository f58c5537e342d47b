package dev.berth.core.session;

// Within one connection a gate tries each SAY once, and says so when its call was repeated; after a resume only the
// next SAY can have been under way before. An entity that many call refuses what may have been tried and forgotten, so
// that must not be said of each SAY after a resume. An owner who has seen the last SAY end knows whether the next one
// was tried since; and a gate that leaves says whether all that it asked was answered. What is known is kept with the
// session as an epoch, for an owner who has seen nothing: that before it began the next SAY was not tried, or,
// negative,
// that this holds for the whole of it.

/** Whether a SAY may have been tried before, as an owner of the session knows it. One thread. */
public final class Tries {
    /** The number of a SAY that surely was not tried; 0 if that is not known of any. */
    private long untried;

    /** @param kept what {@link #ended} has said last; 0 in the beginning */
    public Tries(SessionState state, long kept) {
        untried = kept < 0 && kept == -state.epoch() ? state.said() + 1 : 0;
    }

    /**
     * A SAY is tried now.
     *
     * @param second whether the gate's call was repeated
     * @return whether that may have been so before
     */
    public boolean begins(SessionState state, long kept, long seq, boolean second) {
        boolean maybe = untried != seq && (second || state.mayBeSaidAgain(kept));
        untried = 0;
        return maybe;
    }

    /**
     * A call has been answered, which led to this state.
     *
     * @return what is to be kept in the same write
     */
    public long ended(SessionCall call, SessionAnswer answer, SessionState was, long kept, SessionState now) {
        long next = now.said() + 1;
        if (now.said() > was.said()) {
            untried = next;
            return was.epoch();
        }
        if (answer instanceof SessionAnswer.Entered) {
            untried = call instanceof SessionCall.Login ? next : untried;
            return untried == next ? now.epoch() : kept;
        }
        if (call instanceof SessionCall.Closed(long epoch, boolean answered) && epoch == now.epoch()) {
            untried = answered && !now.mayBeSaidAgain(kept) ? next : untried;
            return untried == next ? -epoch : kept;
        }
        return kept;
    }
}
