package dev.berth.lab.sim.command;

/** {@code ./berth sim} as the main class of a JVM of its own. */
final class SimProcess {
    private SimProcess() {}

    public static void main(String[] options) {
        System.exit(new SimCommand().run(System.out, System.err, options));
    }
}
