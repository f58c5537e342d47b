package dev.berth.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.record.RecordBook;
import dev.berth.core.session.ClientMessage.Answer;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.Page;
import dev.berth.core.session.ClientMessage.Pong;
import dev.berth.core.session.ClientMessage.Say;
import dev.berth.core.session.ClientMessage.Told;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a JSON client says is a record, and what it hears is JSON; what is neither keeps its number and its place, and says why. */
class JsonBodiesTest {
    record Buy(String item, int price) {}

    record Steps(List<Step> all) {}

    record Step(int northward, int eastward) {}

    private static final RecordBook BOOK =
            RecordBook.named("hello").with(Buy.class, Steps.class).build();

    private final JsonBodies json = new JsonBodies(BOOK);

    private static Say say(String type, String body) {
        return new Say(7, 6, 5, type, Bytes.utf8(body));
    }

    private static FeedItem steps(int count) {
        return new FeedItem("hello/Steps", BOOK.write(new Steps(Collections.nCopies(count, new Step(1, 2)))));
    }

    @Test
    void say_isARecord_orSaysWhyNot() throws Exception {
        Say heard = (Say) json.heard(say("hello/Buy", "{\"item\":\"bow\",\"price\":30}"));
        assertThat(heard).isEqualTo(new Say(7, 6, 5, "hello/Buy", BOOK.write(new Buy("bow", 30))));

        Say wrong = (Say) json.heard(say("hello/Buy", "{\"item\":\"bow\",\"price\":true}"));
        assertThat(wrong)
                .isEqualTo(say("berth/Unreadable", "hello/Buy.price: a whole number is wanted here, got true"));
        assertThat(((Say) json.heard(say("hello/Buy", "{"))).body().utf8()).contains("this is no JSON");
        assertThat(json.heard(say("hello/Sell", "{}"))).isEqualTo(say("hello/Sell", "{}"));

        String many = String.join(",", Collections.nCopies(1_300, "{}"));
        assertThat(((Say) json.heard(say("hello/Steps", "{\"all\":[" + many + "]}")))
                        .body()
                        .utf8())
                .contains("bytes as a record, at most 4096");
    }

    @Test
    void answersAndItems_areJson() {
        Bytes body = BOOK.write(new Buy("bow", 30));
        Bytes text = Bytes.utf8("{\"item\":\"bow\",\"price\":30}");
        assertThat(json.said(new Answer(7, new Outcome.Done("hello/Buy", body))))
                .isEqualTo(new Answer(7, new Outcome.Done("hello/Buy", text)));
        assertThat(json.said(new Answer(7, new Outcome.Done("", Bytes.EMPTY))))
                .isEqualTo(new Answer(7, new Outcome.Done("", Bytes.utf8("null"))));
        assertThat(json.said(new Told(1, 2, new FeedItem("hello/Buy", body))))
                .isEqualTo(new Told(1, 2, new FeedItem("hello/Buy", text)));
        assertThat(json.said(new Answer(7, new Outcome.Failed("Denied", "no"))))
                .isEqualTo(new Answer(7, new Outcome.Failed("Denied", "no")));
        assertThat(json.said(new Pong())).isEqualTo(new Pong());
    }

    @Test
    void whatDoesNotFit_orIsUnknown_isToldAsThat() {
        FeedItem large = steps(800);
        assertThat(large.body().length()).isLessThan(SessionLimits.ITEM_MAX);
        Told told = (Told) json.said(new Told(1, 2, large));
        assertThat(told.item().type()).isEqualTo("berth/NoJson");
        assertThat(told.item().body().utf8())
                .startsWith("{\"type\":\"hello/Steps\",\"why\":\"")
                .contains("bytes as JSON, at most 16384");
        Told younger = (Told) json.said(new Told(1, 2, new FeedItem("hello/New", Bytes.utf8("?"))));
        assertThat(younger.item().body().utf8()).startsWith("{\"type\":\"hello/New\",\"why\":\"");
    }

    @Test
    void pageThatGrowsTooLong_isItsBeginning_andReadOn() {
        List<FeedItem> items = Collections.nCopies(40, steps(100));
        List<FeedItem> heard = new ArrayList<>();
        int pages = 0;
        while (heard.size() < items.size()) {
            FeedPage rest = new FeedPage(heard.size() + 1, items.subList(heard.size(), items.size()), items.size());
            FeedPage page = ((Page) json.said(new Page(3, rest))).page();
            assertThat(page.first()).isEqualTo(rest.first());
            assertThat(page.last()).isEqualTo(40);
            assertThat(page.items().stream()
                            .mapToInt(each -> each.body().length())
                            .sum())
                    .isBetween(1, SessionLimits.PAGE_BYTES_MAX);
            heard.addAll(page.items());
            pages++;
        }
        assertThat(heard).hasSize(40).allMatch(each -> each.type().equals("hello/Steps"));
        assertThat(pages).isGreaterThan(1);
    }
}
