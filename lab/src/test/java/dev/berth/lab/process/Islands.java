package dev.berth.lab.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

// Each island is a network namespace with one address, joined to a bridge. One direction between two of them is cut by
// telling the sender a hardware address that nobody has: what it sends is lost without a word, as on a broken line, and
// what comes from the other side still arrives. That needs neither packet filters nor kernel modules.

/** Network namespaces around one bridge; root on Linux. One thread. */
final class Islands implements AutoCloseable {
    private static final String NET = "10.231.77.";
    private static final String NOBODY = "02:00:00:00:00:99";

    private final String id = "b" + ProcessHandle.current().pid() % 100_000;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<String> cuts = new ArrayList<>();

    Islands(List<String> names) throws IOException, InterruptedException {
        try {
            ip("link", "add", bridge(), "type", "bridge");
            ip("addr", "add", mainland() + "/24", "dev", bridge());
            ip("link", "set", bridge(), "up");
            for (String name : names) {
                add(name);
            }
        } catch (IOException | AssertionError failed) {
            close();
            throw failed;
        }
    }

    private void add(String name) throws IOException, InterruptedException {
        numbers.put(name, numbers.size() + 11);
        ip("netns", "add", space(name));
        String end = id + "v" + numbers.get(name);
        ip("link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", space(name));
        ip("link", "set", end, "master", bridge(), "up");
        ip("-n", space(name), "addr", "add", address(name) + "/24", "dev", "eth0");
        ip("-n", space(name), "link", "set", "eth0", "up");
        ip("-n", space(name), "link", "set", "lo", "up");
    }

    private String bridge() {
        return id + "br";
    }

    private String space(String name) {
        return id + "-" + name;
    }

    /** The address of this process. */
    String mainland() {
        return NET + 1;
    }

    String address(String name) {
        return NET + numbers.get(name);
    }

    /** What has to stand before a command that is to run there. */
    List<String> inside(String name) {
        return List.of("ip", "netns", "exec", space(name));
    }

    /** What {@code from} sends to {@code to} is lost from now on. */
    void cut(String from, String to) throws IOException, InterruptedException {
        ip("-n", space(from), "neigh", "replace", address(to), "lladdr", NOBODY, "dev", "eth0", "nud", "permanent");
        cuts.add(from + ">" + to);
    }

    void cutBothWays(String one, String other) throws IOException, InterruptedException {
        cut(one, other);
        cut(other, one);
    }

    void heal() throws IOException, InterruptedException {
        for (String cut : cuts) {
            String[] ends = cut.split(">", 2);
            ip("-n", space(ends[0]), "neigh", "del", address(ends[1]), "dev", "eth0");
        }
        cuts.clear();
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + said);
        }
    }

    /** Removes everything, whatever is there of it. */
    @Override
    public void close() throws IOException {
        for (String name : numbers.keySet()) {
            attempt("netns", "del", space(name));
        }
        attempt("link", "del", bridge());
    }

    private static void attempt(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join();
    }
}
