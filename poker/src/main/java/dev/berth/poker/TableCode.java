package dev.berth.poker;

import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Alarmed;
import dev.berth.node.entity.Attended;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Feed;
import dev.berth.node.entity.State;
import dev.berth.node.process.Timer;
import dev.berth.poker.rules.Deck;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.Said;
import dev.berth.poker.rules.Step;
import dev.berth.poker.rules.Table;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// The rules decide; what is here is where a table lives. Its timers are of the memory, since each action sets one: a
// durable alarm far off has its next owner load it, and then they run anew.

/** A table's entity. One thread: its own. */
final class TableCode implements OpenTable, Alarmed, Attended {
    /** Stands for all who hear it; no player has this number. */
    private static final long AUDIENCE = 1L << 40;

    private static final Duration FAR = Duration.ofHours(1);
    /** A table stays in memory longer than that by itself, and not as long as a turn may take. */
    private static final int MEMORY_MILLIS = 60_000;

    /** A feed keeps no more. */
    private static final int BACK_MAX = 256;

    private static final String LATE = "late";
    private static final String AWAKE = "awake";
    /** With the milliseconds behind it: of a table that ends when it is empty. */
    private static final String EMPTY = "empty ";

    private final Context<Long> me;
    private final State<FeltKept> felt;
    private final State<TableKept> kept;
    private final Feed feed;
    private @Nullable Timer timer;
    /** Nobody was there when it was looked last. */
    private boolean wasEmpty;

    TableCode(Context<Long> me) {
        this.me = me;
        this.felt = me.state("f", FeltKept.NONE);
        this.kept = me.state("t", TableKept.NONE);
        this.feed = me.feed(OpenTable.feed(me.key()));
        Table table = kept.get().table(felt.get());
        if (table != null) {
            table.wake().ifPresent(this::wakeIn);
        }
    }

    private Table table() {
        Table table = kept.get().table(felt.get());
        if (table == null) {
            me.stop();
            throw new Denied("there is no game " + me.key());
        }
        return table;
    }

    // ---- What its players do

    @Override
    public void open(Terms terms, @Nullable Deck deck) {
        if (kept.get().terms() == null) {
            Table table = Table.open(terms).table();
            felt.set(new FeltKept(table.felt()));
            kept.set(new TableKept(terms, table.watchers(), deck, 1, Map.of()));
            table.wake().ifPresent(wake -> {
                wakeIn(wake);
                wakeLate(wake);
            });
            me.at(me.now().plus(FAR), AWAKE);
            me.deliver(Catalog.class, Catalog.of(me.key())).opened(me.key(), terms);
        }
    }

    @Override
    public void lend(Terms terms, @Nullable Deck deck, int emptyMillis) {
        if (kept.get().terms() == null) {
            open(terms, deck);
            me.at(me.now().plusMillis(emptyMillis), EMPTY + emptyMillis);
        }
    }

