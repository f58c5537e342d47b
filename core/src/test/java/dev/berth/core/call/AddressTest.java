package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.View;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// An address is taken apart and put together at the edges of its two parts; two lives of one node are compared.
class AddressTest {
    private static final long LAST_PROCESS = (1L << 48) - 1;

    @Test
    @Tag("S4.2")
    void highBitsNameTheNode_lowBitsTheProcess_andLocalIsOneComparison() {
        Address address = Address.of(new NodeId(7), 42);

        assertThat(address.value() >>> 48).isEqualTo(7);
        assertThat(address.node()).isEqualTo(new NodeId(7));
        assertThat(address.process()).isEqualTo(42);
        assertThat(address.isAt(new NodeId(7))).isTrue();
        assertThat(address.isAt(new NodeId(8))).isFalse();
        assertThat(address).hasToString("n7:42");
    }

    @Test
    @Tag("S4.3")
    void nodeIdsGoFrom1To65535_and0IsReserved() {
        Address last = Address.of(new NodeId(65_535), LAST_PROCESS);

        assertThat(last.node()).isEqualTo(new NodeId(65_535));
        assertThat(last.process()).isEqualTo(LAST_PROCESS);
        assertThat(last.isAt(new NodeId(65_535))).isTrue();
        assertThat(Address.of(new NodeId(1), 0).value()).isPositive();
        assertThatThrownBy(() -> Address.of(NodeId.NONE, 1)).hasMessageContaining("needs a node");
        assertThatThrownBy(() -> Address.of(new NodeId(1), LAST_PROCESS + 1)).hasMessageContaining("48 bits");
        assertThatThrownBy(() -> new NodeId(65_536)).hasMessageContaining("65536");
    }

    @Test
    @Tag("S4.2")
    void aNewLifeOfANodeCountsItsProcessesFromElsewhere() {
        NodeId node = new NodeId(3);
        Address before = Address.first(new Incarnation(node, 10));
        Address after = Address.first(new Incarnation(node, 11));

        assertThat(after.process() - before.process()).isEqualTo(1L << 24);
        assertThat(after.node()).isEqualTo(before.node());
        assertThat(Address.first(new Incarnation(node, (1L << 24) + 10))).isEqualTo(before);
    }

    @Test
    @Tag("S3.22")
    void viewSaysWhetherTheLifeOfAnAddressIsThere() {
        Incarnation life = new Incarnation(new NodeId(7), 3);
        View view = View.empty(1_000_000_000L);
        view = view.apply(new Delta(
                view.number() + 1,
                "test",
                List.of(new Change.MemberListed(
                        new Listing(life, "gate", new Nonce(7, 3), List.of(), List.of(), "", false)))));

        assertThat(new Address(Address.first(life).value() + 9).isIn(view)).isTrue();
        assertThat(Address.first(new Incarnation(new NodeId(7), 2)).isIn(view)).isFalse();
        assertThat(Address.first(new Incarnation(new NodeId(8), 3)).isIn(view)).isFalse();
        assertThat(Address.of(new NodeId(7), (1L << 48) - 1).isIn(view)).isFalse();
    }
}
