package dev.berth.node.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

// A launcher that was killed leaves nodes that end by themselves within seconds. One that is stopped, or stuck, does
// not, and would be in the way of its successor. Only what is surely ours is signalled: in the recorded group, and
// with the former launcher's id in its environment; the recorded process must also have been started at the recorded
// time.

/** Ends what a launcher that has died has left behind. One thread. */
final class Leftovers {
    private static final long LOOK_MILLIS = 10;
    private static final long VANISH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LaunchDirectory directory;
    private final Consumer<? super String> say;

    Leftovers(LaunchDirectory directory, Consumer<? super String> say) {
        this.directory = directory;
        this.say = say;
    }

    void end(long graceNanos) throws IOException, InterruptedException, LaunchRefusedException {
        var records = directory.leftBehind();
        var alive = alive(records);
        for (var stamp : alive) {
            say.accept("process " + stamp.pid() + " was left behind by a launcher that has died: SIGTERM");
            Posix.kill(stamp.pid(), Posix.SIGTERM);
        }
        alive = await(records, alive, graceNanos);
        for (var stamp : alive) {
            say.accept("process " + stamp.pid() + " was left behind and does not end: SIGKILL");
            Posix.kill(stamp.pid(), Posix.SIGKILL);
        }
        alive = await(records, alive, VANISH_NANOS);
        if (!alive.isEmpty()) {
            throw new LaunchRefusedException("left behind by a launcher that has died, and SIGKILL does not end them: "
                    + alive.stream().map(ProcessStamp::pid).toList() + "; see what they wait for, then start again");
        }
        for (var record : records) {
            directory.forget(record.name());
        }
    }

    private static List<ProcessStamp> await(
            List<LaunchDirectory.Started> records, List<ProcessStamp> before, long nanos)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + nanos;
        var alive = before;
        while (!alive.isEmpty() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            alive = alive(records);
        }
        return alive;
    }

    private static List<ProcessStamp> alive(List<LaunchDirectory.Started> records) throws IOException {
        var alive = new ArrayList<ProcessStamp>();
        for (var record : records) {
            var leader = record.leader();
            for (var stamp : ProcessStamp.ofGroup(leader.pid(), NodeEnvironment.LAUNCHER, record.launcher())) {
                if (stamp.pid() != leader.pid() || stamp.startTicks() == leader.startTicks()) {
                    alive.add(stamp);
                }
            }
        }
        return alive;
    }
}
