package dev.berth.lab.sim.coordinator;

import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.net.Network;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Seen from the coordinator, exactly one session is elected at any time. The elected one learns it after a delay, and
// one that has lost the election learns that even later: both may believe in themselves for a while.

/** The service itself: nodes, sessions and the election. One thread. */
public final class Coordinator {
    private final Agenda agenda;
    private final Host host;
    private final Network network;
    private final Dice dice;
    private final Nodes nodes;
    private final long sessionNanos;
    private final LinkedHashSet<Session> candidates = new LinkedHashSet<>();
    private final List<RequestRule> rules = new ArrayList<>();
    private final Delays delays;
    private Troubles troubles = Troubles.NONE;
    private @Nullable Session elected;
    private long elections;
    private boolean down;
    private long upSince;

    /**
     * How long its own work takes, besides the network.
     *
     * @param leastNanos for a request, plus at most {@code jitterNanos}
     */
    public record Delays(long leastNanos, long jitterNanos) {}

    public Coordinator(
            Agenda agenda, Host host, Network network, Dice dice, Nodes nodes, long sessionNanos, Delays delays) {
        this.agenda = agenda;
        this.host = host;
        this.network = network;
        this.dice = dice;
        this.nodes = nodes;
        this.sessionNanos = sessionNanos;
        this.delays = delays;
    }

    public Nodes nodes() {
        return nodes;
    }

    public Host host() {
        return host;
    }

    public void troubles(Troubles newTroubles) {
        troubles = newTroubles;
    }

    public boolean isDown() {
        return down;
    }

    /** It loses its majority: nothing is executed, no session expires. */
    public void goDown() {
        down = true;
    }

    /** Sessions have their full time again, as after an election inside ZooKeeper. */
    public void comeUp() {
        down = false;
        upSince = agenda.now();
        for (Session session : List.copyOf(candidates)) {
            expect(session);
        }
    }

    /** Requests that somebody picks get this fate, or are held. */
    public RequestRule rule(RequestRule rule) {
        rules.add(rule);
        return rule;
    }

    public void release(RequestRule rule) {
        rules.remove(rule);
        rule.releaseAll();
    }

    boolean reaches(Host client) {
        return !down && !network.blocks(client, host) && !network.blocks(host, client);
    }

    long delay() {
        return delays.leastNanos() + dice.nextLong(delays.jitterNanos());
    }

    @Nullable
    RequestRule ruleFor(Client client, Request<?> request) {
        for (RequestRule rule : rules) {
            if (rule.picks(client.process(), request.kind())) {
                return rule;
            }
        }
        return null;
    }

    Fate fate() {
        return troubles.fate(dice);
    }

    long lateness() {
        return dice.spread(10_000_000L, troubles.lateMostNanos());
    }

    boolean expiredMayWrite() {
        return troubles.expiredMayWrite();
    }

    /** A client stands for election under a session; what the session hears keeps it alive. */
    void stand(Session session) {
        if (session.isExpired()) {
            // Its client has closed it again, and that word was the quicker one.
            return;
        }
        candidates.add(session);
        session.heardAt(agenda.now());
        expect(session);
        elect();
    }

    void heard(Session session) {
        if (!session.isExpired()) {
            session.heardAt(agenda.now());
        }
    }

    /** Ends a session at once, by its own wish. */
    void closed(Session session) {
        session.expire();
        candidates.remove(session);
        elect();
    }

    private void expect(Session session) {
        long limit = Math.max(session.heardAt(), upSince) + sessionNanos;
        agenda.at(Math.max(limit, agenda.now()), () -> checkExpiry(session));
    }

    private void checkExpiry(Session session) {
        if (down || session.isExpired()) {
            return;
        }
        if (Math.max(session.heardAt(), upSince) + sessionNanos > agenda.now()) {
            expect(session);
        } else {
            closed(session);
        }
    }

    private void elect() {
        if (elected != null && !elected.isExpired()) {
            return;
        }
        elected = candidates.isEmpty() ? null : candidates.getFirst();
        if (elected != null) {
            elected.chosen(++elections);
        }
    }
}
