package dev.berth.client;

import static dev.berth.client.Script.feed;
import static dev.berth.client.Script.item;
import static dev.berth.client.Script.page;

import dev.berth.core.session.ClientMessage.Ack;
import dev.berth.core.session.ClientMessage.Answer;
import dev.berth.core.session.ClientMessage.Bodies;
import dev.berth.core.session.ClientMessage.Enter;
import dev.berth.core.session.ClientMessage.FeedsAre;
import dev.berth.core.session.ClientMessage.Found;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Hello;
import dev.berth.core.session.ClientMessage.Login;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.Page;
import dev.berth.core.session.ClientMessage.Ping;
import dev.berth.core.session.ClientMessage.Pong;
import dev.berth.core.session.ClientMessage.Read;
import dev.berth.core.session.ClientMessage.Resume;
import dev.berth.core.session.ClientMessage.Say;
import dev.berth.core.session.ClientMessage.Told;
import dev.berth.core.session.ClientMessage.Unread;
import dev.berth.core.session.ClientMessage.Welcome;
import dev.berth.core.session.Feeds;
import dev.berth.core.wire.Bytes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What every client has to get right, one conversation for each thing. */
final class Conversations {
    private static final Feeds.Heard MINE = feed(0, "", 1, 0);

    private Conversations() {}

    static Map<String, String> all() {
        Map<String, Script> all = new TreeMap<>();
        all.put("saying", saying());
        all.put("resuming", resuming());
        all.put("too-much", tooMuch());
        all.put("gap", gap());
        all.put("feeds", feeds());
        all.put("acknowledging", acknowledging());
        all.put("ping", ping());
        all.put("silent", silent());
        all.put("replaced", new Script().logsIn(MINE).gone("REPLACED", true).line("nobody"));
        all.put("denied", denied());
        all.put("code-of-tomorrow", codeOfTomorrow());
        all.put("field-of-tomorrow", fieldOfTomorrow());
        all.put("visiting", visiting());
        all.put("garbage", garbage());
        all.put("handoff", handoff());
        all.put("out-of-turn", outOfTurn());
        Map<String, String> texts = new TreeMap<>();
        all.forEach((name, script) -> texts.put(name, script.toString()));
        return texts;
    }

    private static Say say(long seq, long first, long heard, String type, String body) {
        return new Say(seq, first, heard, type, Bytes.utf8(body));
    }

    private static Answer done(long seq, String body) {
        return new Answer(seq, new Outcome.Done("Said", Bytes.utf8(body)));
    }

    private static String doneLine(long seq, String body) {
        return "answer " + seq + " DONE Said " + Script.hex(body);
    }

    private static Feeds of(long version, Feeds.Heard... heard) {
        return new Feeds(version, List.of(heard));
    }

    private static Script saying() {
        return new Script()
                .logsIn(MINE)
                .say("Say", "hello")
                .says(say(1, 1, 0, "Say", "hello"))
                .say("Shout", "é")
                .says(say(2, 1, 0, "Shout", "é"))
                .gate(done(1, "hello"))
                .heard(doneLine(1, "hello"))
                .note("answers have come up to 1, and position 1 of feed 0")
                .gate(new Told(0, 1, item("line 1")))
                .told("-", 1, "line 1")
                .say("Say", "more")
                .says(say(3, 2, 1, "Say", "more"))
                .gate(new Answer(2, new Outcome.Failed("Rude", "not here")))
                .heard("answer 2 FAILED Rude")
                .note("an answer that is there is ignored; an empty one is one")
                .gate(done(1, "hello"))
                .gate(new Answer(3, new Outcome.Done("Nothing", Bytes.EMPTY)))
                .heard("answer 3 DONE Nothing -")
                .logsOut();
    }

