package dev.berth.node.launch;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.spi.ToolProvider;

// Whatever a launcher starts begins here, so that every node ends with its launcher, whether its author has thought of
// that or not.

/** The main class of all launched processes: watches the launcher, then runs a command or the main method of a class. */
public final class NodeMain {
    public static final String TOOL = "tool";
    public static final String CLASS = "class";

    private NodeMain() {}

    /** {@code tool NAME ARGS...} or {@code class NAME ARGS...}. */
    public static void main(String[] args) throws Throwable {
        if (args.length < 2) {
            throw new IllegalArgumentException("wanted: tool NAME ARGS..., or class NAME ARGS...");
        }
        LauncherWatch.start();
        var rest = Arrays.copyOfRange(args, 2, args.length);
        if (args[0].equals(TOOL)) {
            System.exit(tool(args[1]).run(writer(System.out), writer(System.err), rest));
        }
        Method main;
        try {
            main = Class.forName(args[1]).getMethod("main", String[].class);
            main.setAccessible(true);
        } catch (ReflectiveOperationException missing) {
            System.err.println("berth-node: there is no class " + args[1] + " with a main method on the class path: "
                    + missing + "; see the keys class, jar and classpath of the node");
            System.exit(2);
            return;
        }
        try {
            main.invoke(null, (Object) rest);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /** The commands that nodes without a class path of their own have. */
    static List<ToolProvider> tools() {
        return ServiceLoader.load(ToolProvider.class).stream()
                .filter(provider -> provider.type().getName().startsWith("dev.berth."))
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private static ToolProvider tool(String name) {
        return tools().stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no command '" + name + "' on the class path of this node; 'berth help' lists all"));
    }
}
