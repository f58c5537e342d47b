package dev.berth.node.process;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.PeerMessage.Call;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.record.Registration;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.Guest;
import dev.berth.node.plane.Work;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The processes of one node, and the ways to those of others. Any thread. */
@PublicApi
public final class Processes implements AutoCloseable {
    static final Restart GO_ON = new Restart.GoOn();
    /** Processes that wait for each other, one for the next. */
    static final int CHAIN_MAX = PeerMessage.CHAIN_MAX;

    private static final int MAILBOX_MAX = 4_096;

    private final Address first;
    private final Runners runners;
    private final ProcessTable table = new ProcessTable();
    private final Clockwork clockwork = new Clockwork();
    private final Watches watches = new Watches(this);
    private final Waits waits = new Waits();
    private final Outside outside;
    private final Parcels parcels;
    private final Names names;
    private final Desk desk = new Desk(this);
    private final Subscribers subscribers = new Subscribers(this);
    /** It reads what is published. */
    private final LocalProcess reader = new LocalProcess(this, 0);

    private final Topics topics;

    /** Processes without a cluster. */
    public Processes(Address first, int processors, BooleanSupplier mayRun) {
        this(first, processors, mayRun, Outside.NONE);
    }

    /**
     * @param first the address of the first process of this life
     * @param mayRun whether the node may act
     */
    public Processes(Address first, int processors, BooleanSupplier mayRun, Outside outside) {
        this.first = first;
        this.runners = new Runners(processors, mayRun);
        this.outside = outside;
        this.parcels = new Parcels(this::at, outside.messages());
        this.names = new Names(this);
        this.topics = new Topics(first, outside.view(), outside.submit(), System::nanoTime, parcels, this::published);
        table.put(0, reader);
        reader.begin(subscribers);
    }

    /**
     * Begins the book of what processes say to those of other nodes ({@code NodeConfig.withMessages}): records, also with the
     * ways to processes in them. Numbers, text, {@link dev.berth.core.wire.Bytes} and {@link Raw} need none.
     *
     * @param contracts interfaces that processes of other nodes fulfil: what their methods take and answer is found, and may be
     *     the way to such a process too. An IllegalArgumentException says what cannot be called from elsewhere, and why
     */
    public static Registration messages(String name, Class<?>... contracts) {
        return Parcels.registration(name, contracts);
    }

    Outside outside() {
        return outside;
    }

    Parcels parcels() {
        return parcels;
    }

    Topics topics() {
        return topics;
    }

    Subscribers subscribers() {
        return subscribers;
    }

    Watches watches() {
        return watches;
    }

    Runners runners() {
        return runners;
    }

    Waits waits() {
        return waits;
    }

    Clockwork clockwork() {
        return clockwork;
    }

    int mailboxMax() {
        return MAILBOX_MAX;
    }

    Address address(long number) {
        return new Address(first.value() + number);
    }

    /**
     * What runs on this thread is about to wait for something that no process does: if it is a process, those that wait for its
     * thread are run by another one. Without this they are too, a millisecond later.
     */
    public static void beforeWaiting() {
        Runner runner = Runner.current();
        if (runner != null) {
            runner.beforeWaiting();
        }
    }

    public int count() {
        return table.count();
    }

    /**
     * So many seconds messages have waited in mailboxes in the last one to two minutes, such that this share waited no longer; 0
     * if nothing is known. One message in 64 is timed, and no question of a process of this node.
     */
    public double waitSeconds(double share) {
        return waits.seconds(share);
    }

    /** A process with its behavior, which is made on this thread. */
    public <M> ProcessRef<M> spawn(Function<Self<M>, Behavior<M>> made) {
        return spawn(GO_ON, made);
    }

    @SuppressWarnings("unchecked") // the way to it takes what its behavior takes
    public <M> ProcessRef<M> spawn(Restart restart, Function<Self<M>, Behavior<M>> made) {
        int number = table.reserve();
        LocalProcess process = new LocalProcess(this, number);
        if (!(restart instanceof Restart.GoOn)) {
            Extras extras = process.extras();
            extras.restart = restart;
            extras.made = (Function<Self<Object>, Behavior<Object>>) (Function<?, ?>) made;
        }
        Behavior<M> behavior;
        try {
            behavior = made.apply((Self<M>) process);
        } catch (RuntimeException | Error thrown) {
            process.endMailbox();
            table.release();
            throw thrown;
        }
        table.put(number, process);
        process.begin((Behavior<Object>) behavior);
        return (ProcessRef<M>) process;
    }

    /**
     * A process that fulfils a contract: an interface whose methods are its messages. Whoever calls one waits for its end, up to
     * 30 s and no longer than whoever asks him; what it answers is the answer, what it throws arrives as a Failed
     * {@link dev.berth.core.call.CallException}. A method that is {@link OneWay} is only left as a message. Within this node
     * arguments and answers go as they are; for other nodes the contract has to be in the book of messages.
     *
     * {@snippet :
     * interface Greeter { String greet(String name); }
     *
     * Greeter greeter = processes.spawn(Greeter.class, self -> name -> "hello " + name);
     * processes.register("greeter", ProcessRef.of(greeter));
     * String hello = processes.find(Greeter.class, "greeter").orElseThrow().greet("you");
     * }
     *
     * @param code made on this thread; what it tells itself, by timers and monitors, is tasks. It may be {@link Reentrant}
     * @throws IllegalArgumentException when it is no contract; says why
     */
    public <C> C spawn(Class<C> contract, Function<Self<Runnable>, ? extends C> code) {
        return spawn(GO_ON, contract, code);
    }