    private static Script resuming() {
        return new Script()
                .note("said before there is a connection: it waits")
                .say("Say", "early")
                .logsIn(MINE)
                .says(say(1, 1, 0, "Say", "early"))
                .gate(done(1, "early"))
                .heard(doneLine(1, "early"))
                .say("Say", "two")
                .says(say(2, 2, 0, "Say", "two"))
                .say("Say", "three")
                .says(say(3, 2, 0, "Say", "three"))
                .breaks()
                .note("all without an answer again, with the same numbers, then what was missed; the answer to 1 is"
                        + " not wanted")
                .resumes(0, of(0, feed(0, "", 1, 2)))
                .says(say(2, 2, 0, "Say", "two"))
                .says(say(3, 2, 0, "Say", "three"))
                .says(new Read(0, 1))
                .gate(done(2, "two"))
                .heard(doneLine(2, "two"))
                .gate(new Page(0, page(1, 2, 2)))
                .told("-", 1, "line 1")
                .told("-", 2, "line 2")
                .breaks()
                .note("a connection that ends before WELCOME changes nothing")
                .opens()
                .says(new Resume("ada", Script.TOKEN, 2))
                .breaks()
                .resumes(2, of(0, feed(0, "", 3, 2)))
                .says(say(3, 3, 2, "Say", "three"))
                .gate(done(3, "three"))
                .heard(doneLine(3, "three"))
                .logsOut();
    }

    private static Script tooMuch() {
        Script script = new Script().logsIn(MINE);
        for (int i = 1; i <= 32; i++) {
            script.say("Say", "n" + i).says(say(i, 1, 0, "Say", "n" + i));
        }
        script.note("the 33rd is not taken, and has no number")
                .say("Say", "n33")
                .heard("answer 33 FULL -")
                .gate(done(1, "n1"))
                .heard(doneLine(1, "n1"))
                .say("Say", "n34")
                .says(say(33, 2, 0, "Say", "n34"))
                .note("the session ends: nobody knows of these")
                .gate(new Gone("LOGGED_OUT", "for people", 0, true));
        for (int i = 2; i <= 34; i++) {
            if (i != 33) {
                script.heard("answer " + i + " UNKNOWN -");
            }
        }
        return script.heard("ended LOGGED_OUT")
                .line("closes")
                .say("Say", "late")
                .heard("answer 35 OVER -");
    }

    private static Script handoff() {
        Feeds feeds = new Feeds(0, List.of(MINE));
        return new Script()
                .note("a gateway: it has found a server, at which the client logs in")
                .arrives("")
                .hands()
                .line("closes")
                .opens(" there")
                .enters(MINE)
                .note("the server is gone: back to the list, with the session that there is")
                .breaks()
                .arrives("")
                .hands()
                .line("closes")
                .opens(" there")
                .resumesThere(0, feeds)
                .note("only a gate of the list sends it on")
                .hands()
                .heard("offline")
                .line("closes")
                .arrives("")
                .note("that is no address, so it is as if there were none")
                .gate(new Gone("HANDOFF", "", 0, false, "nowhere"))
                .heard("offline")
                .line("closes")
                .resumes(0, feeds)
                .logsOut();
    }

    private static Script gap() {
        return new Script()
                .logsIn(MINE)
                .gate(new Told(0, 1, item("line 1")))
                .told("-", 1, "line 1")
                .note("2 is missing: 3 is dropped, and both are read")
                .gate(new Told(0, 3, item("line 3")))
                .says(new Read(0, 2))
                .note("one READ at a time")
                .gate(new Told(0, 4, item("line 4")))
                .gate(new Page(0, page(2, 3, 4)))
                .told("-", 2, "line 2")
                .told("-", 3, "line 3")
                .says(new Read(0, 4))
                .gate(new Unread(0, 10))
                .says(new Read(0, 4))
                .gate(new Page(0, page(4, 4, 4)))
                .told("-", 4, "line 4")
                .note("repetitions are dropped")
                .gate(new Told(0, 3, item("line 3")))
                .gate(new Told(0, 4, item("line 4")))
                .gate(new Told(0, 5, item("line 5")))
                .told("-", 5, "line 5")
                .note("history is bounded")
                .gate(new Told(0, 300, item("line 300")))
                .says(new Read(0, 6))
                .gate(new Page(0, page(299, 300, 300)))
                .heard("lost - 6 298")
                .told("-", 299, "line 299")
                .told("-", 300, "line 300")
                .says(new Ack(300))
                .logsOut();
    }

