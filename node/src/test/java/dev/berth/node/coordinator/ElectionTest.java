package dev.berth.node.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterEvent.Deposed;
import dev.berth.core.cluster.MasterEvent.Elected;
import dev.berth.core.cluster.MasterEvent.ReadFailed;
import dev.berth.core.cluster.MasterEvent.WasRead;
import dev.berth.core.cluster.MasterEvent.WasWritten;
import dev.berth.core.cluster.MasterEvent.WasWritten.Outcome;
import dev.berth.core.cluster.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// One real server, candidates with cables that can be cut. Everything is waited for by the events that candidates hear.
class ElectionTest {
    private static final int SESSION_MILLIS = 1_000;

    /** A candidate with what it hears. */
    private final class Candidate {
        final Eventually<MasterEvent> heard = new Eventually<>();
        final Eventually<String> notes = new Eventually<>();
        final Coordinator coordinator;

        Candidate(String address) {
            coordinator = new Coordinator(
                    new CoordinatorConfig(address, "test", SESSION_MILLIS),
                    "m",
                    notes::add,
                    failure -> notes.add("" + failure));
            closing.add(coordinator);
            coordinator.start();
            coordinator.stand("m", heard::add);
        }

        long awaitElected() throws InterruptedException {
            return heard.await(Elected.class).election();
        }

        Durable read() throws InterruptedException {
            coordinator.read(new MasterAction.Read(1), heard::add);
            return heard.await(WasRead.class).durable();
        }

        void write(int version, TermRecord term) {
            coordinator.write(new MasterAction.WriteTerm(2, version, term), heard::add);
        }

        Outcome outcome() throws InterruptedException {
            return heard.await(WasWritten.class).outcome();
        }
    }

    @TempDir
    Path dir;

    private final List<AutoCloseable> closing = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
    }

    private LocalServer server() throws Exception {
        LocalServer server = new LocalServer(dir.resolve("zk"));
        closing.add(server);
        return server;
    }

    private Cable cable(String address) throws Exception {
        Cable cable = new Cable(address);
        closing.add(cable);
        return cable;
    }

    private static TermRecord term(long number) {
        return new TermRecord(number, 0, "m", false, 1);
    }

    @Test
    @Tag("S2.14")
    void eldestCandidate_isElected_andTheNextWhenItEnds() throws Exception {
        LocalServer server = server();
        Candidate first = new Candidate(server.address());
        long firstElection = first.awaitElected();
        Candidate second = new Candidate(server.address());
        second.notes.await("its connection", line -> line.contains("CONNECTED"));
        Candidate third = new Candidate(server.address());
        third.notes.await("its connection", line -> line.contains("CONNECTED"));

        first.coordinator.close();

        long next = second.awaitElected();
        assertThat(next).isGreaterThan(firstElection);
        second.coordinator.close();
        assertThat(third.awaitElected()).isGreaterThan(next);
    }

    @Test
    void suspendedConnection_deposesAtOnce_andTheSameSessionIsElectedAgain() throws Exception {
        Cable cable = cable(server().address());
        Candidate candidate = new Candidate(cable.address());
        long election = candidate.awaitElected();

        cable.cut();
        candidate.heard.await(Deposed.class);
        cable.mend();

        assertThat(candidate.awaitElected()).isGreaterThanOrEqualTo(election);
    }

    @Test
    void expiredSession_losesTheElection_andStandsAgain() throws Exception {
        LocalServer server = server();
        Cable cable = cable(server.address());
        Candidate first = new Candidate(cable.address());
        long firstElection = first.awaitElected();
        Candidate second = new Candidate(server.address());

        cable.cut();
        first.heard.await(Deposed.class);
        long secondElection = second.awaitElected();
        assertThat(secondElection).isGreaterThan(firstElection);
        cable.mend();
        first.notes.await("a new session", line -> line.contains("-> CONNECTED"));
        second.coordinator.close();

        assertThat(first.awaitElected()).isGreaterThan(secondElection);
    }

    @Test
    void lostAnswer_isUnknown_andTheReadShowsWhatBecameOfIt() throws Exception {
        LocalServer server = server();
        Cable cable = cable(server.address());
        Candidate candidate = new Candidate(cable.address());
        candidate.awaitElected();
        Candidate witness = new Candidate(server.address());
        Durable before = candidate.read();

        cable.silence();
        candidate.write(before.termVersion(), term(1));
        Durable after = witness.read();
        while (after.term().term() == 0) {
            after = witness.read();
        }
        witness.coordinator.close();
        cable.cut();

        assertThat(candidate.outcome()).isEqualTo(Outcome.UNKNOWN);
        cable.mend();
        candidate.awaitElected();
        Durable read = candidate.read();
        assertThat(read.term()).isEqualTo(term(1));
        candidate.write(before.termVersion(), term(1));
        assertThat(candidate.outcome()).as("the same write again").isEqualTo(Outcome.CONFLICT);
    }

    @Test
    void coordinatorAway_writesAreUnknown_readsFail_andBothGoOnAfterwards() throws Exception {
        LocalServer server = server();
        Candidate candidate = new Candidate(server.address());
        candidate.awaitElected();
        candidate.write(0, term(1));
        assertThat(candidate.outcome()).isEqualTo(Outcome.DONE);

        server.stop();
        candidate.heard.await(Deposed.class);
        candidate.write(1, term(2));
        assertThat(candidate.outcome()).isEqualTo(Outcome.UNKNOWN);
        candidate.coordinator.read(new MasterAction.Read(1), candidate.heard::add);
        assertThat(candidate.heard.await(ReadFailed.class).cause()).isNotBlank();
        candidate.notes.await("a complaint", line -> line.contains("does not answer"));
        server.startAgain();

        candidate.awaitElected();
        assertThat(candidate.read().term()).isEqualTo(term(1));
        candidate.write(1, term(2));
        assertThat(candidate.outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void coordinatorAbsentAtStart_isSaidAndWaitedFor() throws Exception {
        int port = Ports.free(1)[0];
        Candidate candidate = new Candidate(ServerConfig.LOOPBACK + ":" + port);

        assertThat(candidate.notes.await("a complaint", line -> line.contains("does not answer")))
                .contains("127.0.0.1:" + port, "'berth coordinator' starts one");
        closing.add(new LocalServer(dir.resolve("zk"), port));

        assertThat(candidate.awaitElected()).isPositive();
    }

    @Test
    @Tag("S2.6")
    void wipedCoordinator_isNotWrittenTo() throws Exception {
        LocalServer server = server();
        Candidate candidate = new Candidate(server.address());
        candidate.awaitElected();
        JournalEntry entry = new JournalEntry(0, 1, "m1", 0, "leads", List.of(), 0);
        candidate.coordinator.write(
                new MasterAction.TakeOver(1, 0, term(1), 0, View.empty(1), entry), candidate.heard::add);
        assertThat(candidate.outcome()).isEqualTo(Outcome.DONE);
        // A server that has executed fewer transactions than its client has seen does not let it in.
        for (int version = 1; version <= 20; version++) {
            candidate.write(version, term(1));
            assertThat(candidate.outcome()).isEqualTo(Outcome.DONE);
        }

        server.stop();
        server.startAgain(dir.resolve("empty"));

        assertThat(candidate.notes.await("an alarm", line -> line.contains("is gone")))
                .contains("Nothing is written");
        candidate.coordinator.read(new MasterAction.Read(3), candidate.heard::add);
        assertThat(candidate.heard.await(ReadFailed.class).cause()).contains("NONODE");
        candidate.write(1, term(2));
        assertThat(candidate.outcome()).isEqualTo(Outcome.CONFLICT);
    }
}
