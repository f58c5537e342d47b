package dev.berth.lab.bench;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.gate.Framing;
import dev.berth.gate.Gate;
import dev.berth.gate.GateConfig;
import dev.berth.gate.Port;
import dev.berth.gate.Relay;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Raw;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The process behind the gates that {@link GateBench} measures: cluster, store, owner of all sessions, and plain echoes. */
final class GateTown {
    static final String SERVICE = "town";
    static final String ECHO = "echo";
    private static final int BUCKETS = 64;

    private GateTown() {}

    /** Comes back as it was said: the session alone keeps that it was. */
    record Word(String text) {}

    /** The user's next number: it is kept, answered and told. */
    record Note(long number) {}

    /** The last note. */
    record Last(long number) {}

    /** Takes a user's notes, in order or not at all. */
    public interface Notebook extends Entity<Long> {
        /** A Denied if that is not the next one. */
        void note(long number);

        long last();
    }

    private record NotebookCode(Context<Long> me, State<Last> kept) implements Notebook {
        @Override
        public void note(long number) {
            if (number != last() + 1) {
                throw new Denied("note " + number + " after note " + last());
            }
            kept.set(new Last(number));
            me.send(me.key(), new Note(number));
        }

        @Override
        public long last() {
            return kept.get().number();
        }
    }

    static UserApp<Long> app() {
        return Berth.app(SERVICE)
                .entity(Notebook.class, me -> new NotebookCode(me, me.state(new Last(0))))
                .records(Last.class)
                .login(who -> Long.parseLong(who.name()))
                .on(Word.class, (_, word) -> word)
                .on(Note.class, (uid, note) -> {
                    Berth.agent(Notebook.class, uid).note(note.number());
                    return note;
                });
    }

    static Gate relay(Node node, ProcessRef<Raw> answers, int loops) throws IOException {
        return Gate.open(
                node,
                GateConfig.of(Port.tcp(Echo.ANY)).withLoops(loops),
                Framing.lengths(),
                Relay.asking(node.processes(), _ -> Optional.of(answers)));
    }

    static int port(Gate gate) {
        return gate.addresses().getFirst().getPort();
    }

    public static void main(String[] args) throws IOException {
        Entities app = app().entities();
        try (Echo echo = new NettyEcho(false);
                DevCluster cluster = DevCluster.start(Timings.DEFAULT, 1, ServicePlan.bucketed(SERVICE, 1, BUCKETS))) {
            Node node = cluster.start(
                    cluster.node("owner").withSlots(SERVICE, 1).withMessages(app.messages()),
                    Map.of(SERVICE, app.code()));
            Processes processes = node.processes();
            ProcessRef<Raw> answers = processes.<Raw>spawn(_ -> (_, asked) -> asked.bytes());
            processes.register(ECHO, answers);
            try (Gate gate = relay(node, answers, 0)) {
                OtherProcess.ready(
                        echo.serve(),
                        port(gate),
                        cluster.name(),
                        cluster.masters().getFirst().address().getPort(),
                        cluster.secretFile());
            }
        }
    }
}