    private static Script feeds() {
        return new Script()
                .logsIn(MINE)
                .note("-1: nobody has asked, so it must be read; position 3 is where she begins")
                .gate(new FeedsAre(of(2, MINE, feed(1, "room", 3, -1))))
                .says(new Read(1, 3))
                .gate(new Page(1, page(3, 3, 3)))
                .told("room", 3, "line 3")
                .note("an older list is late")
                .gate(new FeedsAre(of(1, MINE)))
                .gate(new Told(1, 4, item("line 4")))
                .told("room", 4, "line 4")
                .note("the same list again, because something may have been missed; nothing was")
                .gate(new FeedsAre(of(2, MINE, feed(1, "room", 3, -1))))
                .says(new Read(1, 5))
                .gate(new Page(1, page(5, 4, 4)))
                .note("a doubt while a READ is under way: the page may be from before it, so she reads again")
                .gate(new FeedsAre(of(2, MINE, feed(1, "room", 3, -1))))
                .says(new Read(1, 5))
                .gate(new FeedsAre(of(2, MINE, feed(1, "room", 3, -1))))
                .gate(new Page(1, page(5, 4, 4)))
                .says(new Read(1, 5))
                .gate(new Page(1, page(5, 5, 5)))
                .told("room", 5, "line 5")
                .note("she left the room: what it tells is nothing to her")
                .gate(new FeedsAre(of(3, MINE)))
                .gate(new Told(1, 6, item("line 6")))
                .gate(new FeedsAre(of(4, MINE, feed(2, "hall", 7, 6))))
                .gate(new Told(2, 7, item("line 7")))
                .told("hall", 7, "line 7")
                .breaks()
                .resumes(0, of(4, MINE, feed(2, "hall", 7, -1)))
                .says(new Read(2, 8))
                .gate(new Page(2, page(8, 7, 7)))
                .logsOut();
    }

    private static Script acknowledging() {
        Script script = new Script().logsIn(MINE);
        for (int i = 1; i <= 32; i++) {
            script.gate(new Told(0, i, item("line " + i))).told("-", i, "line " + i);
        }
        return script.says(new Ack(32)).logsOut();
    }

    private static Script ping() {
        return new Script()
                .note("for this one a client pings after 1 s instead of 5 s; a gate that asks long is one that lives")
                .opens()
                .says(new Login("Ada", Bytes.utf8("sesame"), ""))
                .says(new Ping())
                .gate(new Pong())
                .gate(new Found(false))
                .says(new Enter())
                .gate(new Welcome("ada", Script.TOKEN, 1, of(0, MINE)))
                .heard("online ada")
                .says(new Ping())
                .gate(new Pong())
                .says(new Ping())
                .gate(new Pong())
                .line("breaks")
                .heard("offline");
    }

    private static Script silent() {
        return new Script()
                .note("for this one a client waits 2 s for the first word, pings after 1 s, and goes 500 ms later")
                .arrives("")
                .heard("offline")
                .line("closes")
                .note("the gate stops while it asks")
                .opens()
                .says(new Login("Ada", Bytes.utf8("sesame"), ""))
                .says(new Ping())
                .heard("offline")
                .line("closes")
                .note("and when the client is in")
                .logsIn(MINE)
                .says(new Ping())
                .heard("offline")
                .line("closes")
                .resumes(0, of(0, MINE))
                .logsOut();
    }

