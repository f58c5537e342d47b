package dev.berth.node.launch;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a virtual machine is started that runs {@link NodeMain}. Any thread. */
public record JavaCommand(Path java, List<String> flags, String classPath) {
    /** Like this process: module and machine options and class path are handed on; heap, properties and agents are not. */
    public static JavaCommand likeThisProcess() {
        var flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:"))
                .toList();
        return new JavaCommand(
                Path.of(System.getProperty("java.home"), "bin", "java"), flags, System.getProperty("java.class.path"));
    }

    public List<String> line(List<String> jvm, List<Path> before, List<String> program) {
        var line = new ArrayList<String>();
        line.add(java.toString());
        line.addAll(flags);
        line.addAll(jvm);
        var paths = new ArrayList<>(before.stream().map(Path::toString).toList());
        paths.add(classPath);
        line.addAll(List.of("-cp", String.join(System.getProperty("path.separator"), paths)));
        line.add(NodeMain.class.getName());
        line.addAll(program);
        return line;
    }
}