    /** Ends when nobody is here for the second time; a new owner begins anew. */
    private void isItEmpty(int millis) {
        boolean isEmpty = feed.hearers() == 0 && table().view().seats().stream().noneMatch(TableView.Seat::isTaken);
        if (!isEmpty || !wasEmpty) {
            wasEmpty = isEmpty;
            me.at(me.now().plusMillis(millis), EMPTY + millis);
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        me.cancel(AWAKE);
        me.cancel(LATE);
        felt.set(FeltKept.NONE);
        kept.set(TableKept.NONE);
        me.deliver(Catalog.class, Catalog.of(me.key())).closed(me.key());
        me.stop();
    }

    @Override
    public Look look(long player) {
        Table table = table();
        TableView view = table.view();
        List<TableView.Seat> seats = view.seats().stream()
                .map(seat -> seat.player() == player && player != 0 ? seat : hidden(seat))
                .toList();
        return new Look(
                table.terms(),
                new TableView(view.hand(), view.pot(), view.button(), view.acting(), view.board(), seats),
                feed.last());
    }

    private static TableView.Seat hidden(TableView.Seat seat) {
        return new TableView.Seat(seat.number(), seat.player(), seat.state(), seat.stack(), seat.bet(), Bytes.EMPTY);
    }

    @Override
    public List<Hand> hands(long position) {
        TableView view = table().view();
        return position < kept.get().began()
                ? List.of()
                : view.seats().stream()
                        .filter(seat -> seat.isTaken() && seat.cards().length() > 0)
                        .map(seat -> new Hand(seat.player(), seat.cards()))
                        .toList();
    }

    @Override
    public long watch() {
        wasEmpty = false;
        table();
        return feed.last();
    }

    /** It may have fallen asleep after somebody watched it, and before he heard it. */
    @Override
    public void attended(String name) {
        if (kept.get().terms() != null && !hasAudience()) {
            play(new Event.Watch(AUDIENCE), Map.of());
        }
    }

    private boolean hasAudience() {
        return table().watchers().contains(AUDIENCE);
    }

    @Override
    public void sit(long player, long login, int seat, long buyIn) {
        wasEmpty = false;
        play(new Event.Join(player, seat, buyIn), Map.of(player, login));
    }

    @Override
    public Back back(long player, long login) {
        if (table().view().seatOf(player) != 0 && login > newest(player)) {
            TableKept now = kept.get();
            kept.set(new TableKept(now.terms(), now.watchers(), now.deck(), now.began(), with(player, login)));
        }
        return new Back(kept.get().began(), feed.last());
    }

    private long newest(long player) {
        return kept.get().logins().getOrDefault(player, 0L);
    }

    private Map<Long, Long> with(long player, long login) {
        Map<Long, Long> logins = new TreeMap<>(kept.get().logins());
        logins.put(player, login);
        return logins;
    }

    @Override
    public void happens(long login, Event.Seating event) {
        if (table().view().seatOf(event.player()) != 0 && login >= newest(event.player())) {
            play(event, Map.of());
        }
    }

    @Override
    public void acts(long login, Event.Act act) {
        table();
        if (login >= newest(act.player())) {
            play(act, Map.of());
        }
    }

    @Override
    public void chat(long login, long player, String text) {
        table();
        if (login >= newest(player)) {
            boolean sits = table().view().seatOf(player) != 0;
            List<Event> events = sits
                    ? List.of(new Event.Chat(player, text))
                    : List.of(new Event.Watch(player), new Event.Chat(player, text), new Event.Unwatch(player));
            play(events, Map.of());
        }
    }

    @Override
    public Past past(long from, int most) {
        table();
        Feed.Past past = feed.past(Math.max(from, kept.get().began()), most);
        return new Past(
                past.first(), past.messages().stream().map(Heard.class::cast).toList(), feed.last());
    }

    // ---- What sessions do

    @Override
    public Look joins(long user) {
        long last = watch();
        feed.join(user, (int) Math.min(last - kept.get().began() + 1, BACK_MAX));
        return look(0);
    }

    @Override
    public void parts(long user) {
        if (table().view().seatOf(user) == 0) {
            feed.leave(user);
        }
    }

    @Override
    public Own own(long player) {
        Table table = table();
        TableView view = table.view();
        int seat = view.seatOf(player);
        Output.BetAsked asked =
                table.asked().orElse(null) instanceof Output.BetAsked bet && bet.player() == player ? bet : null;
        boolean discards = table.asked().orElse(null) instanceof Output.DiscardAsked draw && draw.player() == player;
        return new Own(
                feed.last(), seat, seat == 0 ? Bytes.EMPTY : view.seat(seat).cards(), asked, discards);
    }

    @Override
    public void seats(long login, Event.Seating event) {
        Manners.requireSeat(table(), me.key(), event.player());
        requireNewest(login, event.player());
        play(event, Map.of());
    }

    @Override
    public void plays(long login, Event.Act act) {
        Manners.requireTurn(table(), me.key(), act);
        requireNewest(login, act.player());
        play(act, Map.of());
    }

    private void requireNewest(long login, long player) {
        if (login < newest(player)) {
            throw new Denied(Manners.ELSEWHERE);
        }
    }

    // ---- Time

    private void wakeIn(Output.Wake wake) {
        if (timer != null) {
            timer.cancel();
        }
        timer = me.after(Duration.ofMillis(wake.millis()), () -> timeOver(wake.number()));
    }

    /** The same, kept, if it takes so long that nobody may remember. */
    private void wakeLate(Output.Wake wake) {
        if (Math.max(table().terms().delayMillis(), table().terms().turnMillis()) > MEMORY_MILLIS) {
            me.at(me.now().plusMillis(wake.millis()), LATE);
        }
    }

    private void timeOver(long number) {
        List<Event> events = new ArrayList<>(2);
        if (hasAudience() && feed.hearers() == 0) {
            events.add(new Event.Unwatch(AUDIENCE));
        }
        Deck given = kept.get().deck();
        events.add(new Event.TimeOver(number, given == null ? Shuffle.deck() : given));
        play(events, Map.of());
    }

    /** What was set in memory runs since it was loaded, but for what takes longer than that. */
    @Override
    public void alarm(String name) {
        if (name.startsWith(EMPTY)) {
            isItEmpty(Integer.parseInt(name.substring(EMPTY.length())));
        } else if (name.equals(LATE)) {
            table().wake().ifPresent(wake -> timeOver(wake.number()));
        } else {
            me.at(me.now().plus(FAR), AWAKE);
        }
    }

    // ---- What comes of it

    private void play(Event event, Map<Long, Long> sits) {
        play(List.of(event), sits);
    }

    private void play(List<Event> events, Map<Long, Long> sits) {
        TableKept before = kept.get();
        Table began = table();
        Table after = began;
        Telling telling = new Telling();
        for (Event event : events) {
            Step step = after.after(event);
            after = step.table();
            telling.all(step.outputs());
        }
        telling.tell();
        Map<Long, Long> logins = before.logins();
        if (!sits.isEmpty() || !telling.left.isEmpty()) {
            TreeMap<Long, Long> now = new TreeMap<>(logins);
            now.putAll(sits);
            TableView view = after.view();
            now.keySet().removeIf(player -> view.seatOf(player) == 0);
            logins = now;
        }
        if (!after.felt().equals(began.felt())) {
            felt.set(new FeltKept(after.felt()));
        }
        TableKept then = new TableKept(
                before.terms(),
                after.watchers(),
                before.deck(),
                telling.began == 0 ? before.began() : telling.began,
                logins);
        if (!then.equals(before)) {
            kept.set(then);
        }
        wakes(began, after);
        if (telling.isOfSeats) {
            long taken = after.view().seats().stream()
                    .filter(TableView.Seat::isTaken)
                    .count();
            me.agent(Catalog.class, Catalog.of(me.key())).taken(me.key(), (int) taken);
        }
    }

    /** Somebody loads it for as long as it has something to do. */
    private void wakes(Table before, Table after) {
        if (before.wake().isEmpty() && after.wake().isPresent()) {
            me.at(me.now().plus(FAR), AWAKE);
        } else if (before.wake().isPresent() && after.wake().isEmpty()) {
            me.cancel(AWAKE);
        }
    }

    /** What steps say: one item of the feed, or two if a hand begins in between. */
    private final class Telling {
        private final List<Said> lines = new ArrayList<>();
        private int seq;
        private final List<Long> left = new ArrayList<>();
        private Output.@Nullable BetAsked asked;
        private boolean isOfSeats;
        /** The position at which a hand has begun; 0 if none has. */
        private long began;

        void all(List<Output> outputs) {
            outputs.forEach(this::one);
        }

        private void one(Output output) {
            switch (output) {
                case Output.HandBegins _ -> {
                    tell();
                    began = feed.last() + 1;
                }
                case Output.Broadcast(int number, Said said, List<Long> _) -> {
                    if (lines.isEmpty()) {
                        seq = number;
                    }
                    lines.add(said);
                    isOfSeats |= said instanceof Said.Joined || said instanceof Said.Left;
                }
                case Output.Dealt _, Output.DiscardAsked _ -> {
                    // Whose it is sees it at the table.
                }
                case Output.BetAsked bet -> asked = bet;
                case Output.Wake wake -> {
                    wakeIn(wake);
                    wakeLate(wake);
                }
                case Output.Left(long player, long cents) -> {
                    left.add(player);
                    me.deliver(Player.class, player).cash(me.key(), cents);
                }
                case Output.Refused(long player, long cents) ->
                    me.deliver(Player.class, player).cash(me.key(), cents);
            }
        }

        void tell() {
            if (!lines.isEmpty() || asked != null) {
                feed.tell(new Heard(Lines.write(new Lines.Told(seq, lines, asked))));
                lines.clear();
                asked = null;
            }
        }
    }
}
