package dev.berth.node.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.ToolMessage.EntityName;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.entity.Alarm;
import dev.berth.core.entity.Cell;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.entity.EntityImage;
import dev.berth.core.entity.Parcel;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Alarmed;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Entities out of one cluster and into another one, both in this JVM over real stores: what comes back is what there was, also when
 * an owner goes meanwhile, and a file that is not whole changes nothing.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SuppressWarnings("ThreadPriorityCheck") // it waits for what happens
class StateCommandTest {
    record Purse(long gold) {}

    record Seen(int times) {}

    record Stranger(long gold) {}

    interface Account extends Entity<Long> {
        long add(long gold);

        long seen();

        void ringAt(long millis);

        void pay(long to, long gold);

        void take(long gold);
    }

    interface Ledger extends Entity<String> {
        void note(long gold);
    }

    static final class AccountCode implements Account, Alarmed {
        private final Context<Long> me;
        private final State<Purse> purse;
        private final State<Seen> seen;

        AccountCode(Context<Long> me) {
            this.me = me;
            purse = me.state(new Purse(0));
            seen = me.soft(new Seen(0), Duration.ofHours(1));
        }

        @Override
        public long add(long gold) {
            return gold == 0
                    ? purse.get().gold()
                    : purse.set(new Purse(purse.get().gold() + gold)).gold();
        }

        @Override
        public long seen() {
            return seen.set(new Seen(seen.get().times() + 1)).times();
        }

        @Override
        public void ringAt(long millis) {
            me.at(me.now().plusMillis(millis), "rent");
        }

        @Override
        public void alarm(String name) {
            if (name.startsWith("pays ")) {
                pay(Long.parseLong(name.substring(5)), 7);
                return;
            }
            add(1_000);
        }

        @Override
        public void pay(long to, long gold) {
            add(-gold);
            me.deliver(Account.class, to).take(gold);
        }

        @Override
        public void take(long gold) {
            add(gold);
        }
    }

    private record LedgerCode(State<Purse> purse) implements Ledger {
        LedgerCode(Context<String> me) {
            this(me.state(new Purse(0)));
        }

        @Override
        public void note(long gold) {
            purse.set(new Purse(gold));
        }
    }

    private static Entities bank() {
        return Entities.named("bank")
                .entity(Account.class, AccountCode::new)
                .entity(Ledger.class, LedgerCode::new)
                .records(Purse.class, Seen.class)
                .build();
    }

    @TempDir
    Path dir;