    private static Script visiting() {
        return new Script()
                .note("for this one the client does not log in; it connects when it has something to say")
                .say("Look", "door")
                .opens()
                .heard("online -")
                .says(say(1, 1, 0, "Look", "door"))
                .gate(done(1, "shut"))
                .heard(doneLine(1, "shut"))
                .say("Look", "wall")
                .says(say(2, 2, 0, "Look", "wall"))
                .say("Take", "gold")
                .says(say(3, 2, 0, "Take", "gold"))
                .breaks()
                .note("what has no answer is said again")
                .opens()
                .heard("online -")
                .says(say(2, 2, 0, "Look", "wall"))
                .says(say(3, 2, 0, "Take", "gold"))
                .gate(done(2, "white"))
                .heard(doneLine(2, "white"))
                .gate(new Answer(3, new Outcome.Failed("NotLoggedIn", "log in first")))
                .heard("answer 3 FAILED NotLoggedIn")
                .note("the gate does not wait for ever; without anything to say the client does not come again")
                .gone("LOGIN_TIMEOUT", false)
                .line("nobody")
                .say("Look", "door")
                .opens()
                .heard("online -")
                .says(say(4, 4, 0, "Look", "door"))
                .line("stop")
                .heard("answer 4 UNKNOWN -")
                .heard("ended LOGGED_OUT")
                .line("closes");
    }

    private static Script denied() {
        return new Script()
                .opens()
                .says(new Login("Ada", Bytes.utf8("sesame"), ""))
                .gone("DENIED", true)
                .line("nobody");
    }

    private static Script codeOfTomorrow() {
        return new Script()
                .opens()
                .says(new Login("Ada", Bytes.utf8("sesame"), ""))
                .note("not the last: she comes again, and has no token yet")
                .gone("FULL_MOON", false)
                .logsIn(MINE)
                .gone("NEW_MOON", false)
                .resumes(0, of(0, MINE))
                .gone("NO_MOON", true)
                .line("nobody");
    }

    private static Script fieldOfTomorrow() {
        Script script = new Script().opens().says(new Login("Ada", Bytes.utf8("sesame"), ""));
        String found = script.hex(new Found(false)).replace("0000000cbe", "00000017be");
        return script.gate(found + "9003c801" + "9a03046d6f6f6e", "Found, with fields 50 and 51 that nobody knows yet")
                .says(new Enter())
                .gate(new Welcome("ada", Script.TOKEN, 1, of(0, MINE)))
                .heard("online ada")
                .logsOut();
    }

    private static Script garbage() {
        return new Script()
                .logsIn(MINE)
                .gate(Script.hex("HTTP/1.1 400 Bad Request\r\n\r\n"), "not 0xBE")
                .heard("offline")
                .line("closes")
                .resumes(0, of(0, MINE))
                .gate("00010001be0101480000000000000000", "longer than 65,536")
                .heard("offline")
                .line("closes")
                .resumes(0, of(0, MINE))
                .gate("0000000cbe0103e70000000000000000", "frame type 999")
                .heard("offline")
                .line("closes")
                .resumes(0, of(0, MINE))
                .gate("0000000cbe0101480000000000000007", "of a cluster")
                .heard("offline")
                .line("closes")
                .resumes(0, of(0, MINE))
                .gate("0000000ebe01014300000000000000001a7f", "TOLD, cut off within")
                .heard("offline")
                .line("closes")
                .resumes(0, of(0, MINE))
                .logsOut();
    }

    private static Script outOfTurn() {
        return new Script()
                .line("opens")
                .says(new Hello(1, 1, Bodies.RECORDS))
                .gate(new Found(false))
                .heard("offline")
                .line("closes")
                .logsIn(MINE)
                .say("Say", "one")
                .says(say(1, 1, 0, "Say", "one"))
                .say("Say", "two")
                .says(say(2, 1, 0, "Say", "two"))
                .note("answer 1 is missing")
                .gate(done(2, "two"))
                .heard("offline")
                .line("closes")
                .resumes(0, of(0, MINE))
                .says(say(1, 1, 0, "Say", "one"))
                .says(say(2, 1, 0, "Say", "two"))
                .gate(done(1, "one"))
                .heard(doneLine(1, "one"))
                .gate(done(2, "two"))
                .heard(doneLine(2, "two"))
                .logsOut();
    }
}
