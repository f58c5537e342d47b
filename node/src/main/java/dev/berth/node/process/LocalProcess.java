package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.node.link.Loops;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

// A million idle ones must fit: 40 bytes each, and what only few of them have lies behind one reference.

/** A process of this node: its mailbox, its behavior, the way to it and, for its own code, itself. */
final class LocalProcess extends Mailbox implements Self<Object>, ProcessRef<Object> {
    /** Messages that it reads in one turn, before others have theirs. */
    private static final int TURN_MAX = 64;

    private static final int LENT_MAX = 16;

    private static final Logger LOG = LoggerFactory.getLogger(LocalProcess.class);

    final Processes home;
    private final long number;
    private @Nullable Behavior<Object> behavior;
    private volatile @Nullable ProcessRef<?> waitsFor;
    private volatile @Nullable Extras extras;

    LocalProcess(Processes home, long number) {
        this.home = home;
        this.number = number;
    }

    /** What has come while its behavior was made waits in the mailbox, which is not at rest before. */
    void begin(Behavior<Object> made) {
        if (Kind.of(made).isReentrant()) {
            extras().baton = new Baton();
        }
        behavior = made;
        if (!rest()) {
            home.runners().queue(this);
        }
    }

    private Behavior<Object> behavior() {
        Behavior<Object> made = behavior;
        if (made == null) {
            throw new IllegalStateException("process " + address() + " runs before its behavior is made");
        }
        return made;
    }

    /** For one of a hidden node, to which nothing goes but bytes. */
    boolean standsForAnother() {
        return behavior instanceof StandIn;
    }

    long number() {
        return number;
    }

    Extras extras() {
        Extras there = extras;
        if (there == null) {
            synchronized (this) {
                there = extras;
                if (there == null) {
                    there = new Extras();
                    extras = there;
                }
            }
        }
        return there;
    }

    // ---- Its turn

    /** Reads messages; true if there may be more. */
    boolean turn(Runner runner) {
        runner.process = this;
        try {
            for (int i = 0; i < TURN_MAX; i++) {
                Letter letter = take();
                if (letter == null) {
                    return false;
                }
                if (!attend(runner, letter)) {
                    putBack(letter);
                    return true;
                }
            }
            return true;
        } finally {
            runner.process = null;
        }
    }

    /** False if it must wait. */
    private boolean attend(Runner runner, Letter letter) {
        Letter.Way way = letter.way();
        if (way == Letter.Way.RUN) {
            Baton baton = baton();
            if (baton == null) {
                run(runner, letter);
            } else {
                baton.with(() -> run(runner, letter));
            }
            endIfAsked();
        }
        return way != Letter.Way.LATER;
    }

    private void run(Runner runner, Letter letter) {
        Letter outer = runner.letter;
        Letter outerReads = runner.reads;
        runner.letter = letter;
        runner.reads = letter;
        try {
            Object body = letter.body();
            if (body != null) {
                Object answer = behavior().on(this, body);
                if (!runner.answersLater(letter)) {
                    letter.answer(answer);
                }
            }
        } catch (Exception | StackOverflowError | AssertionError | LinkageError thrown) {
            letter.failed(thrown);
            failed(thrown, letter.isAwaited());
        } finally {
            runner.letter = outer;
            runner.reads = outerReads;
        }
    }

    private void endIfAsked() {
        Extras some = extras;
        if (some != null && some.stopCause != null) {
            end(some, some.stopCause);
        }
    }

    /** @param told whether somebody hears of it anyway */
    private void failed(Throwable thrown, boolean told) {
        Extras some = extras;
        Restart restart = some == null ? Processes.GO_ON : some.restart;
        switch (restart) {
            case Restart.GoOn _ ->
                LOG.atLevel(told ? Level.DEBUG : Level.WARN)
                        .setCause(thrown)
                        .log("process {} goes on after", address());
            case Restart.Stop _ -> {
                LOG.warn("process {} ends by", address(), thrown);
                extras().stopCause = thrown.toString();
            }
            case Restart.Anew anew -> anew(extras(), anew, thrown);
        }
    }

    private void anew(Extras some, Restart.Anew policy, Throwable thrown) {
        Function<Self<Object>, Behavior<Object>> made = some.made;
        if (made == null || !some.mayRestart(policy, System.nanoTime())) {
            LOG.warn(
                    "process {} ends: restarted {} times within {} already", address(), policy.most(), policy.within());
            some.stopCause = "restarted " + policy.most() + " times within " + policy.within() + ", then " + thrown;
            return;
        }
        LOG.warn("process {} starts anew after", address(), thrown);
        try {
            behavior = made.apply(this);
        } catch (RuntimeException again) {
            some.stopCause = "cannot be made anew: " + again;
        }
    }

    private void end(Extras some, String cause) {
        home.remove(this);
        endMailbox();
        some.tellMonitors(cause);
        try {
            behavior().ended(cause);
        } catch (RuntimeException thrown) {
            LOG.warn("process {}: ended() threw", address(), thrown);
        }
    }

