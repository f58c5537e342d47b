package dev.berth.node.simpledb;

import dev.berth.node.entity.Entities;
import dev.berth.node.process.NameRefusedException;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Reply;
import dev.berth.node.process.Self;
import dev.berth.node.worker.Node;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// It keeps nothing itself: what is kept is with the entities, each at the owner of its key. So whoever has the name
// next answers as the one before did, and while two change places nothing can be done twice or be forgotten.

/** The process that has the name, or waits until the name is free. Any thread. */
final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long LOOK_MILLIS = 50;
    /** Questions under way; more wait in the mailbox, and when that is full too they are refused as BUSY. */
    private static final int UNDER_WAY_MAX = 1_024;

    private final Node node;
    private final Entities entities;
    private final Semaphore places = new Semaphore(UNDER_WAY_MAX);

    Database(Node node, Entities entities) {
        this.node = node;
        this.entities = entities;
    }

    /** Returns when the name is this node's, which it then is until the node ends; or when the node is over. */
    void takeName() throws InterruptedException {
        Processes processes = node.processes();
        ProcessRef<Question> process = processes.spawn(_ -> this::on);
        while (!node.ended().isDone()) {
            if (processes.find(SimpleDb.NAME).isEmpty()) {
                try {
                    processes.register(SimpleDb.NAME, process);
                    LOG.info("{} is {}", SimpleDb.NAME, process.address());
                    return;
                } catch (NameRefusedException another) {
                    LOG.info("{} stands by: {}", process.address(), another.getMessage());
                }
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** The disk is waited for elsewhere: many questions share one of its turns. */
    private @Nullable Object on(Self<Question> self, Question question) throws InterruptedException {
        Reply<Question.Answer> reply = self.replyLater();
        places.acquire();
        Thread.startVirtualThread(() -> {
            try {
                reply.answer(answer(question));
            } catch (RuntimeException failed) {
                reply.fail(failed);
            } finally {
                places.release();
            }
        });
        return null;
    }

    private Question.Answer answer(Question question) {
        Entry entry = entities.agent(node, Entry.class, question.key());
        return new Question.Answer(
                switch (question) {
                    case Question.Get _ -> entry.get();
                    case Question.Set(String _, String value) -> entry.set(value);
                });
    }
}
