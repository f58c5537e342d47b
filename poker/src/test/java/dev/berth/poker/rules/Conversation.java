package dev.berth.poker.rules;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

// What was put in stands behind a >, what came of it below: who hears it, its number, what it is. A file has both, is
// played, and must come out as it was.

/** A table whose events are text and whose outputs become text. One thread. */
final class Conversation {
    private final StringBuilder text = new StringBuilder();
    private Deck deck = Deck.startingWith("");
    private Table table = new Table(terms(List.of("texas_fixed")), Felt.empty(2), List.of());

    /** The text as it comes out. */
    static String played(String script) {
        Conversation conversation = new Conversation();
        script.lines().filter(line -> !line.startsWith("    ")).forEach(conversation::line);
        return conversation.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
        if (line.startsWith("> ")) {
            List<String> words = List.of(line.substring(2).split(" +"));
            switch (words.getFirst()) {
                case "table" -> show(Table.open(terms(words.subList(1, words.size()))));
                case "deck" -> deck = Deck.startingWith(line.substring(line.indexOf("deck") + 4));
                case "asked" -> table.asked().ifPresent(this::show);
                case "wake" -> table.wake().ifPresent(this::show);
                case "view" -> show(table.view());
                default -> show(table.after(event(words)));
            }
        }
    }

    /** {@code texas_fixed type 2 seats 2 low 10.00 high 20.00 required 2}, of which all but the game may be missing. */
    private static Terms terms(List<String> words) {
        return new Terms(
                Game.valueOf(words.getFirst().toUpperCase(Locale.ROOT)),
                (int) named(words, "type", 2),
                (int) named(words, "seats", 2),
                named(words, "low", 1_000),
                named(words, "high", 2_000),
                1_000,
                15_000,
                (int) named(words, "required", 2));
    }

    private static long named(List<String> words, String name, long otherwise) {
        int at = words.indexOf(name);
        return at < 0
                ? otherwise
                : name.endsWith("w") || name.endsWith("gh") ? cents(words, at + 1) : number(words, at + 1);
    }

    private Event event(List<String> words) {
        long who = words.size() > 1 ? number(words, 1) : 0;
        return switch (words.getFirst()) {
            case "join" -> new Event.Join(who, (int) number(words, 3), cents(words, 4));
            case "leave" -> new Event.Leave(who);
            case "sit-out" -> new Event.SitOut(who);
            case "come-back" -> new Event.ComeBack(who);
            case "call" -> new Event.Call(who, cents(words, 2));
            case "raise" -> new Event.Raise(who, cents(words, 2));
            case "fold" -> new Event.Fold(who);
            case "discard" -> new Event.Discard(who, bits(words.subList(2, words.size())));
            case "chat" -> new Event.Chat(who, String.join(" ", words.subList(2, words.size())));
            case "watch" -> new Event.Watch(who);
            case "unwatch" -> new Event.Unwatch(who);
            case "time" ->
                new Event.TimeOver(
                        words.size() > 1 ? who : table.wake().orElseThrow().number(), deck);
            default -> throw new IllegalArgumentException("no event is called " + words);
        };
    }

    private static int bits(List<String> places) {
        return places.stream().mapToInt(place -> 1 << Integer.parseInt(place)).sum();
    }

    private static long number(List<String> words, int at) {
        return Long.parseLong(words.get(at));
    }

    private static long cents(List<String> words, int at) {
        return new BigDecimal(words.get(at)).movePointRight(2).longValueExact();
    }

    private void show(Step step) {
        step.outputs().forEach(this::show);
        table = step.table();
    }

    private void show(Output output) {
        text.append("    ").append(text(output)).append('\n');
    }

    private void show(TableView view) {
        text.append("    hand %d pot %s button %d acting %d chips %s\n"
                .formatted(view.hand(), money(view.pot()), view.button(), view.acting(), money(table.chips())));
        for (TableView.Seat seat : view.seats()) {
            text.append("    seat %d player %d state %d stack %s bet %s\n"
                    .formatted(seat.number(), seat.player(), seat.state(), money(seat.stack()), money(seat.bet())));
        }
    }

    static String text(Output output) {
        return switch (output) {
            case Output.HandBegins(long hand) -> "hand " + hand;
            case Output.Broadcast(int seq, Said said, var to) -> names(to) + " < " + seq + " " + text(said);
            case Output.Dealt(long player, int seat, byte card, int place, int seq) ->
                player + " < " + seq + " card " + place + " at seat " + seat + " is " + Card.text(card);
            case Output.BetAsked(long player, int seat, long call, long min, long max) ->
                player + " < at seat " + seat + " call " + money(call) + " raise " + money(min) + " to " + money(max);
            case Output.DiscardAsked(long player, int seat) -> player + " < at seat " + seat + " discard";
            case Output.Wake(long number, int millis) -> "wake " + number + " after " + millis;
            case Output.Left(long player, long cents) -> "to the balance of " + player + ": " + money(cents);
            case Output.Refused(long player, long cents) ->
                "refused, to the balance of " + player + ": " + money(cents);
        };
    }

    private static String names(List<Long> players) {
        return players.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static String text(Said said) {
        return switch (said) {
            case Said.Chat(long player, String line) -> "chat " + player + ": " + line;
            case Said.Started() -> "start";
            case Said.Cancelled() -> "cancel";
            case Said.Ended() -> "end";
            case Said.Joined(long player, int seat) -> "join " + player + " at seat " + seat;
            case Said.Left(long player, int seat) -> "leave " + player + " from seat " + seat;
            case Said.Button(int seat) -> "button " + seat;
            case Said.SmallBlind(int seat) -> "small blind " + seat;
            case Said.BigBlind(int seat) -> "big blind " + seat;
            case Said.Bet(long player, int seat, long amount) -> "bet " + player + " " + money(amount);
            case Said.Called(long player, int seat, long amount) -> "call " + player + " " + money(amount);
            case Said.Raised(long player, int seat, long amount) -> "raise " + player + " " + money(amount);
            case Said.State(long player, int seat, int state) -> "state " + player + " " + state;
            case Said.Private(long player, int seat) -> "private " + player;
            case Said.Shared(byte card) -> "shared " + Card.text(card);
            case Said.Stage(int stage) -> "stage " + stage;
            case Said.Discarded(long player, int seat, int count) -> "discard " + player + " " + count;
            case Said.Won(long player, int seat, long amount) -> "win " + player + " " + money(amount);
        };
    }

    private static String money(long cents) {
        return BigDecimal.valueOf(cents, 2).toPlainString();
    }
}
