package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.GlobalName;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServiceName;
import dev.berth.node.link.Loops;
import dev.berth.node.member.MemberNode.Decision;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// A global name belongs to a node, as the master sees it; which of the node's processes has it is decided here. All
// that this node asks of the master about names is asked one after the other: else the freeing of a name for a process
// that has ended could overtake the taking of it for the next one.

/** The names of this node's processes, and the way to all others'. Any thread. */
final class Names {
    private static final Logger LOG = LoggerFactory.getLogger(Names.class);
    private static final long WAIT_SECONDS = 30;

    private final Processes home;
    /** Names that are given, or asked for. */
    private final Map<String, LocalProcess> held = new ConcurrentHashMap<>();

    private final Map<String, LocalProcess> given = new ConcurrentHashMap<>();
    private CompletableFuture<Decision> last = CompletableFuture.completedFuture(new Decision(true, 0, ""));

    Names(Processes home) {
        this.home = home;
    }

    void register(String name, ProcessRef<?> ref) {
        ServiceName.check(name);
        if (!(ref instanceof LocalProcess process) || process.home != home) {
            throw new IllegalArgumentException("the name " + name + " is given at the node of its process, and "
                    + ref.address() + " is not of this node");
        }
        LocalProcess holder = held.putIfAbsent(name, process);
        if (holder != null) {
            throw new NameRefusedException(name, holder + " has it");
        }
        if (isGlobal(name)) {
            take(name, process);
        }
        given.put(name, process);
        process.extras().name = name;
        // Told at once if it has ended meanwhile.
        process.extras().monitor(new Watcher() {
            @Override
            public void tell(String cause) {
                release(name, process);
            }

            @Override
            public boolean isVoid() {
                return false;
            }
        });
    }

    private void take(String name, LocalProcess process) {
        Loops.requireMayBlock("Processes.register");
        Decision decision =
                await(ask(new Proposal.TakeName(name, process.address().value())));
        if (decision == null) {
            release(name, process);
            throw new NameRefusedException(name, "no master has said so within " + WAIT_SECONDS + " s");
        } else if (!decision.accepted()) {
            held.remove(name, process);
            throw new NameRefusedException(name, decision.reason());
        }
    }

    private static @Nullable Decision await(CompletableFuture<Decision> decision) {
        try {
            return decision.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return null;
        } catch (InterruptedException givenUp) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private void release(String name, LocalProcess process) {
        given.remove(name, process);
        if (held.remove(name, process) && isGlobal(name)) {
            var _ = ask(new Proposal.FreeName(name)).thenAccept(decision -> {
                if (!decision.accepted()) {
                    LOG.warn("the name {} of {} is not freed: {}", name, process, decision.reason());
                }
            });
        }
    }

    private synchronized CompletableFuture<Decision> ask(Proposal proposal) {
        last = last.thenCompose(_ -> home.outside().ask().apply(proposal));
        return last;
    }

    <M> Optional<ProcessRef<M>> find(String name) {
        LocalProcess own = given.get(name);
        if (own != null) {
            return Optional.of(home.at(own.address()));
        }
        GlobalName named = home.outside().view().get().names().get(name);
        return named == null ? Optional.empty() : Optional.of(home.at(new Address(named.address())));
    }

    private static boolean isGlobal(String name) {
        return !name.startsWith(".");
    }
}
