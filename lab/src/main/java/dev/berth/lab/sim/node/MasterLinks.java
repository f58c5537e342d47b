package dev.berth.lab.sim.node;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.net.Ear;
import dev.berth.lab.sim.net.Frame;
import dev.berth.lab.sim.net.Line;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** One process's connections to the masters, opened when there is something to say. One thread. */
final class MasterLinks {
    private final Surroundings around;
    private final Process process;
    private final boolean datagrams;
    private final @Nullable Line[] lines;
    private final ObjIntConsumer<ClusterMessage.ToMember> heard;

    MasterLinks(
            Surroundings around,
            Process process,
            int masters,
            boolean datagrams,
            ObjIntConsumer<ClusterMessage.ToMember> heard) {
        this.around = around;
        this.process = process;
        this.datagrams = datagrams;
        this.lines = new @Nullable Line[masters];
        this.heard = heard;
    }

    int count() {
        return lines.length;
    }

    void send(int master, ClusterMessage.ToMaster message) {
        Line line = lines[master];
        if (line == null || line.isGone()) {
            line = connect(master);
            lines[master] = line;
        }
        line.send(around.codecs().frame(message));
    }

    private Line connect(int master) {
        Ear ear = new Ear() {
            @Override
            public void opened(Line line) {}

            @Override
            public void heard(Line line, Frame frame) {
                heard.accept(around.codecs().toMember(frame), master);
            }

            @Override
            public void closed(Line line, String cause) {
                if (lines[master] == line) {
                    lines[master] = null;
                }
            }
        };
        return around.network().connect(process, around.masterAddress().applyAsInt(master), ear, datagrams);
    }
}