    private final Entities bank = bank();
    private final Terminal terminal = new Terminal();
    private DevCluster from;
    private DevCluster to;
    private Node atFrom;
    private Node atTo;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        from = DevCluster.start(ServicePlan.bucketed("bank", 2, 4));
        to = DevCluster.start(ServicePlan.bucketed("bank", 2, 16));
        atFrom = owner(from, "owner-1");
        atTo = owner(to, "owner-1");
        file = dir.resolve("bank.jsonl");
    }

    private Node owner(DevCluster cluster, String name) throws IOException {
        return cluster.start(cluster.node(name).withSlots("bank", 2), Map.of("bank", bank.code()));
    }

    @AfterEach
    void stop() {
        from.close();
        to.close();
    }

    private Account account(Node at, long key) {
        return bank.agent(at, Account.class, key);
    }

    private int run(DevCluster cluster, String... words) {
        return terminal.run(cluster, new StateCommand(), words);
    }

    @Test
    void whatWasExported_isThereInTheOtherCluster_withTimersAndSoftStates() {
        LongStream.rangeClosed(1, 40).forEach(key -> account(atFrom, key).add(key));
        assertThat(account(atFrom, 7).seen()).isEqualTo(1);
        account(atFrom, 8).ringAt(1);
        account(atFrom, 9).ringAt(3_600_000);
        bank.agent(atFrom, Ledger.class, "all \"of\" it\n").note(820);
        while (account(atFrom, 8).add(0) != 1_008) {
            Thread.yield();
        }

        assertThat(run(from, "export", "bank", file.toString()))
                .as(terminal.err.toString())
                .isZero();
        assertThat(terminal.err.toString()).contains("41 entities are in");
        assertThat(file).content().contains("\"shown\":{\"operations\":1,\"states\":{\"Purse\":{\"gold\":3}}");
        assertThat(run(to, "import", "bank", file.toString()))
                .as(terminal.err.toString())
                .isZero();
        assertThat(terminal.out.toString()).startsWith("41 entities written, 0 were as in the file, 0 are others");

        assertThat(account(atTo, 40).add(0)).isEqualTo(40);
        assertThat(account(atTo, 8).add(0)).isEqualTo(1_008);
        assertThat(account(atTo, 7).seen()).isEqualTo(2);
        assertThat(run(to, "get", "bank", "Account", "9")).isZero();
        assertThat(terminal.out.toString()).contains("\"timers\":{\"rent\":\"");
        assertThat(run(to, "get", "bank", "Ledger", "all \"of\" it\n")).isZero();
        assertThat(terminal.out.toString()).contains("{\"gold\":820}");
        assertThat(run(to, "get", "bank", "Account", "41")).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("Account 41 has nothing in the store");
    }

    @Test
    void whatIsThere_staysUnlessItIsToBeReplaced_andASecondImportChangesNothing() {
        LongStream.rangeClosed(1, 3).forEach(key -> account(atFrom, key).add(key));
        account(atTo, 2).add(50);
        run(from, "export", "bank", file.toString());
        assertThat(run(to, "import", "bank", file.toString())).isEqualTo(1);
        assertThat(terminal.out.toString())
                .startsWith("2 entities written, 0 were as in the file, 1 are others and stay as they are (--replace");
        assertThat(terminal.err.toString()).contains("Account 2 is there and is another one");
        assertThat(account(atTo, 2).add(0)).isEqualTo(50);
        assertThat(run(to, "import", "bank", file.toString(), "--replace")).isZero();
        assertThat(terminal.out.toString()).startsWith("1 entities written, 2 were as in the file, 0 are others");
        assertThat(account(atTo, 2).add(0)).isEqualTo(2);
        assertThat(account(atTo, 2).add(5)).isEqualTo(7);

        assertThat(run(to, "export", "bank", file.toString())).isEqualTo(2);
        assertThat(terminal.err.toString()).contains("is there already; name a new file");
        assertThat(run(to, "export", "inn", dir.resolve("x").toString())).isEqualTo(2);
        assertThat(terminal.err.toString()).contains("the cluster plans no service inn");
    }

    @Test
    void ownersThatGo_inMidExportAndImport_loseNothing() throws Exception {
        owner(from, "owner-2");
        owner(to, "owner-2");
        Node caller = from.start(from.node("caller"), Map.of());
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (long key = 1; key <= 600; key++) {
            long mine = key;
            CompletableFuture<Void> called = new CompletableFuture<>();
            calls.add(called);
            Thread.startVirtualThread(() -> {
                account(caller, mine).add(mine);
                called.complete(null);
            });
        }
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);

        CompletableFuture<Void> goes = whenThere(dir.resolve("bank.jsonl.part"), atFrom);
        assertThat(run(from, "export", "bank", file.toString()))
                .as(terminal.err.toString())
                .isZero();
        assertThat(terminal.err.toString()).contains("600 entities are in");
        goes.get(1, TimeUnit.MINUTES);

        CompletableFuture<Integer> imported = new CompletableFuture<>();
        Thread.startVirtualThread(() -> imported.complete(run(to, "import", "bank", file.toString())));
        Node reader = to.start(to.node("reader"), Map.of());
        while (!imported.isDone()
                && account(reader, 1).add(0) + account(reader, 2).add(0) == 0) {
            Thread.yield();
        }
        atTo.close();
        assertThat(imported.get(1, TimeUnit.MINUTES))
                .as(terminal.err.toString())
                .isZero();
        assertThat(terminal.out.toString()).contains("0 are others");
        long gold = LongStream.rangeClosed(1, 600)
                .map(key -> account(reader, key).add(0))
                .sum();
        assertThat(gold).isEqualTo(600 * 601 / 2);
    }

    private static CompletableFuture<Void> whenThere(Path file, Node goes) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            while (!Files.exists(file)) {
                Thread.onSpinWait();
            }
            goes.close();
            gone.complete(null);
        });
        return gone;
    }

    // ---- Files that are not what they should be

    private void hostile(String what, String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertThat(run(to, "import", "bank", file.toString())).as(what).isEqualTo(1);
        assertThat(terminal.err.toString()).contains(what);
    }

    private static String line(String type, String key, Record state) {
        Bytes written = RecordBook.named("bank")
                .with(Purse.class, Stranger.class)
                .build()
                .write(state);
        Bytes image = Bytes.wrap(EntityImage.CODEC.encode(new EntityImage(
                List.of(new Cell("Purse", written)),
                List.of(),
                List.of(),
                false,
                List.of(),
                0,
                List.of(),
                0,
                List.of())));
        return StateFile.one(new EntityName(type, key), "", image);
    }

    @Test
    void fileThatIsNotWhole_isRefusedBeforeAnythingIsWritten() throws Exception {
        String first = StateFile.first("bank", 1, "now");
        String good = line("Account", "1", new Purse(5));
        String last = StateFile.last(1);
        hostile("line 3: the file ends here and its last line is missing", first, good);
        hostile("line 3: the file was written with 2 entities and has 1", first, good, StateFile.last(2));
        hostile("line 2: it has no sum at its end", first, good.substring(0, good.length() - 3), last);
        hostile("line 2: its sum is not that of what it says", first, good.replace("Account", "account"), last);
        hostile("line 1: this is no first line of an export", good, last);
        hostile("line 1: it has no sum", "hello");
        hostile("line 2: this line does not belong here", first, first, good, last);
        hostile("line 4: this line does not belong here", first, good, last, good);
        hostile("line 2: it is longer than 2097152 bytes", first, "x".repeat(StateFile.LINE_MAX + 1), last);
        hostile(
                "line 2: this is no entity: 'key' is to be a text, got 5",
                first,
                StateFile.sealed("{\"entity\":\"A\",\"key\":5,\"image\":\"\"}"),
                last);
        hostile(
                "line 2: this is no entity: Input byte[]",
                first,
                StateFile.sealed("{\"entity\":\"A\",\"key\":\"5\",\"image\":\"?\"}"),
                last);
        hostile("line 2: this JSON is too large", first, StateFile.sealed("[".repeat(500_000) + "}"), last);
        hostile(
                "line 1: the file has format 2, and this build reads format 1: import it with the release that",
                first.isEmpty() ? "" : StateFile.sealed("{\"berth\":\"entities\",\"format\":2}"),
                last);
        hostile("these are entities of the service inn, not of bank", StateFile.first("inn", 1, "now"), good, last);
        assertThat(run(to, "import", "bank", dir.resolve("none").toString())).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("cannot read");
        assertThat(account(atTo, 1).add(0)).isZero();
    }

    @Test
    void entityThatThisBuildCannotKeep_isRefusedWithItsLine_andTheRestWaits() throws Exception {
        String first = StateFile.first("bank", 1_000_000, "now");
        String good = line("Account", "1", new Purse(5));
        String last = StateFile.last(2);
        hostile(
                "line 3: Castle 1: bank has no entity Castle; it has [Account, Ledger]",
                first,
                good,
                line("Castle", "1", new Purse(5)),
                last);
        assertThat(terminal.err.toString())
                .contains("1 entities have been written")
                .contains("Context.nextId may give out ids");
        assertThat(account(atTo, 1).add(0)).isEqualTo(5);
        hostile(
                "line 2: Account one: a key of Account is a Long, got one",
                first,
                line("Account", "one", new Purse(5)),
                good,
                last);
        hostile("bank/Stranger", first, line("Account", "2", new Stranger(5)), good, last);
        hostile(
                "line 2: Account 2",
                first,
                StateFile.one(new EntityName("Account", "2"), "", Bytes.utf8("\u0001zzz")),
                good,
                last);
        assertThat(account(atTo, 2).add(0)).isZero();
    }

    // ---- What is under way in an export

    private static EntityImage image(long gold, List<Alarm> alarms, List<Parcel> parcels) {
        Bytes written = RecordBook.named("bank").with(Purse.class).build().write(new Purse(gold));
        return new EntityImage(
                List.of(new Cell("Purse", written)),
                List.of(),
                List.of(),
                false,
                alarms,
                alarms.size(),
                parcels,
                parcels.size(),
                List.of());
    }

    private static String line(long key, EntityImage image) {
        return StateFile.one(
                new EntityName("Account", String.valueOf(key)), "", Bytes.wrap(EntityImage.CODEC.encode(image)));
    }

    private static Bytes key(long key) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(key)
                .array());
    }

    private Parcel parcel(long number, long to, long gold) throws Exception {
        Bytes arguments = RecordBook.named("bank")
                .methods(List.of(Account.class.getMethod("take", long.class)))
                .build()
                .signature(Account.class.getMethod("take", long.class))
                .writeArguments(new Object[] {gold});
        return new Parcel(number, new EntityCall("Account", key(to), "take", arguments, false));
    }

    @Test
    void messagesAndTimersUnderWay_leaveWhenAllEntitiesOfTheFileAreThere() throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(StateFile.first("bank", 1, "now"));
        lines.add(line(1, image(5, List.of(), List.of(parcel(1, 50, 10)))));
        lines.add(line(2, image(5, List.of(new Alarm("pays 51", 1, 1)), List.of())));
        LongStream.rangeClosed(3, 51).forEach(key -> lines.add(line(key, image(100, List.of(), List.of()))));
        lines.add(StateFile.last(51));
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertThat(run(to, "import", "bank", file.toString()))
                .as(terminal.err.toString())
                .isZero();
        while (account(atTo, 50).add(0) != 110 || account(atTo, 51).add(0) != 107) {
            Thread.yield();
        }
    }

    @Test
    void imageThatIsTooLarge_isRefused_andTheNodesGoOn() throws Exception {
        owner(to, "owner-2");
        for (int size : List.of((1 << 20) - 40, (1 << 20) - 1, 1 << 20, (1 << 20) + 1)) {
            Bytes large = Bytes.wrap(new byte[size]);
            hostile(
                    "line 2: ",
                    StateFile.first("bank", 1, "now"),
                    StateFile.one(new EntityName("Account", "1"), "", large),
                    StateFile.one(new EntityName("Account", "2"), "", large),
                    StateFile.one(new EntityName("Account", "3"), "", large),
                    StateFile.one(new EntityName("Account", "4"), "", large),
                    StateFile.last(4));
            assertThat(LongStream.rangeClosed(1, 4)
                            .map(key -> account(atTo, key).add(0))
                            .sum())
                    .isZero();
        }
        assertThat(run(to, "get", "bank", "Account", "1".repeat(600))).isNotZero();
        assertThat(terminal.err.toString()).contains("this cannot be asked").contains("600");
    }
}
