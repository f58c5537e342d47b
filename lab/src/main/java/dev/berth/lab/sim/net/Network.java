package dev.berth.lab.sim.net;

import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.kernel.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;

// Streams as TCP gives them: what a side has sent arrives in order, until a reset loses the tail. A cut does not lose
// frames, it stalls them; when it heals they arrive, late. A side whose peer has vanished silently learns it when it
// sends.

/** All connections between processes. One thread. */
public final class Network {
    private static final long SYN_RETRY_NANOS = 1_000_000_000L;
    private static final int SYN_TRIES = 3;

    /** Sees every frame that leaves a process and every frame that a process takes in. */
    public interface Watcher {
        void sent(Line from, Frame frame);

        void landed(Line to, Frame frame);
    }

    private final Agenda agenda;
    private final Dice dice;
    private final Digest digest;
    private final Watcher watcher;
    private final Cuts cuts = new Cuts();
    private final TreeMap<Integer, Integer> slowness = new TreeMap<>();
    private final TreeMap<Integer, Door> doors = new TreeMap<>();
    private final TreeMap<Integer, LinkedHashSet<Line>> linesOf = new TreeMap<>();
    private final LinkedHashSet<Line> stalled = new LinkedHashSet<>();
    private final List<Rule> rules = new ArrayList<>();
    private Weather weather;
    private long lines;
    private long frames;
    private long bytes;

    public Network(Agenda agenda, Dice dice, Digest digest, Weather weather, Watcher watcher) {
        this.agenda = agenda;
        this.dice = dice;
        this.digest = digest;
        this.weather = weather;
        this.watcher = watcher;
    }

    /** How many frames were sent. */
    public long frames() {
        return frames;
    }

    public long bytes() {
        return bytes;
    }

    public Weather weather() {
        return weather;
    }

    public void weather(Weather newWeather) {
        weather = newWeather;
    }

    /** Connections to this door's process come in here from now on. */
    public void open(Door door) {
        doors.put(door.process().number(), door);
    }

    /** Starts a connection to the process with this number. The ear hears that it is open, or that it is closed. */
    public Line connect(Process from, int address, Ear ear, boolean datagrams) {
        Line near = new Line(this, ++lines, from, datagrams);
        near.listen(ear);
        Door door = doors.get(address);
        if (door == null) {
            near.join(near);
            agenda.in(delay(from.host(), from.host()), () -> from.post(() -> near.over("no such address")));
            return near;
        }
        Line far = new Line(this, ++lines, door.process(), datagrams);
        near.join(far);
        far.join(near);
        linesOf(from).add(near);
        agenda.in(delay(from.host(), door.process().host()), () -> knock(near, far, door, 1));
        return near;
    }

    private void knock(Line near, Line far, Door door, int attempt) {
        Host here = near.process().host();
        Host there = door.process().host();
        if (near.isGone() || near.isBroken()) {
            return;
        }
        if (blocks(here, there) || blocks(there, here)) {
            if (attempt == SYN_TRIES) {
                near.process().post(() -> near.over("connect timed out"));
            } else {
                agenda.in(SYN_RETRY_NANOS, () -> knock(near, far, door, attempt + 1));
            }
            return;
        }
        long back = delay(there, here);
        if (!door.process().isAlive()) {
            agenda.in(back, () -> near.process().post(() -> near.over("refused")));
            return;
        }
        linesOf(door.process()).add(far);
        door.process().post(() -> {
            far.listen(door.accept(far));
            far.up();
        });
        agenda.in(back, () -> near.process().post(near::up));
    }

    void carry(Line from, Flight flight) {
        Frame frame = flight.frame();
        if (frame != null) {
            frames++;
            bytes += frame.length();
            watcher.sent(from, frame);
            if (!rules.isEmpty() && ruled(from, flight, frame)) {
                return;
            }
        }
        dispatch(from, flight);
    }

    private boolean ruled(Line from, Flight flight, Frame frame) {
        for (Rule rule : rules) {
            if (rule.picks(from, frame)) {
                switch (rule.treatment()) {
                    case HOLD -> {
                        rule.hold(flight);
                        from.stall(flight, agenda.now());
                    }
                    case HOLD_ALONE -> rule.hold(flight);
                    case LOSE -> {}
                    case DOUBLE -> {
                        dispatch(from, flight);
                        dispatch(from, Flight.of(this, flight.to(), frame));
                    }
                }
                return true;
            }
        }
        return false;
    }

    private void dispatch(Line from, Flight flight) {
        if (from.isBroken()) {
            tell(from, "reset");
        } else if (from.isDatagrams() && flight.frame() != null && from.isOpen()) {
            scatter(from, flight);
        } else if (!from.stalled().isEmpty() || !(from.isOpen() || from.isGone()) || blocked(from)) {
            stall(from, flight);
        } else {
            agenda.at(
                    from.queueAt(agenda.now()
                            + delay(from.process().host(), flight.to().process().host())),
                    flight);
        }
    }

    private void scatter(Line from, Flight flight) {
        if (blocked(from) || dice.percent(weather.lossPercent())) {
            return;
        }
        Host here = from.process().host();
        Host there = flight.to().process().host();
        agenda.in(delay(here, there), flight);
        Frame frame = flight.frame();
        if (frame != null && dice.percent(weather.doublePercent())) {
            agenda.in(delay(here, there), Flight.of(this, flight.to(), frame));
        }
    }

    private void stall(Line from, Flight flight) {
        boolean first = from.stalled().isEmpty();
        from.stall(flight, agenda.now());
        if (first && !isOpening(from)) {
            stalled.add(from);
            long since = agenda.now();
            agenda.in(weather.giveUpNanos(), () -> giveUp(from, since));
        }
    }

