package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.EntityName;
import dev.berth.core.call.ToolMessage.FromNode;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.member.MemberNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

// Which entities there are, a node of the service reads from the store, page by page; what each is, its owner says.
// So an entity is in the file as it was at one moment, and two entities perhaps as they were at two.

/** {@code ./berth state export SERVICE FILE}. */
@Command(
        name = "export",
        description =
                "Writes all entities of a service to a file, one a line. Each is as it was at one moment; for all at"
                        + " the same moment nobody may call them meanwhile.")
final class StateExport extends OperatorCommand {
    private static final int COMPLAINTS_MAX = 10;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The application, e.g. bank.")
    private String service = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "A new file.")
    private Path file = Path.of("");

    private final Progress progress = new Progress(this::err);
    private long written;
    private long leftOut;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        if (Files.exists(file)) {
            throw wrong(file + " is there already; name a new file");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (Talk talk = new Talk(operator, service, patience)) {
            View view = talk.view();
            Service planned = view.service(service);
            if (planned == null) {
                throw wrong("the cluster plans no service " + service + "; berth status shows what is planned");
            }
            try (BufferedWriter out = Files.newBufferedWriter(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                line(out, StateFile.first(service, view.number(), Instant.now().toString()));
                int buckets = planned.plan().units();
                for (int bucket = 1; bucket <= buckets; bucket++) {
                    export(talk, bucket, buckets, out);
                }
                line(out, StateFile.last(written));
            }
            onDisk(part);
            Files.move(part, file);
        } catch (IOException unwritable) {
            err().println("cannot write " + part + ": " + unwritable.getMessage()
                    + "; make room or name another file, and export again");
            return 1;
        }
        err().println(written + " entities are in " + file
                + (leftOut == 0 ? "" : "; " + leftOut + " things are left out, as said above"));
        return leftOut == 0 ? 0 : 1;
    }

    private static void onDisk(Path written) throws IOException {
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void line(BufferedWriter out, String text) throws IOException {
        out.write(text);
        out.write('\n');
    }

    private void export(Talk talk, int bucket, int buckets, BufferedWriter out)
            throws IOException, NoAnswerException, InterruptedException {
        Bytes after = Bytes.EMPTY;
        EntityName last = new EntityName("", "");
        do {
            ToolMessage.KeysTold page = page(talk, bucket, after);
            page.unknown()
                    .forEach(name -> leaveOut("bucket " + bucket + " has entities of the contract '" + name
                            + "', which this build does not know; export with the build that has it"));
            List<EntityName> names = page.entities();
            for (int from = 0; from < names.size(); from += Talk.QUESTIONS_MAX) {
                List<EntityName> some = names.subList(from, Math.min(names.size(), from + Talk.QUESTIONS_MAX));
                // Its pieces may lie on two pages.
                export(talk, some.getFirst().equals(last) ? some.subList(1, some.size()) : some, out);
                last = some.getLast();
                progress.is(written + " entities, bucket " + bucket + " of " + buckets);
            }
            after = page.next();
        } while (after.length() > 0);
    }

    private ToolMessage.KeysTold page(Talk talk, int bucket, Bytes after)
            throws NoAnswerException, InterruptedException {
        FromNode said = talk.ask(new ToolMessage.AskKeys(MemberNode.nonce(), service, bucket, after));
        if (said instanceof ToolMessage.KeysTold page) {
            return page;
        }
        throw new NoAnswerException("bucket " + bucket + ": "
                + (said instanceof ToolMessage.EntityTold problem ? problem.text() : String.valueOf(said)));
    }

    private void export(Talk talk, List<EntityName> names, BufferedWriter out)
            throws IOException, NoAnswerException, InterruptedException {
        List<FromNode> all = talk.askAll(names.stream()
                .map(name -> new ToolMessage.AskImage(MemberNode.nonce(), service, name))
                .toList());
        for (int i = 0; i < names.size(); i++) {
            if (all.get(i) instanceof ToolMessage.ImageTold told) {
                line(out, StateFile.one(names.get(i), told.states(), told.image()));
                written++;
            } else if (all.get(i) instanceof ToolMessage.EntityTold problem) {
                leaveOut(names.get(i).type() + " " + names.get(i).key() + ": " + problem.text());
            }
        }
    }

    private void leaveOut(String why) {
        if (++leftOut <= COMPLAINTS_MAX) {
            err().println("left out: " + why);
        }
    }
}
