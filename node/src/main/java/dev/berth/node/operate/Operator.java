package dev.berth.node.operate;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.ClusterMessage.ToMaster;
import dev.berth.core.cluster.ClusterMessage.ToMember;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.View;
import dev.berth.node.link.Dial;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.member.MemberNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

// It asks one master after the other until the leading one answers. Whatever it asks carries an id, so asking again
// does no harm.

/** Somebody outside the cluster who knows its secret. One thread. */
public final class Operator implements AutoCloseable {
    private static final long TRY_MILLIS = 1_500;
    private static final long CENSUS_NANOS = 1_000_000_000L;
    /** Of larger clusters the rest is not asked. */
    private static final int CENSUS_MAX = 512;

    private final Loops loops = Loops.start(1);
    private final Transport transport;
    private final List<InetSocketAddress> masters;
    private int next;
    private final Set<InetSocketAddress> standing = new TreeSet<>(Comparator.comparing(String::valueOf));
    private String last = "no master was asked";
    private String complaint = "";

    /** @param masters in the order in which all nodes of the cluster know them */
    public Operator(TransportConfig config, List<InetSocketAddress> masters) {
        this.transport = new Transport(config, loops, _ -> {});
        this.masters = List.copyOf(masters);
    }

    /** How the cluster is. */
    public ClusterMessage.Status status(Duration within) throws NoAnswerException, InterruptedException {
        Nonce id = MemberNode.nonce();
        return ask(
                new ClusterMessage.AskStatus(id),
                within,
                message -> message instanceof ClusterMessage.Status status
                                && status.id().equals(id)
                        ? status
                        : null);
    }

    /** Asks for a change of the view; the answer says whether one has it, or why not. */
    public ClusterMessage.Decided propose(Proposal proposal, Duration within)
            throws NoAnswerException, InterruptedException {
        Nonce id = MemberNode.nonce();
        return ask(
                new ClusterMessage.Propose(id, Incarnation.NONE, proposal, by()),
                within,
                message -> message instanceof ClusterMessage.Decided decided
                                && decided.id().equals(id)
                        ? decided
                        : null);
    }

    /** What the coordinator's journal tells; any master has it, so none need lead. */
    public History history(Duration within) throws NoAnswerException, InterruptedException {
        List<JournalEntry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int place = 0;
        while (place >= 0) {
            Nonce id = MemberNode.nonce();
            ClusterMessage.JournalPage page = ask(
                    new ClusterMessage.AskJournal(id, place),
                    within,
                    message -> message instanceof ClusterMessage.JournalPage found
                                    && found.id().equals(id)
                            ? usable(found)
                            : null);
            entries.addAll(page.entries());
            if (!page.problem().isEmpty()) {
                problems.add(page.problem());
            }
            place = page.next();
        }
        return new History(entries, problems);
    }

    /** What a node remembers of a call of its own, or of the latest for 0. */
    public ToolMessage.CallTold calls(InetSocketAddress node, long call, Duration within)
            throws NoAnswerException, InterruptedException {
        ToolMessage.CallTold told =
                askNode(node, new ToolMessage.AskCall(MemberNode.nonce(), call), ToolMessage.CallTold.class, within);
        if (told == null) {
            throw new NoAnswerException(node + " cannot be reached");
        }
        return told;
    }

    /** Calls an entity, or looks at it, through a node that has its code; null if that was not reached, so nothing has happened. */
    public ToolMessage.@Nullable EntityTold entity(InetSocketAddress node, ToolMessage.AskEntity asked, Duration within)
            throws NoAnswerException, InterruptedException {
        return askNode(node, asked, ToolMessage.EntityTold.class, within);
    }

    /** What these nodes have in memory, as far as they say so within a second: older ones do not. */
    Map<Incarnation, ToolMessage.NodeTold> census(View view) throws InterruptedException {
        Map<Incarnation, Asking<ToolMessage.FromNode, ToolMessage.ToNode>> asked = new LinkedHashMap<>();
        List<Dial> dials = new ArrayList<>();
        view.forEachMember(listing -> OperatorCommand.addressOf(listing)
                .filter(_ -> dials.size() < CENSUS_MAX)
                .ifPresent(address -> {
                    var asking = new Asking<ToolMessage.FromNode, ToolMessage.ToNode>(
                            new ToolMessage.AskNode(MemberNode.nonce()));
                    asked.put(listing.incarnation(), asking);
                    dials.add(dial(address, asking));
                }));
        Map<Incarnation, ToolMessage.NodeTold> told = new HashMap<>();
        long end = System.nanoTime() + CENSUS_NANOS;
        for (var each : asked.entrySet()) {
            Object heard = each.getValue().heard.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (heard instanceof ToolMessage.NodeTold said) {
                told.put(each.getKey(), said);
            }
        }
        dials.forEach(each -> each.cancel("asked"));
        return told;
    }