    // ---- The way to it

    @Override
    public Address address() {
        return home.address(number);
    }

    @Override
    public void send(Object message) {
        Put put = put(home.waits().letter(message), home.mailboxMax());
        if (put == Put.FIRST) {
            first();
        } else if (put == Put.FULL) {
            throw new ProcessBusyException(address(), home.mailboxMax());
        }
    }

    /** What the runtime tells it: never refused. */
    void tell(Object message) {
        deliver(home.waits().letter(message));
    }

    void deliver(Letter letter) {
        if (put(letter, Integer.MAX_VALUE) == Put.FIRST) {
            first();
        }
    }

    /** Somebody has to read the letter that has just been put. */
    private void first() {
        if (Kind.of(behavior()).isAtOnce()) {
            Runner runner = Runner.current();
            if (mayLend(runner)) {
                lend(runner);
                return;
            }
        }
        home.runners().ready(this);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the question says what its answer is, and whether it may be null
    public <R, Q extends Asks<R>> R call(Q question, Duration within) {
        return (R) ask(question, within.toNanos());
    }

    @Nullable
    Object ask(Object question, long withinNanos) {
        long deadline = System.nanoTime() + withinNanos;
        Runner runner = Runner.current();
        LocalProcess asker = runner == null ? null : runner.process;
        Loops.requireMayBlock("ProcessRef.call");
        if (runner == null || asker == null) {
            return ask(new Ask(question, null, null, deadline), null);
        }
        long until = runner.earlier(deadline);
        return asker.waitingFor(this, () -> {
            Ask ask = new Ask(question, asker, runner.reads, until);
            RemoteLetter outermost = ask.outermost();
            boolean cycle = this == asker || waitsFor(asker, outermost == null ? List.of() : outermost.chain());
            return cycle ? reenter(runner, asker, ask) : ask(ask, runner);
        });
    }

    /** Its code asks another process, which it has to wait for. */
    @Nullable
    Object waitingFor(ProcessRef<?> other, Supplier<@Nullable Object> asks) {
        ProcessRef<?> before = waitsFor;
        // Said before anybody looks: of two that begin to wait for each other at once, at least one sees it.
        waitsFor = other;
        try {
            Baton there = baton();
            return there == null ? asks.get() : there.whileAway(asks);
        } finally {
            waitsFor = before;
        }
    }

    /** Whether its own answer depends on the other's, or on that of one of these, here or on other nodes. */
    private boolean waitsFor(@Nullable LocalProcess other, List<Long> elsewhere) {
        ProcessRef<?> next = waitsFor;
        for (int i = 0; next != null && i < Processes.CHAIN_MAX; i++) {
            if (next == other
                    || (!elsewhere.isEmpty()
                            && elsewhere.contains(next.address().value()))) {
                return true;
            }
            next = next instanceof LocalProcess local ? local.waitsFor : null;
        }
        return false;
    }

    /** What another node sends; false if there was no room for it. Called on the node's loop. */
    boolean receive(RemoteLetter letter) {
        if (letter.isAwaited() && waitsFor(null, letter.chain())) {
            Baton there = baton();
            if (there == null) {
                letter.closesCycle(this);
            } else {
                Thread.startVirtualThread(() -> Runner.lend(home.runners(), runner -> visit(runner, null, letter)));
            }
            return true;
        }
        Put put = put(letter, home.mailboxMax());
        switch (put) {
            case FIRST -> first();
            case BEHIND_OTHERS -> {}
            case FULL -> letter.notRun(NotRun.BUSY);
            case ENDED -> letter.notRun(NotRun.NO_SUCH_PROCESS);
        }
        return put != Put.FULL;
    }

    @Nullable
    Baton baton() {
        Extras some = extras;
        return some == null ? null : some.baton;
    }

    private @Nullable Object ask(Ask ask, @Nullable Runner runner) {
        switch (put(ask, home.mailboxMax())) {
            case FIRST -> {
                if (mayLend(runner)) {
                    lend(runner);
                } else {
                    home.runners().queue(this);
                }
            }
            case BEHIND_OTHERS -> {}
            case FULL -> ask.notRun(NotRun.BUSY);
            case ENDED -> ask.notRun(NotRun.NO_SUCH_PROCESS);
        }
        if (!ask.hasEnded()) {
            if (runner != null) {
                runner.beforeWaiting();
            }
            ask.await();
        }
        return ask.value(this);
    }

    /** A message for it is lost. */
    void missed() {
        if (behavior() instanceof Misses it) {
            it.missed();
        }
    }

    /** Somebody asks who does not wait on his thread. */
    void asked(Letter question) {
        switch (put(question, home.mailboxMax())) {
            case FIRST -> first();
            case BEHIND_OTHERS -> {}
            case FULL -> question.notRun(NotRun.BUSY);
            case ENDED -> question.notRun(NotRun.NO_SUCH_PROCESS);
        }
    }

    // The process is at rest and its caller has to wait anyway: it runs on the caller's thread, which saves two changes
    // of threads. A handler that then blocks in foreign code keeps its caller beyond the deadline; so a kind of
    // behavior that is often slow is not run like this (Kind).

    private boolean mayLend(@Nullable Runner runner) {
        return (runner == null || runner.lentDepth < LENT_MAX)
                && !home.runners().isClosed()
                && !Kind.of(behavior()).isSlow()
                && home.runners().mayRun.getAsBoolean();
    }

    private void lend(@Nullable Runner runner) {
        if (runner == null) {
            Runner.lend(home.runners(), this::runOne);
        } else {
            runOne(runner);
        }
    }

    /** The letter that has just been put, and then whoever else is there is left to the runners. */
    private void runOne(Runner runner) {
        LocalProcess asker = runner.process;
        long start = System.nanoTime();
        runner.process = this;
        runner.lentDepth++;
        try {
            Letter letter = take();
            if (letter != null && !attend(runner, letter)) {
                putBack(letter);
            }
        } finally {
            runner.lentDepth--;
            runner.process = asker;
        }
        Kind.of(behavior()).took(System.nanoTime() - start);
        if (!rest()) {
            home.runners().queue(this);
        }
    }

    /** Whoever waits for the asker is asked by him: it would wait for itself, unless it takes questions meanwhile. */
    private @Nullable Object reenter(Runner runner, LocalProcess asker, Ask ask) {
        if (this == asker || baton() == null) {
            throw new CallCycleException(asker.toString(), toString());
        }
        visit(runner, asker, ask);
        return ask.value(this);
    }

    /** Its code runs on the thread of another while its own waits. */
    private void visit(Runner runner, @Nullable LocalProcess visitor, Letter letter) {
        Baton there = baton();
        if (there == null || hasEnded()) {
            letter.notRun(NotRun.NO_SUCH_PROCESS);
            return;
        }
        switch (letter.way()) {
            case RUN ->
                there.with(() -> {
                    runner.process = this;
                    try {
                        run(runner, letter);
                    } finally {
                        runner.process = visitor;
                    }
                });
            case LATER -> letter.notRun(NotRun.BUSY);
            case NEVER -> {}
        }
    }

    // ---- For its own code

    @Override
    public ProcessRef<Object> ref() {
        return this;
    }

    @Override
    public <N> ProcessRef<N> spawn(Function<Self<N>, Behavior<N>> made) {
        return home.spawn(made);
    }

    @Override
    public <N> ProcessRef<N> spawn(Restart restart, Function<Self<N>, Behavior<N>> made) {
        return home.spawn(restart, made);
    }

    @Override
    public <C> C spawn(Class<C> contract, Function<Self<Runnable>, ? extends C> code) {
        return home.spawn(contract, code);
    }

    @Override
    public <C> C spawn(Restart restart, Class<C> contract, Function<Self<Runnable>, ? extends C> code) {
        return home.spawn(restart, contract, code);
    }

    @Override
    public Timer after(Duration delay, Object message) {
        return home.clockwork().after(this, delay, message);
    }

    @Override
    public Timer every(Duration period, Object message) {
        return home.clockwork().every(this, period, message);
    }

    @Override
    public void monitor(ProcessRef<?> other, Function<String, Object> message) {
        Monitor monitor = new Monitor(this, message);
        if (other instanceof LocalProcess process) {
            process.extras().monitor(monitor);
        } else if (other instanceof RemoteProcess<?>) {
            home.watches().add(other.address(), monitor);
        } else {
            monitor.tell("there is no process " + other.address());
        }
    }

    @Override
    public Topic topic(String name) {
        return home.topic(name);
    }

    @Override
    public <T> void subscribe(String topic, Class<T> type, Function<? super T, ? extends @Nullable Object> message) {
        home.subscribers().add(this, topic, type, message);
    }

    @Override
    public void unsubscribe(String topic) {
        home.subscribers().remove(this, topic);
    }

    @Override
    @SuppressWarnings("unchecked") // the question says what its answer is
    public <R> Reply<R> replyLater() {
        Runner runner = runner();
        Letter letter = runner.letter;
        if (letter == null) {
            throw new IllegalStateException("the reply to this message has been put off already");
        }
        runner.letter = null;
        if (letter.isAwaited()) {
            return (Reply<R>) letter;
        }
        letter.answer(null);
        return (Reply<R>) NobodyWaits.INSTANCE;
    }

    private enum NobodyWaits implements Reply<Object> {
        INSTANCE;

        @Override
        public void answer(Object value) {}

        @Override
        public void fail(Exception cause) {}
    }

    @Override
    public void stop(String cause) {
        runner();
        extras().stopCause = cause;
    }

    private Runner runner() {
        Runner runner = Runner.current();
        if (runner == null || runner.process != this) {
            throw new IllegalStateException(
                    "only the code of process " + address() + " itself, while it runs, can do this");
        }
        return runner;
    }

    @Override
    public String toString() {
        Extras some = extras;
        String name = some == null ? "" : some.name;
        return (name.isEmpty() ? "process " : name + " ") + address();
    }
}