    @SuppressWarnings("unchecked") // what fulfils a contract takes tasks
    public <C> C spawn(Restart restart, Class<C> contract, Function<Self<Runnable>, ? extends C> code) {
        Contract of = Contract.of(contract);
        ProcessRef<Object> process =
                spawn(restart, self -> new ContractCode(of, code.apply((Self<Runnable>) (Self<?>) self), parcels));
        return process.as(contract);
    }

    /** The way to the process that has the address, here or elsewhere; whether there is one shows when it is used. */
    @SuppressWarnings("unchecked") // whoever has the address knows what it takes
    public <M> ProcessRef<M> at(Address address) {
        if (!address.isAt(first.node())) {
            return new RemoteProcess<>(this, address);
        }
        LocalProcess local = find(address.value());
        return local == null ? new Nobody<>(address) : (ProcessRef<M>) local;
    }

    /** The same to one that fulfils a contract, as {@link ProcessRef#as}. */
    public <C> C at(Class<C> contract, Address address) {
        return at(address).as(contract);
    }

    /**
     * Gives a process of this node a name. A name that begins with a dot is known in this node; any other one in the whole
     * cluster, and this waits until the master has said so. First come keeps it, as long as the process lives; when the node
     * leaves the cluster its names are free.
     *
     * @throws NameRefusedException when another process has it, or no master says so within 30 s
     */
    public void register(String name, ProcessRef<?> process) {
        names.register(name, process);
    }

    /** The way to whatever process has the name: asks nobody, this node knows all names. */
    public <M> Optional<ProcessRef<M>> find(String name) {
        return names.find(name);
    }

    /** The same to one that fulfils a contract, as {@link ProcessRef#as}. */
    public <C> Optional<C> find(Class<C> contract, String name) {
        return find(name).map(way -> way.as(contract));
    }

    /** To tell something to whoever listens, anywhere in the cluster. */
    public Topic topic(String name) {
        return topics.topic(name);
    }

    /** By this node. */
    private void published(String topic, Object message) {
        if (!subscribers.areThereOf(topic)) {
            return;
        }
        switch (reader.put(new Letter(new Subscribers.Own(topic, message)), MAILBOX_MAX)) {
            case FIRST -> runners.ready(reader);
            case FULL -> topics.busy.increment();
            case BEHIND_OTHERS, ENDED -> {}
        }
    }

    /**
     * Asks and goes on, for code that must not wait. The end is told once, on a thread of the runtime that must not be kept: the
     * node's loop, or the one that has answered. A process of this node that never answers never ends it: who asks keeps
     * the time.
     *
     * @param asker the process on whose behalf it is asked: what it asks of one process stays in order
     */
    public void ask(
            Address asker,
            ProcessRef<?> to,
            Asks<Bytes> question,
            Duration within,
            Consumer<? super Outcome<Bytes>> end) {
        long deadline = System.nanoTime() + within.toNanos();
        switch (to) {
            case LocalProcess local -> local.asked(new Promised(question, deadline, end));
            case RemoteProcess<?> remote -> remote.ask(asker, question, deadline, end);
            default -> end.accept(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
        }
    }

    /**
     * A message that nobody waits for, from what is no process; lost if there is no room for it.
     *
     * @param caller what has the same one stays in order
     */
    public void tell(long caller, Address to, Object message) {
        tell(caller, to, message, () -> {});
    }

    /** @param untaken there is no room for it, or no connection takes it; what a connection loses is not known */
    public void tell(long caller, Address to, Object message, Runnable untaken) {
        ProcessRef<Object> way = at(to);
        if (way instanceof RemoteProcess<?> remote) {
            remote.tell(caller, message, untaken);
            return;
        }
        try {
            way.send(message);
        } catch (ProcessBusyException full) {
            untaken.run();
        }
    }

    /** The same with what a feed tells: it becomes bytes only if it leaves this node. */
    public void tell(long caller, Address to, Telling telling, Runnable untaken) {
        boolean stays = at(to) instanceof LocalProcess local && !local.standsForAnother();
        Object message = stays ? telling : telling.encoded();
        tell(caller, to, message, untaken);
    }

    /** Ends a process of this node behind what waits in its mailbox; any other one has ended already. */
    public void stop(ProcessRef<?> process, String cause) {
        if (process instanceof LocalProcess local) {
            local.deliver(new Letter("") {
                @Override
                @Nullable
                Object body() {
                    local.extras().stopCause = cause;
                    return null;
                }
            });
        }
    }

    /** A message from another node that is for a process. Called on the node's loop. */
    public void admitted(Work work) {
        Call call = work.dispatch().call();
        Guest guest = work.guest();
        if (guest != null && !new Address(call.address()).isAt(first.node())) {
            desk.admitted(guest, work);
            return;
        }
        LocalProcess to = find(call.address());
        boolean topic = to == reader;
        if (to == null || (topic && guest != null)) {
            work.answer(new Result.NotRun(RefusedReason.NO_SUCH_PROCESS, 0));
        } else if (call.body().length() == 0) {
            work.taken();
            to.extras().monitor(new RemoteWatcher(work));
        } else if (!to.receive(new RemoteLetter(work, parcels, waits))) {
            if (topic) {
                topics.busy.increment();
            } else {
                to.missed();
            }
        }
    }

    /** A message for the process was not admitted. Called on the node's loop. */
    public void missed(long address) {
        LocalProcess to = find(address);
        if (to != null) {
            to.missed();
        }
    }

    @Nullable
    LocalProcess find(long address) {
        long number = address - first.value();
        return number < 0 || number >= ProcessTable.NUMBERS ? null : table.get((int) number);
    }

    void remove(LocalProcess process) {
        table.remove((int) process.number());
    }

    @Override
    public void close() {
        runners.close();
        clockwork.close();
    }
}
