package dev.berth.node.entity;

import dev.berth.core.call.OperationId;
import dev.berth.core.call.PeerMessage.Call;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.PutEnd;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.entity.EntityImage;
import dev.berth.core.entity.EntityLog;
import dev.berth.core.entity.Remembered;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.FeedRead;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Prose;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.Work;
import dev.berth.node.process.Self;
import java.util.List;

// An entity that is in memory only to be copied leaves it at once, and its code is not made: a backup of a million
// of them takes no more room than one.

/** Answers what every entity answers: shows it, gives out its image, or has it become one. One question; the entity's process. */
final class Copyist {
    private final EntityHost host;
    private final Commits commits;
    private final Copies.Question question;
    private final EntityLog log;

    Copyist(EntityHost host, Commits commits, Copies.Question question) {
        this.host = host;
        this.commits = commits;
        this.question = question;
        this.log = host.log();
    }

    void answer(Self<Note> self, Work work, EntityCall asked) throws InterruptedException, WireException {
        host.openLog();
        boolean wasHere = host.hasCode();
        switch (question) {
            case LOOK -> {
                String picture = host.open(self).picture();
                answer(work, Bytes.utf8(Prose.upTo(ToolMessage.EntityTold.TEXT_MAX, picture)));
            }
            case COPY -> {
                // What it only has in memory belongs to it.
                host.writeSoft(() -> {});
                answer(work, Copies.copy(log, host));
            }
            case PUT, REPLACE -> put(work, asked);
            case READ -> answer(work, page(self, asked.arguments()));
            case UNHEARD -> answer(work, Bytes.EMPTY);
        }
        if (!wasHere && !host.hasCode() && !host.hasUnderWay() && commits.isAtRest()) {
            host.leave(self);
        }
    }

    /** One turn: what is told from now on comes behind this page. */
    private Bytes page(Self<Note> self, Bytes arguments) throws InterruptedException, WireException {
        FeedRead read = FeedRead.read(arguments);
        Workbench bench = host.open(self);
        if (!bench.hasFeed(read.name())) {
            throw new IllegalArgumentException(host + " has no feed " + read.name());
        }
        Audiences audiences = host.slot().audiences();
        boolean first = audiences.size(host, read.name()) == 0;
        if (!audiences.reads(host, read)) {
            throw new IllegalStateException(SessionLimits.AUDIENCE_MAX + " hear this feed already");
        }
        if (first) {
            bench.attended(read.name());
        }
        return Bytes.wrap(FeedPage.CODEC.encode(log.feed(read.name()).read(read.from())));
    }

    private void put(Work work, EntityCall asked) throws InterruptedException, WireException {
        Call call = work.dispatch().call();
        OperationId operation = call.operation();
        if (operation == null) {
            throw new IllegalArgumentException(question + " is an operation and has no id");
        }
        if (host.isAnswered(work, operation, call.again() || asked.again())) {
            return;
        }
        EntityImage image = Copies.read(host.slot().entities(), asked.arguments());
        if (!log.isBlank() && log.isLike(image)) {
            answer(work, said(PutEnd.SAME));
        } else if (!log.isBlank() && question == Copies.Question.PUT) {
            answer(work, said(PutEnd.OTHER));
        } else {
            replace(work, operation, image);
        }
    }

    // Its timers and messages wait until somebody calls it or looks at it: those whom they are for may not be there
    // yet.

    private void replace(Work work, OperationId operation, EntityImage image)
            throws InterruptedException, WireException {
        host.writeSoft(() -> {});
        if (!log.parcels().isEmpty()) {
            throw new IllegalStateException(host + " has messages under way that would be lost; replace it when they"
                    + " have arrived (berth inspect shows them)");
        }
        if (!image.alarms().isEmpty() || !image.parcels().isEmpty()) {
            host.outlives();
        }
        host.forgetCode();
        Bytes end = said(PutEnd.WRITTEN);
        commits.replace(
                new Commits.Told(work, new Result.Value(end), List.of(), null),
                image,
                new Remembered(operation, end, host.slot().ground().millis()));
        try {
            host.awaitDurable();
        } catch (UndoneException loadedAgain) {
            // Whoever asked is told so when it is loaded again.
        }
    }

    private void answer(Work work, Bytes answer) {
        commits.end(new Commits.Told(work, new Result.Value(answer), List.of(), null), null);
    }

    private static Bytes said(PutEnd end) {
        return Bytes.utf8(end.name());
    }
}