    /** Questions to a node over one connection, which whoever asks closes. */
    Dial dial(InetSocketAddress node, PipeEars<ToolMessage.FromNode, ToolMessage.ToNode> ears) {
        return transport.dial(node, Dialect.TOOLS_END, ears, loops.next());
    }

    /** Null if there was no connection to ask over. */
    private <T> @Nullable T askNode(
            InetSocketAddress node, ToolMessage.ToNode question, Class<T> answer, Duration within)
            throws NoAnswerException, InterruptedException {
        var asking = new Asking<ToolMessage.FromNode, ToolMessage.ToNode>(question);
        Dial dial = dial(node, asking);
        try {
            Object heard = asking.heard.poll(within.toNanos(), TimeUnit.NANOSECONDS);
            if (answer.isInstance(heard)) {
                return answer.cast(heard);
            }
            if (heard != null && !asking.opened) {
                return null;
            }
            throw new NoAnswerException(node + (heard == null ? " did not answer" : ": " + heard));
        } finally {
            dial.cancel("asked");
        }
    }

    /** A master that cannot read anything at all is not the one to ask. */
    private ClusterMessage.@Nullable JournalPage usable(ClusterMessage.JournalPage page) {
        boolean useless =
                page.entries().isEmpty() && page.next() < 0 && !page.problem().isEmpty();
        complaint = useless ? page.problem() : "";
        return useless ? null : page;
    }

    /** For the journal, and no more than a claim. */
    private static String by() {
        String host = System.getenv("HOSTNAME");
        String user = System.getProperty("user.name", "somebody");
        return host == null || host.isBlank() ? user : user + "@" + host;
    }

    private <T> T ask(ToMaster question, Duration within, Function<ToMember, @Nullable T> answer)
            throws NoAnswerException, InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        standing.clear();
        while (true) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new NoAnswerException(
                        "no master could answer within " + within.toSeconds() + " s; " + nobodyLeads() + last);
            }
            T found = askOne(question, Math.min(left, TimeUnit.MILLISECONDS.toNanos(TRY_MILLIS)), answer);
            if (found != null) {
                return found;
            }
        }
    }

    /** That masters are there and none leads tells more than who was silent in the end. */
    private String nobodyLeads() {
        return standing.isEmpty()
                ? ""
                : standing.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + (standing.size() == 1 ? " answers" : " answer")
                        + ", but no master leads: is the coordinator reachable from there? Their logs say why they"
                        + " stand by. The last one asked: ";
    }

    private <T> @Nullable T askOne(ToMaster question, long nanos, Function<ToMember, @Nullable T> answer)
            throws InterruptedException {
        InetSocketAddress master = masters.get(next);
        Asking<ToMember, ToMaster> asking = new Asking<>(question);
        var dial = transport.dial(master, Dialect.MEMBERS_END, asking, loops.next());
        long end = System.nanoTime() + nanos;
        try {
            while (true) {
                Object heard = asking.heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (!(heard instanceof ToMember message)) {
                    last = master + (heard == null ? " did not answer" : ": " + heard);
                    next = (next + 1) % masters.size();
                    return null;
                }
                if (message instanceof ClusterMessage.NotLeader(int leader)) {
                    standing.add(master);
                    last = master + " stands by";
                    next = leader >= 0 && leader < masters.size() && leader != next
                            ? leader
                            : (next + 1) % masters.size();
                    return null;
                }
                T found = answer.apply(message);
                if (found != null) {
                    return found;
                }
                if (!complaint.isEmpty()) {
                    last = master + ": " + complaint;
                    complaint = "";
                    next = (next + 1) % masters.size();
                    return null;
                }
            }
        } finally {
            dial.cancel("asked");
        }
    }

    @Override
    public void close() {
        transport.close();
        loops.close();
    }

    /** One question on one connection: what is heard, and at the end the cause. */
    private static final class Asking<I, O> implements PipeEars<I, O> {
        final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        private final O question;
        private volatile boolean opened;

        Asking(O question) {
            this.question = question;
        }

        @Override
        public void opened(Pipe<O> pipe) {
            opened = true;
            pipe.send(question);
        }

        @Override
        public void received(I message) {
            heard.add(message);
        }

        @Override
        public void closed(String cause) {
            heard.add(cause);
        }
    }
}
