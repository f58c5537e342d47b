package dev.berth.lab.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.berth.lab.bench.Samples.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;

// Its defaults, with Artery over TCP; bytes have a serializer of their own, so nothing is spent on that. One actor
// answers, as one slot does; each caller is an actor that sends when its answer has come.

/** Messages of 64 bytes between actors of two systems. */
final class PekkoEcho implements Echo {
    private static final Config CONFIG = ConfigFactory.parseString("""
        pekko {
          actor.provider = remote
          loglevel = ERROR
          remote.warn-about-direct-use = off
          remote.artery {
            transport = tcp
            canonical { hostname = "127.0.0.1", port = 0 }
          }
        }
        """).withFallback(ConfigFactory.load());

    private final ActorSystem system = ActorSystem.create("bench", CONFIG);

    private static final class Back extends AbstractActor {
        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(byte[].class, message -> getSender().tell(message, getSelf()))
                    .build();
        }
    }

    private static final class Caller extends AbstractActor {
        private final ActorRef echo;
        private final Samples samples;
        private long sent;

        Caller(ActorRef echo, Samples samples) {
            this.echo = echo;
            this.samples = samples;
        }

        @Override
        public void preStart() {
            send();
        }

        private void send() {
            sent = System.nanoTime();
            echo.tell(new byte[SIZE], getSelf());
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(byte[].class, _ -> {
                        if (samples.add(sent, System.nanoTime())) {
                            send();
                        }
                    })
                    .build();
        }
    }

    @Override
    public int serve() {
        system.actorOf(Props.create(Back.class, Back::new), "echo");
        return ((ExtendedActorSystem) system)
                .provider()
                .getDefaultAddress()
                .getPort()
                .orElseThrow();
    }

    @Override
    public Figures measure(int port, int window) throws IOException {
        Samples samples = new Samples();
        ActorRef echo = find("pekko://bench@127.0.0.1:" + port + "/user/echo");
        ActorRef[] callers = new ActorRef[window];
        for (int i = 0; i < window; i++) {
            callers[i] = system.actorOf(Props.create(Caller.class, () -> new Caller(echo, samples)));
        }
        Figures figures = samples.await();
        for (ActorRef caller : callers) {
            caller.tell(PoisonPill.getInstance(), ActorRef.noSender());
        }
        return figures;
    }

    private ActorRef find(String path) throws IOException {
        try {
            return system.actorSelection(path)
                    .resolveOne(Duration.ofSeconds(30))
                    .toCompletableFuture()
                    .get(40, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException lost) {
            throw new IOException(path + " does not answer", lost);
        }
    }

    @Override
    public void close() {
        system.terminate();
    }
}
