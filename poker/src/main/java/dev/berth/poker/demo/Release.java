package dev.berth.poker.demo;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

// A release that differs in one class, this one: what it answers. So a server that says release 2 runs code that this
// one does not have.

/** Which release of the game this is. Any thread. */
final class Release {
    static final String NEXT = "release 2";

    private static final String CLASS = "dev/berth/poker/demo/Release.class";

    private Release() {}

    static String name() {
        return "release 1";
    }

    /** Writes a jar with the next one. */
    static Path writeNext(Path jar) throws IOException {
        byte[] own;
        try (InputStream in = Release.class.getResourceAsStream("Release.class")) {
            if (in == null) {
                throw new IOException("there is no " + CLASS + " on the class path");
            }
            own = in.readAllBytes();
        }
        ClassFile files = ClassFile.of();
        ClassModel before = files.parse(own);
        byte[] after = files.transformClass(
                before,
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("name"), (code, element) -> {
                            if (element instanceof ConstantInstruction.LoadConstantInstruction) {
                                code.loadConstant(NEXT);
                            } else {
                                code.with(element);
                            }
                        }));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(CLASS));
            out.write(after);
        }
        return jar;
    }
}
