package dev.berth.core.audit;

/** What must hold. Any thread. */
public enum Invariant {
    I1("at most one incarnation per slot serves and may act"),
    I2("accepted writes of a slot never go back in epoch"),
    I3("after up returned, nobody admits or addresses the replaced incarnation"),
    I4("when up or run returns, all who may act have applied its view"),
    I5("terms, views and epochs only grow, and one view number has one content"),
    I6("nothing is dispatched, sent or written outside the lease"),
    I7("an acknowledged operation has exactly one effect"),
    I8("once faults stop, every slot with a willing node runs within a stated time"),
    REGISTRY("no key has two confirmed holders who may act"),
    MACHINE("no machine breaks one of its own rules");

    private final String sentence;

    Invariant(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
