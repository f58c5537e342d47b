package dev.berth.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.PublicApi;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.UserSession;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The small game of examples/hello, compiled as it is there; its owners die in mid-purchase, at every step of it. */
@Timeout(30)
class HelloTest {
    private static final int LINES_MAX = 60;
    private static final ClassLoader GAME = compiled();

    @RegisterExtension
    static final BerthTest hello = BerthTest.of(app());

    private static Path source() {
        Path here = Path.of("").toAbsolutePath();
        Path found = here.resolve("examples/hello/Hello.java");
        return Files.exists(found) ? found : here.resolveSibling("examples/hello/Hello.java");
    }

    /** What docs/testing.md shows, as a class beside the game. */
    private static Path shown(Path directory) throws IOException {
        Path docs = source().resolve("../../../docs/testing.md").normalize();
        String text = Files.readString(docs);
        String fence = "```java\n";
        int from = text.indexOf(fence, text.indexOf("## Users and their clients")) + fence.length();
        String block = text.substring(from, text.indexOf("```", from));
        return Files.writeString(directory.resolve("Shown.java"), """
            import static org.assertj.core.api.Assertions.assertThat;
            import dev.berth.test.*;
            import java.time.Duration;
            import java.util.Map;
            import org.junit.jupiter.api.Test;
            import org.junit.jupiter.api.extension.RegisterExtension;

            public class Shown {
            %s
            }
            """.formatted(
                        block.replace("void ", "public void ").replace("static ", "public static ")));
    }

