package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.FromNode;
import dev.berth.core.call.ToolMessage.PutEnd;
import dev.berth.node.member.MemberNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

// The file is read twice: the first time only to see that it is whole. Each entity is then written by its owner, as it
// writes everything else, and only if there is none. So an import that was interrupted is simply begun again.

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
    private long someFrom;
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
                StateFile.read(file, (number, line) -> take(talk, number, line));
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

    private void take(Talk talk, long number, StateFile.Line line)
            throws StateFile.UnusableException, NoAnswerException, InterruptedException {
        if (line instanceof StateFile.One one) {
            if (some.isEmpty()) {
                someFrom = number;
            }
            some.add(one);
        }
        if (some.size() == Talk.QUESTIONS_MAX || (line instanceof StateFile.Last && !some.isEmpty())) {
            put(talk);
            some.clear();
            progress.is((written + same + others) + " of " + entities + " entities");
        }
    }

    private void put(Talk talk) throws StateFile.UnusableException, NoAnswerException, InterruptedException {
        List<FromNode> ends = talk.askAll(some.stream()
                .map(one -> new ToolMessage.PutImage(MemberNode.nonce(), service, one.entity(), one.image(), replace))
                .toList());
        String refused = "";
        long where = 0;
        for (int i = 0; i < ends.size(); i++) {
            if (!(ends.get(i) instanceof ToolMessage.EntityTold told)) {
                throw new IllegalStateException("an answer to something else: " + ends.get(i));
            }
            if (told.done()) {
                count(PutEnd.valueOf(told.text()), someFrom + i);
            } else if (refused.isEmpty()) {
                where = someFrom + i;
                refused =
                        some.get(i).entity().type() + " " + some.get(i).entity().key() + ": " + told.text();
            }
        }
        if (!refused.isEmpty()) {
            throw new StateFile.UnusableException(
                    where, refused + "; when that is remedied, import the file again: what is written stays");
        }
    }

    private void count(PutEnd end, long number) {
        switch (end) {
            case WRITTEN -> written++;
            case SAME -> same++;
            case OTHER -> {
                if (++others <= COMPLAINTS_MAX) {
                    ToolMessage.EntityName name =
                            some.get((int) (number - someFrom)).entity();
                    err().println("line " + number + ": " + name.type() + " " + name.key()
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