    private static boolean isOpening(Line line) {
        return !line.isOpen() && !line.isGone();
    }

    private void giveUp(Line line, long since) {
        if (!line.stalled().isEmpty() && line.stalledSince() == since && stalled.contains(line)) {
            stalled.remove(line);
            line.breakOff();
            line.peer().breakOff();
            line.process().post(() -> line.over("timed out"));
        }
    }

    /** A frame reaches a machine: false if nobody is there to take it. */
    boolean arrives(Flight flight) {
        Line to = flight.to();
        if (to.isBroken()) {
            return false;
        }
        if (to.isGone() || !to.process().isAlive()) {
            tell(to.peer(), "reset");
            return false;
        }
        return true;
    }

    void landed(Line to, Frame frame) {
        digest.mix(frame.digest() ^ to.number());
        watcher.landed(to, frame);
        to.hear(frame);
    }

    private void tell(Line line, String cause) {
        Host far = line.peer().process().host();
        Host near = line.process().host();
        if (!blocks(far, near)) {
            agenda.in(delay(far, near), () -> line.process().post(() -> line.over(cause)));
        }
    }

    /** A process has ended: its kernel ends its streams, in order or by resets that lose what is under way. */
    public void processEnded(Process process, boolean losingTails) {
        LinkedHashSet<Line> own = linesOf.remove(process.number());
        if (own == null) {
            return;
        }
        for (Line line : own) {
            if (losingTails && !line.isGone()) {
                reset(line, false, true);
            } else {
                line.close("process ended");
            }
        }
    }

    /** Breaks a connection: what is under way is lost. A side that is not told learns it when it sends. */
    public void reset(Line line, boolean tellNear, boolean tellFar) {
        line.breakOff();
        line.peer().breakOff();
        if (tellNear) {
            tell(line, "reset");
        }
        if (tellFar) {
            tell(line.peer(), "reset");
        }
    }

    /** The open lines of a process, oldest first. */
    public List<Line> linesOf(int process) {
        LinkedHashSet<Line> own = linesOf.get(process);
        if (own == null) {
            return List.of();
        }
        own.removeIf(Line::isGone);
        return List.copyOf(own);
    }

    private LinkedHashSet<Line> linesOf(Process process) {
        LinkedHashSet<Line> own = linesOf.computeIfAbsent(process.number(), _ -> new LinkedHashSet<>());
        if (own.size() % 64 == 63) {
            own.removeIf(Line::isGone);
        }
        return own;
    }

    public Rule rule(Rule.Picker picker, Rule.Treatment treatment, int atMost) {
        Rule rule = new Rule(picker, treatment, atMost);
        rules.add(rule);
        return rule;
    }

    /** Ends a rule and lets what it held go on. */
    public void release(Rule rule) {
        rule.stop();
        rules.remove(rule);
        ArrayDeque<Flight> flights = rule.flights();
        while (!flights.isEmpty()) {
            Flight flight = flights.removeFirst();
            Line from = flight.to().peer();
            if (rule.treatment() == Rule.Treatment.HOLD) {
                unstall(from);
            } else {
                agenda.in(delay(from.process().host(), flight.to().process().host()), flight);
            }
        }
    }

    public boolean blocks(Host from, Host to) {
        return cuts.blocks(from.index(), to.index());
    }

    private boolean blocked(Line from) {
        return blocks(from.process().host(), from.peer().process().host());
    }

    /** Nothing gets from one machine to the other any more; the way back is another cut. */
    public void cut(Host from, Host to) {
        cuts.cut(from.index(), to.index());
    }

    public void heal(Host from, Host to) {
        cuts.heal(from.index(), to.index());
        unstallAll();
    }

    /** Cuts some machines off from all others, or only what they send; returns what ends it. */
    public Runnable wallIn(List<Host> inside, boolean outwardsOnly) {
        BitSet members = new BitSet();
        inside.forEach(host -> members.set(host.index()));
        Cuts.Wall wall = new Cuts.Wall(members, outwardsOnly);
        cuts.build(wall);
        return () -> {
            cuts.tearDown(wall);
            unstallAll();
        };
    }

    /** What a machine sends reaches nobody. */
    public void mute(Host host, boolean on) {
        cuts.mute(host.index(), on);
        unstallAll();
    }

    /** A machine hears nobody. */
    public void deafen(Host host, boolean on) {
        cuts.deafen(host.index(), on);
        unstallAll();
    }

    public void healAll() {
        cuts.healAll();
        slowness.clear();
        unstallAll();
    }

    /** Everything from or to this machine takes that many times as long; 1 is normal. */
    public void slow(Host host, int factor) {
        if (factor <= 1) {
            slowness.remove(host.index());
        } else {
            slowness.put(host.index(), factor);
        }
    }

    private void unstallAll() {
        for (Line line : List.copyOf(stalled)) {
            if (!blocked(line)) {
                unstall(line);
            }
        }
    }

    void unstall(Line from) {
        stalled.remove(from);
        List<Flight> waiting = List.copyOf(from.stalled());
        from.stalled().clear();
        waiting.forEach(flight -> dispatch(from, flight));
    }

    private long delay(Host from, Host to) {
        long delay = weather.leastNanos() + dice.nextLong(weather.jitterNanos());
        if (dice.percent(weather.tailPercent())) {
            delay += dice.nextLong(weather.tailNanos() + 1);
        }
        // What would take longer than that, a stream gives up.
        return slowness.isEmpty() ? delay : Math.min(delay * Math.max(factor(from), factor(to)), weather.giveUpNanos());
    }

    private int factor(Host host) {
        Integer factor = slowness.get(host.index());
        return factor == null ? 1 : factor;
    }
}
