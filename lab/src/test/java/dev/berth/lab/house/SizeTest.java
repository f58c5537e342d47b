package dev.berth.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** A file has at most 600 lines, a method at most 70, in main and test sources; the compiler's own parser measures. */
final class SizeTest {
    private static final int FILE_LINES_MAX = 600;
    private static final int METHOD_LINES_MAX = 70;

    @Test
    void everySourceFile_isSmall() throws IOException {
        var tooLong = new ArrayList<String>();
        for (var file : Checkout.ofThisBuild().javaFiles()) {
            tooLong.addAll(tooLong(file.toString(), Files.readString(file)));
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void longFile_isReported() throws IOException {
        assertThat(tooLong("Long.java", "class Long {\n" + "\n".repeat(598) + "}\n"))
                .isEmpty();
        assertThat(tooLong("Long.java", "class Long {\n" + "\n".repeat(599) + "}\n"))
                .containsExactly("Long.java has 601 lines");
    }

    @Test
    void longMethod_isReported() throws IOException {
        assertThat(tooLong("Long.java", "class Long {\n void run() {\n" + "\n".repeat(68) + "}\n}\n"))
                .isEmpty();
        assertThat(tooLong("Long.java", "class Long {\n void run() {\n" + "\n".repeat(69) + "}\n}\n"))
                .containsExactly("Long.java:2 method run has 71 lines");
    }

    private static List<String> tooLong(String name, String source) throws IOException {
        var found = new ArrayList<String>();
        long fileLines = source.lines().count();
        if (fileLines > FILE_LINES_MAX) {
            found.add("%s has %d lines".formatted(name, fileLines));
        }
        var task = parser(source);
        var positions = Trees.instance(task).getSourcePositions();
        for (var unit : task.parse()) {
            new MethodScanner(unit, positions, found).scan(unit, name);
        }
        return found;
    }

    private static JavacTask parser(String source) {
        var file = new SimpleJavaFileObject(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var compiler = ToolProvider.getSystemJavaCompiler();
        return (JavacTask) compiler.getTask(null, null, null, List.of(), null, List.of(file));
    }

    private static final class MethodScanner extends TreePathScanner<Void, String> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        MethodScanner(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, String file) {
            long first = line(positions.getStartPosition(unit, method));
            long lines = line(positions.getEndPosition(unit, method)) - first + 1;
            if (lines > METHOD_LINES_MAX) {
                found.add("%s:%d method %s has %d lines".formatted(file, first, method.getName(), lines));
            }
            return super.visitMethod(method, file);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
