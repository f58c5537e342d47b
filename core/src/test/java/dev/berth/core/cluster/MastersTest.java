package dev.berth.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

// Three masters of which the last leads. Members find it whatever those say who stand by.
class MastersTest {
    private static final long PACE = 10;

    private final Masters masters = new Masters(3);
    private long now;

    /** What the current master says that stands by. */
    private void standsBy(int hint) {
        now += PACE;
        masters.heard(masters.current(), false, now);
        masters.follow(masters.current(), hint, now, PACE);
    }

    @Test
    void hint_isFollowed() {
        standsBy(2);
        assertThat(masters.current()).isEqualTo(2);
    }

    @Test
    void twoWhoNameEachOther_doNotHideTheLeader() {
        for (int round = 0; round < 3 && masters.current() != 2; round++) {
            standsBy(masters.current() == 0 ? 1 : 0);
        }
        assertThat(masters.current()).isEqualTo(2);
    }

    @Test
    void leaderHasAnswered_nextHintIsFollowedAgain() {
        standsBy(1);
        masters.heard(1, true, now);
        standsBy(2);
        assertThat(masters.current()).isEqualTo(2);
    }

    @Test
    void silentMaster_isLeft_andOthersAreAskedInTurn() {
        assertThat(masters.isSilent(now, PACE)).isFalse();
        assertThat(masters.isSilent(now + PACE, PACE)).isTrue();
        masters.tryNext(now + PACE);
        assertThat(masters.current()).isEqualTo(1);
        assertThat(masters.isSilent(now + PACE, PACE)).isFalse();
    }
}
