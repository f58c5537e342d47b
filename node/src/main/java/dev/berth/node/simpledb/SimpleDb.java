package dev.berth.node.simpledb;

import dev.berth.core.record.RecordBook;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.process.Processes;
import dev.berth.node.worker.LaunchedNode;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// client --line--> agent, on any node --question--> the process that has the name --call--> the entity of the key
//
// Three things that move by themselves: an agent finds the name in its view, the name goes to the next node when its
// node is gone, and each key's entity to the next owner of its bucket.

/** SIMPLEDB, the example of skynet: texts by key, behind one name for the whole cluster ({@code docs/simpledb.md}). */
public final class SimpleDb implements AutoCloseable {
    /** The global name. */
    public static final String NAME = "database";
    /** The service whose slots have the keys. */
    public static final String SERVICE = "simpledb";

    /** What is said to it, by whomever: its schema is in {@code examples/python/simpledb.schema}. */
    public static final RecordBook MESSAGES = Processes.messages(SERVICE)
            .with(Question.class, Question.Answer.class)
            .build();

    private final Node node;
    private final @Nullable LinePort port;

    private SimpleDb(Node node, @Nullable LinePort port) {
        this.node = node;
        this.port = port;
    }

    /**
     * Starts a node: a database if it offers slots of {@value #SERVICE}, an agent if it has a port for lines.
     *
     * @param lines where clients connect; null for nowhere
     */
    public static SimpleDb start(NodeConfig config, @Nullable InetSocketAddress lines) throws IOException {
        Entities entities = Entities.named(SERVICE)
                .entity(Entry.class, Entry.Kept::new)
                .records(Entry.Value.class)
                .build();
        Node node = Node.start(config.withMessages(MESSAGES), Map.of(SERVICE, entities.code()));
        if (!config.offers().isEmpty()) {
            Thread.startVirtualThread(() -> takeName(new Database(node, entities)));
        }
        try {
            return new SimpleDb(node, lines == null ? null : LinePort.open(lines, new Lines(node)));
        } catch (IOException taken) {
            node.close();
            throw new IOException("cannot take lines on " + HostPort.of(lines) + ": " + taken.getMessage(), taken);
        }
    }

    private static void takeName(Database database) {
        try {
            database.takeName();
        } catch (InterruptedException | IllegalStateException over) {
            Thread.currentThread().interrupt();
        }
    }

    public Node node() {
        return node;
    }

    /** Where clients connect; null for a node without a port. */
    public @Nullable InetSocketAddress lines() {
        return port == null ? null : port.address();
    }

    /** A node that {@code berth up} starts: {@code [HOST:PORT]}, where it takes lines. */
    public static void main(String[] args) throws IOException {
        NodeEnvironment told = NodeEnvironment.ofThisProcess()
                .orElseThrow(() -> new IllegalStateException("start it by ./berth up examples/simpledb.conf"));
        InetSocketAddress lines = args.length == 0
                ? null
                : HostPort.parse(args[0], 0)
                        .orElseThrow(() -> new IllegalArgumentException("wanted HOST:PORT, got " + args[0]))
                        .address();
        SimpleDb db = start(NodeConfig.of(told), lines);
        if (db.port != null) {
            LaunchedNode.say(told.name() + " takes lines on " + HostPort.of(db.port.address()));
        }
        LaunchedNode.end(told.name(), LaunchedNode.follow(db.node, told.name(), db::close));
    }

    @Override
    public void close() {
        try {
            if (port != null) {
                port.close();
            }
        } catch (IOException closed) {
            // It takes no lines any more either way.
        } finally {
            node.close();
        }
    }
}
