package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import org.junit.jupiter.api.Test;

// Tables follow each other; what an older one says does not change.
class TableTest {
    final Harbor harbor = new Harbor();
    final Incarnation self = harbor.join(1);
    final Grant first = harbor.run(1, self);

    @Test
    void serving_isOfOneGrant_andLeavesOlderTablesAlone() {
        Table before = Table.of(harbor.view(), self);
        Table serving = before.serving(first);
        assertThat(before.serves(first)).isFalse();
        assertThat(serving.serves(first)).isTrue();
        assertThat(serving.serves(new Grant(first.slot(), first.epoch() + 1))).isFalse();
        assertThat(serving.withdrawn(first).serves(first)).isFalse();
    }

    @Test
    void withdrawingAnOlderGrant_leavesTheNewerServing() {
        Grant second = harbor.run(1, self);
        Table table = Table.of(harbor.view(), self).serving(first).serving(second);
        assertThat(table.withdrawn(first).serves(second)).isTrue();
    }

    @Test
    void olderView_isABrokenCaller() {
        View old = harbor.view();
        harbor.free(1);
        Table table = Table.of(harbor.view(), self);
        assertThatIllegalStateException().isThrownBy(() -> table.installed(old));
    }
}
