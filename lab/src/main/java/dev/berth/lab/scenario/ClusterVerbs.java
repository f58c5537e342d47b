package dev.berth.lab.scenario;

import dev.berth.core.audit.Invariant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.lab.sim.NodeSpec;
import dev.berth.lab.sim.Setup;
import dev.berth.lab.sim.World;
import dev.berth.lab.sim.node.MemberProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

// cluster [masters=1] [seed=1] [link=tcp|udp] [touch=2.5s] [drain=30s] [lease=5s] SERVICE=CAPACITY[:BUCKETS] ...
//         [ignore=I4,I5]     with a measure taken away: another invariant than these is to be heard
// start NODE [SERVICE[*SLOTS][+standby]] [launched]      restart NODE [as=LABEL]
// crash NODE | stop NODE | resign MASTER | start masters
// certify NODE | certify NODE falsely
// ask NODE drain NODE | resume NODE | set KEY VALUE | name NAME | resize SERVICE N | lease DURATION | brake

/** Commands that make and change the cluster. One thread. */
final class ClusterVerbs {
    private static final long SETTLING = 100_000_000L;

    private final Stage stage;
    private long asked;

    ClusterVerbs(Stage stage) {
        this.stage = stage;
    }

    boolean run(String verb, Words words) {
        switch (verb) {
            case "cluster" -> cluster(words);
            case "start" -> start(words);
            case "restart" -> restart(words);
            case "crash" -> crash(words.next());
            case "stop" -> stage.member(words.next()).tell(new MemberEvent.Stop("asked to"));
            case "resign" -> stage.master(words.next()).resign();
            case "certify" -> certify(words);
            case "ask" -> ask(stage.member(words.next()), words);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void cluster(Words words) {
        Timings usual = Timings.DEFAULT;
        int masters = words.number("masters", 1);
        int seed = words.number("seed", 1);
        Timings timings = new Timings(
                usual.beatNanos(),
                usual.suspicionNanos(),
                words.duration("lease", usual.leaseNanos()),
                usual.driftPercent(),
                usual.leaderLeaseNanos(),
                usual.ackNanos(),
                words.duration("touch", usual.touchAfterNanos()),
                words.duration("drain", usual.drainNanos()),
                usual.gatherNanos());
        String ignored = words.option("ignore", "");
        boolean outside = words.option("checks", "all").equals("outside");
        boolean datagrams = words.option("link", "tcp").equals("udp");
        List<ServicePlan> plan = new ArrayList<>();
        for (Map.Entry<String, String> service : words.options().entrySet()) {
            String[] numbers = service.getValue().split(":", -1);
            int capacity = Integer.parseInt(numbers[0]);
            plan.add(
                    numbers.length == 1
                            ? ServicePlan.plain(service.getKey(), capacity)
                            : ServicePlan.bucketed(service.getKey(), capacity, Integer.parseInt(numbers[1])));
        }
        stage.open(Setup.quiet(seed, masters, plan).with(timings));
        stage.world().datagrams(datagrams);
        for (String each : ignored.isEmpty() ? new String[0] : ignored.split(",", -1)) {
            stage.world().checks().mute(Invariant.valueOf(each));
        }
        if (outside) {
            stage.world().checks().fromOutsideOnly();
        }
        // One after the other, so that the first is the one elected.
        for (int i = 0; i < masters; i++) {
            stage.world().startMaster(i);
            stage.world().runFor(SETTLING);
        }
    }

    private void start(Words words) {
        String name = words.next();
        if (name.startsWith("master-")) {
            stage.world().startMaster(Stage.masterIndex(name));
            return;
        }
        List<Offer> offers = new ArrayList<>();
        boolean launched = false;
        for (String word : words.rest()) {
            if (word.equals("launched")) {
                launched = true;
            } else {
                offers.add(offer(word));
            }
        }
        NodeSpec spec = new NodeSpec(name, offers, false);
        stage.world().start(launched ? spec.underLauncher() : spec);
        // Nodes ask to join in the order in which they are started, so that their numbers are known.
        stage.world().runFor(1_000_000L);
    }

    private static Offer offer(String word) {
        boolean standby = word.endsWith("+standby");
        String rest = standby ? word.substring(0, word.length() - "+standby".length()) : word;
        int star = rest.indexOf('*');
        return star < 0
                ? new Offer(rest, 1, standby)
                : new Offer(rest.substring(0, star), Integer.parseInt(rest.substring(star + 1)), standby);
    }

    private void restart(Words words) {
        String name = words.next();
        String former = words.option("as", "");
        if (!former.isEmpty()) {
            stage.former.put(former, stage.world().member(name));
            stage.world().remember(stage.world().member(name));
        }
        stage.world().restart(name);
    }

    private void crash(String name) {
        if (stage.process(name) instanceof MemberProcess member) {
            stage.world().crash(member);
        } else {
            stage.world().trace().line(name, "is killed");
            stage.process(name).end();
        }
    }

    /** With "falsely" somebody other than the node's launcher says so. */
    private void certify(Words words) {
        MemberProcess member = stage.member(words.next());
        World world = stage.world();
        boolean falsely = words.take("falsely");
        Incarnation life = member.self();
        if (falsely) {
            world.launcher("stranger").certify(member.name(), life, 1_000_000L);
        } else {
            world.launcher(member.name()).certify(member.name(), life, 1_000_000L);
        }
    }

    private void ask(MemberProcess asker, Words words) {
        Proposal proposal = switch (words.next()) {
            case "drain" -> new Proposal.DrainNode(id(words.next()), true);
            case "resume" -> new Proposal.DrainNode(id(words.next()), false);
            case "set" -> new Proposal.SetSetting(words.next(), words.next());
            case "name" -> new Proposal.TakeName(words.next(), words.number());
            case "free" -> new Proposal.FreeName(words.next());
            case "resize" -> new Proposal.Resize(words.next(), words.number());
            case "lease" -> new Proposal.SetLease(words.duration());
            case "brake" -> new Proposal.ReleaseBrake();
            default -> throw words.wrong("asks for nothing known");
        };
        asker.tell(new MemberEvent.Ask(new Nonce(77, ++asked), proposal));
    }

    private NodeId id(String name) {
        return stage.member(name).self().node();
    }
}
