package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.FromNode;
import dev.berth.core.call.ToolMessage.PutEnd;
import dev.berth.core.entity.EntityImage;
import dev.berth.core.wire.WireException;
import dev.berth.node.member.MemberNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

// The file is read three times. The first time only to see that it is whole. Then each entity is written by its
// owner, as it writes everything else, and only if there is none. Its timers and messages wait until all are there,
// or one that they are for would begin with nothing: they are woken the third time. An import that was interrupted
// is begun again.

/** {@code ./berth state import SERVICE FILE}. */
@Command(
        name = "import",
        description = "Has the owners write the entities of a file. Those that are there already stay as they are.")
final class StateImport extends OperatorCommand {
    private static final int COMPLAINTS_MAX = 10;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The application, e.g. bank.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "What berth state export has written.")
    private Path file = Path.of("");

    @Option(names = "--replace", description = "Overwrite entities that are there and are not as in the file.")
    private boolean replace;

    private final Progress progress = new Progress(this::err);
    private final List<StateFile.One> some = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private long entities;
    private long written;
    private long same;
    private long others;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        try (Talk talk = new Talk(operator, service, patience)) {
            long view = talk.view().number();
            try {
                StateFile.read(file, (number, line) -> check(number, line, view));
                StateFile.read(file, (number, line) -> take(number, line, _ -> true, () -> put(talk)));
                StateFile.read(file, (number, line) -> take(number, line, StateImport::hasUnderWay, () -> wake(talk)));
                return said();
            } catch (StateFile.UnusableException unusable) {
                err().println(file + " " + unusable.getMessage());
            } catch (IOException unreadable) {
                err().println("cannot read " + file + ": " + unreadable);
            } finally {
                if (written > 0) {
                    err().println(written + " entities have been written");
                }
            }
            return 1;
        }
    }

    private void check(long number, StateFile.Line line, long view) throws StateFile.UnusableException {
        switch (line) {
            case StateFile.First first -> {
                if (!first.service().equals(service)) {
                    throw new StateFile.UnusableException(
                            number, "these are entities of the service " + first.service() + ", not of " + service);
                }
                if (first.view() > view) {
                    err().println("the file is of view " + first.view() + " and this cluster is at view " + view
                            + ": until it is as far, Context.nextId may give out ids that the file has already");
                }
            }
            case StateFile.One _ -> {
                entities++;
                progress.is("read " + entities + " entities, nothing written yet");
            }
            case StateFile.Last _ -> {}
        }
    }

    private interface Errand {
        void run() throws StateFile.UnusableException, NoAnswerException, InterruptedException;
    }

    private void take(long number, StateFile.Line line, Predicate<StateFile.One> wanted, Errand errand)
            throws StateFile.UnusableException, NoAnswerException, InterruptedException {
        if (line instanceof StateFile.One one && wanted.test(one)) {
            some.add(one);
            numbers.add(number);
        }
        if (some.size() == Talk.QUESTIONS_MAX || (line instanceof StateFile.Last && !some.isEmpty())) {
            errand.run();
            some.clear();
            numbers.clear();
            progress.is((written + same + others) + " of " + entities + " entities");
        }
    }

    private static boolean hasUnderWay(StateFile.One one) {
        try {
            EntityImage image = EntityImage.CODEC.decode(one.image().toArray());
            return !image.alarms().isEmpty() || !image.parcels().isEmpty();
        } catch (WireException anothersBuild) {
            return true;
        }
    }

    /** Whoever is looked at is brought into memory, and with that what it has under way goes on. */
    private void wake(Talk talk) throws StateFile.UnusableException, NoAnswerException, InterruptedException {
        List<FromNode> ends = talk.askAll(some.stream()
                .map(one -> new ToolMessage.AskEntity(
                        MemberNode.nonce(),
                        service,
                        one.entity().type(),
                        one.entity().key(),
                        "",
                        List.of()))
                .toList());
        for (int i = 0; i < ends.size(); i++) {
            if (ends.get(i) instanceof ToolMessage.EntityTold told && !told.done()) {
                throw stopped(i, "its timers and messages wait: " + told.text());
            }
        }
    }

    private StateFile.UnusableException stopped(int which, String why) {
        ToolMessage.EntityName name = some.get(which).entity();
        return new StateFile.UnusableException(
                numbers.get(which),
                name.type() + " " + name.key() + ": " + why
                        + "; when that is remedied, import the file again: what is written stays");
    }

    private void put(Talk talk) throws StateFile.UnusableException, NoAnswerException, InterruptedException {
        List<FromNode> ends = talk.askAll(some.stream()
                .map(one -> new ToolMessage.PutImage(MemberNode.nonce(), service, one.entity(), one.image(), replace))
                .toList());
        StateFile.@Nullable UnusableException refused = null;
        for (int i = 0; i < ends.size(); i++) {
            if (!(ends.get(i) instanceof ToolMessage.EntityTold told)) {
                throw new IllegalStateException("an answer to something else: " + ends.get(i));
            }
            if (told.done()) {
                count(PutEnd.valueOf(told.text()), i);
            } else if (refused == null) {
                refused = stopped(i, told.text());
            }
        }
        if (refused != null) {
            throw refused;
        }
    }

    private void count(PutEnd end, int which) {
        switch (end) {
            case WRITTEN -> written++;
            case SAME -> same++;
            case OTHER -> {
                if (++others <= COMPLAINTS_MAX) {
                    ToolMessage.EntityName name = some.get(which).entity();
                    err().println("line " + numbers.get(which) + ": " + name.type() + " " + name.key()
                            + " is there and is another one; it stays as it is");
                }
            }
        }
    }

    private int said() {
        out().println(written + " entities written, " + same + " were as in the file, " + others
                + " are others and stay as they are" + (others == 0 ? "" : " (--replace overwrites them)"));
        written = 0;
        return others == 0 ? 0 : 1;
    }
}
