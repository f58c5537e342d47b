package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Ledger.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// Ten virtual minutes of small disasters, drawn from a seed: members and masters that pause, die and come back, lost
// messages, a coordinator that is away or leaves its writers in doubt. The quay checks at each step that nobody owns
// what another owns (I1), that nobody who may act is behind a grant that is up (I3), and that no machine wants to be
// called again and again for nothing. Then the weather clears, and every slot must run.
class StormTest {
    private static final int SLOTS = 6;
    private static final List<Fate> FATES = List.of(Fate.values());

    private final Quay quay =
            new Quay(2, new ServicePlan("role", SLOTS, 0, true), new ServicePlan("lone", 2, 0, false));
    private final List<Moored<MemberEvent, MemberAction>> members = new ArrayList<>();
    private final List<Moored<MemberEvent, MemberAction>> paused = new ArrayList<>();
    private Moored<MasterEvent, MasterAction> master = quay.elect("m0");
    private SplittableRandom random = new SplittableRandom(0);
    private int reelections;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void disasters_endWithEverySlotRunning(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < 5; i++) {
            members.add(start(i));
        }
        long end = quay.now + 600 * S;
        while (quay.now < end) {
            quay.run(random.nextLong(50 * MS, 4 * S));
            disaster();
            restartThoseThatAreOver();
        }
        clear();
        quay.run(75 * S);

        for (int slot = 1; slot <= SLOTS; slot++) {
            int number = slot;
            assertThat(members.stream().filter(node -> quay.serves(node, number)))
                    .as("owners of slot %s in view %s", slot, quay.ledger.view)
                    .hasSize(1);
        }
    }

    private Moored<MemberEvent, MemberAction> start(int number) {
        return quay.start("w" + number, new Offer("role", 4, true), new Offer("lone", 1, true));
    }

    private void disaster() {
        int index = random.nextInt(members.size());
        var member = members.get(index);
        switch (random.nextInt(14)) {
            case 0, 1 -> {
                if (!paused.contains(member)) {
                    member.pause();
                    paused.add(member);
                }
            }
            case 2, 3, 4 ->
                paused.removeIf(node -> {
                    node.resume(quay.now);
                    return true;
                });
            case 5 -> restart(index);
            case 6 -> {
                restart(index);
                quay.say(
                        members.get((index + 1) % members.size()),
                        master.name,
                        new ClusterMessage.Dead(new Certificate(
                                member.name,
                                Quay.life(member),
                                "launcher of " + member.name,
                                Certificate.Proof.WAITED)));
            }
            case 7 -> quay.cutOff(member);
            case 8, 9 -> quay.lost.clear();
            case 10 -> quay.ledger.down = !quay.ledger.down;
            case 11 -> {
                Fate fate = FATES.get(random.nextInt(FATES.size()));
                quay.ledger.next(action -> !(action instanceof MasterAction.Read), fate);
            }
            case 12 -> elect(random.nextBoolean());
            default -> {
                int share = random.nextInt(2, 6);
                quay.lost.add(_ -> random.nextInt(share) == 0);
            }
        }
        if (random.nextInt(3) == 0) {
            quay.ledger.down = false;
            quay.ledger.land();
        }
    }

    private void restart(int index) {
        var member = members.get(index);
        member.kill();
        paused.remove(member);
        members.set(index, start(index));
    }

    private void elect(boolean politely) {
        if (politely) {
            master.tell(quay.now, new MasterEvent.Resign());
            quay.run(10 * MS);
        }
        reelections++;
        master = quay.elect("m" + reelections % 2);
    }

    private void clear() {
        quay.lost.clear();
        quay.ledger.down = false;
        quay.ledger.land();
        paused.forEach(node -> node.resume(quay.now));
        restartThoseThatAreOver();
        elect(false);
    }

    private void restartThoseThatAreOver() {
        for (int i = 0; i < members.size(); i++) {
            if (Quay.member(members.get(i)).isOver()) {
                restart(i);
            }
        }
    }
}