    private static ClassLoader compiled() {
        try {
            Path classes = Files.createTempDirectory("berth-hello");
            classes.toFile().deleteOnExit();
            int code = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-proc:none",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "-d",
                            classes.toString(),
                            source().toString(),
                            shown(classes).toString());
            if (code != 0) {
                throw new IllegalStateException("examples/hello/Hello.java does not compile");
            }
            return new URLClassLoader(new URL[] {classes.toUri().toURL()}, HelloTest.class.getClassLoader());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> of(String name) {
        try {
            return GAME.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static UserApp<?> app() {
        try {
            return (UserApp<?>)
                    Objects.requireNonNull(of("Hello").getMethod("app").invoke(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A contract whose key is of this type, known only since it was compiled. */
    @SuppressWarnings({"unchecked", "unused"}) // the key only says which type is meant
    private static <K> Class<Entity<K>> contract(String name, K key) {
        return (Class<Entity<K>>) of(name);
    }

    private static <K> String call(String type, K key, String method, Object... arguments) throws Exception {
        Class<Entity<K>> contract = contract(type, key);
        for (Method each : contract.getMethods()) {
            if (each.getName().equals(method)) {
                try {
                    return String.valueOf(each.invoke(hello.agent(contract, key), arguments));
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause() instanceof Exception cause ? cause : thrown;
                }
            }
        }
        throw new AssertionError(method);
    }

    private static <K> TestNode owner(String type, K key) {
        return hello.ownerOf(contract(type, key), key);
    }

    /** Whatever of Berth its compiled code names. */
    @Test
    @Tag("S3.42")
    void aStudiosOwnCode_needsThePublicApiOnly() throws Exception {
        List<String> named = new ArrayList<>();
        Path classes =
                Path.of(Objects.requireNonNull(GAME.getResource("Hello.class")).toURI());
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(Objects.requireNonNull(classes.getParent()), "Hello*.class")) {
            for (Path file : all) {
                for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                    if (entry instanceof ClassEntry of && of.asInternalName().startsWith("dev/berth/")) {
                        named.add(of.asInternalName().replace('/', '.'));
                    }
                }
            }
        }
        assertThat(named).contains(UserApp.class.getName(), Entity.class.getName());
        for (String name : named) {
            assertThat(Class.forName(name)).hasAnnotation(PublicApi.class);
        }
    }

    @Test
    void goldIsChargedOnce_whereverItsOwnerDies() throws Exception {
        for (int steps = 0; steps < 40; steps++) {
            hello.start(steps);
            UnderWay<String> buying = hello.begin(() -> call("Hello$Player", 7L, "buy", "bow", 30));
            hello.play(steps);
            hello.kill(owner("Hello$Player", 7L));
            assertThat(buying.result()).isEqualTo("Bag[gold=70, items={bow=1}]");
            assertThat(call("Hello$Player", 7L, "buy", "arrow", 1)).isEqualTo("Bag[gold=69, items={bow=1, arrow=1}]");
        }
    }

    @Test
    void aRoomHasFourSeats_andAClock_atWhicheverOwner() throws Exception {
        for (long id = 1; id <= 4; id++) {
            call("Hello$Room", "lobby", "enter", id);
        }
        assertThat(call("Hello$Room", "lobby", "enter", 2L)).contains("players=[1, 2, 3, 4]");
        assertThatThrownBy(() -> call("Hello$Room", "lobby", "enter", 5L))
                .isInstanceOf(Denied.class)
                .hasMessage("the room is full");
        hello.advance(Duration.ofSeconds(10));
        assertThat(call("Hello$Room", "lobby", "look")).doesNotContain("left=60");
        hello.kill(owner("Hello$Room", "lobby"));
        assertThat(call("Hello$Room", "lobby", "look")).contains("players=[1, 2, 3, 4]");
        hello.advance(Duration.ofSeconds(100));
        assertThat(call("Hello$Room", "lobby", "look")).endsWith("left=0]");
    }

    private static Object message(String name, Object... components) throws Exception {
        return of("Hello$" + name).getDeclaredConstructors()[0].newInstance(components);
    }

    private static List<String> texts(TestClient client) {
        return client.told().stream().map(String::valueOf).toList();
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.13")
    void playersBuyOnce_andHearOnce_whateverDiesWhen() throws Exception {
        for (int steps = 0; steps < 60; steps++) {
            hello.start(steps);
            TestClient ada = hello.client(1L);
            TestClient bob = hello.client(2L);
            ada.ask(message("Enter", "lobby"));
            bob.ask(message("Enter", "lobby"));
            UnderWay<Object> buying = hello.begin(() -> ada.ask(message("Buy", "bow", 30)));
            UnderWay<Object> saying = hello.begin(() -> bob.ask(message("Say", "lobby", "one")));
            hello.play(steps * 2);
            TestNode gate = ada.gate();
            TestNode owner = switch (steps % 3) {
                case 0 -> owner("Hello$Player", 1L);
                case 1 -> owner("Hello$Room", "lobby");
                default -> hello.ownerOf(UserSession.class, "1");
            };
            hello.kill(gate);
            hello.kill(owner);
            if (steps % 2 == 0) {
                bob.hangUp();
            }
            assertThat(buying.result()).hasToString("Bag[gold=70, items={bow=1}]");
            assertThat(saying.result()).isNull();
            assertThat(bob.ask(message("Say", "lobby", "two"))).isNull();
            hello.advance(Duration.ofSeconds(20));
            List<String> all = List.of("Line[player=2, text=one]", "Line[player=2, text=two]");
            assertThat(texts(ada)).as("steps " + steps).isEqualTo(all);
            assertThat(texts(bob)).as("steps " + steps).isEqualTo(all);
        }
    }

    @Test
    @Tag("S3.15")
    @Tag("D14")
    void newestClient_stays_andANoIsANo() throws Exception {
        TestClient phone = hello.client(1L);
        assertThatThrownBy(() -> phone.ask(message("Buy", "ship", 1_000)))
                .isInstanceOf(Denied.class)
                .hasMessage("not enough gold");
        TestClient tablet = hello.client(1L);
        hello.advance(Duration.ofSeconds(1));
        assertThat(phone.end()).contains("REPLACED");
        assertThat(tablet.end()).isEmpty();
        assertThat(tablet.ask(message("Buy", "bow", 30))).hasToString("Bag[gold=70, items={bow=1}]");
        assertThatThrownBy(() -> phone.ask(message("Buy", "bow", 30))).hasMessageContaining("over");
    }

    @Test
    void whatIsShown_isWhatRuns() throws Exception {
        Class<?> shown = of("Shown");
        BerthTest its =
                (BerthTest) Objects.requireNonNull(shown.getField("hello").get(null));
        its.start(1);
        shown.getMethod("goldIsChargedOnce_whenTheGateDies")
                .invoke(shown.getConstructor().newInstance());
    }

    /** Empty lines and those of a lone brace are the layout's and not the author's. */
    @Test
    void itHasFewLines() throws IOException {
        assertThat(Files.readAllLines(source()).stream().filter(line -> line.matches(".*\\w.*")))
                .hasSizeLessThanOrEqualTo(LINES_MAX);
    }
}
