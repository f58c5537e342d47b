package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.List;

/** What clients and gates say to each other; docs/client-protocol.md has the rules. Any thread. */
public sealed interface ClientMessage {
    /** From a client to a gate. */
    sealed interface ToGate extends ClientMessage {}

    /** From a gate to a client. */
    sealed interface ToClient extends ClientMessage {}

    /** How the bodies of an application's messages are written. */
    enum Bodies {
        /** As docs/records.md has them. */
        @Code(1)
        RECORDS,
        @Code(2)
        JSON
    }

    /** The first frame of a client. */
    @Code(300)
    record Hello(
            @Field(1) int minVersion,
            @Field(2) int maxVersion,
            @Field(3) Bodies bodies) implements ToGate {}

    /** Asks to begin a session; answered by FOUND. */
    @Code(301)
    record Login(
            @Field(value = 1, max = SessionLimits.NAME_MAX) String name,

            @Field(value = 2, max = SessionLimits.SECRET_MAX)
            Bytes secret,

            @Field(value = 3, max = SessionLimits.NAME_MAX) String device)
            implements ToGate {}

    /**
     * Goes on with a session, at whatever gate.
     *
     * @param heard the cursor of the personal feed: all up to it has arrived
     */
    @Code(302)
    record Resume(
            @Field(value = 1, max = SessionLimits.NAME_MAX) String uid,
            @Field(value = 2, max = SessionLimits.TOKEN_MAX) Bytes token,
            @Field(3) long heard)
            implements ToGate {}

    /**
     * Something to be done once, after all that was said before it.
     *
     * @param seq counts from 1 within a session
     * @param first the lowest seq without an answer: no answer below it is needed any more
     * @param heard as in RESUME
     */
    @Code(303)
    record Say(
            @Field(1) long seq,
            @Field(2) long first,
            @Field(3) long heard,
            @Field(value = 4, max = SessionLimits.NAME_MAX) String type,
            @Field(value = 5, max = SessionLimits.BODY_MAX) Bytes body)
            implements ToGate {}

    /** The cursor of the personal feed, from a client that has nothing to say. */
    @Code(304)
    record Ack(@Field(1) long heard) implements ToGate {}

    /** Asks for what a feed has from a position on; answered by PAGE or UNREAD. One at a time for each feed. */
    @Code(305)
    record Read(@Field(1) int feed, @Field(2) long from) implements ToGate {}

    /**
     * The answer to FOUND: begin the session; one that the user had is over. A gate that does not know yet that its client has gone
     * elsewhere never hears it, so it cannot take the user away from there.
     */
    @Code(308)
    record Enter() implements ToGate {}

    @Code(306)
    record Ping() implements ToGate {}

    /** Ends the session, not only the connection. */
    @Code(307)
    record Bye() implements ToGate {}

    /**
     * The answer to HELLO.
     *
     * @param version that both speak from now on
     * @param idleMillis a client that says nothing for so long is gone
     */
    @Code(320)
    record Greeting(@Field(1) int version, @Field(2) int idleMillis) implements ToClient {}

    /**
     * Name and secret are right.
     *
     * @param elsewhere whether the user has a connection, which ENTER would end
     */
    @Code(329)
    record Found(@Field(1) boolean elsewhere) implements ToClient {}

    /**
     * The client is in.
     *
     * @param token with which the session is resumed
     * @param epoch counts the logins and resumes of this user
     */
    @Code(321)
    record Welcome(
            @Field(value = 1, max = SessionLimits.NAME_MAX) String uid,
            @Field(value = 2, max = SessionLimits.TOKEN_MAX) Bytes token,
            @Field(3) long epoch,
            @Field(4) Feeds feeds)
            implements ToClient {}

    /** What became of a SAY; in their order. It may come a second time after a RESUME. */
    @Code(322)
    record Answer(@Field(1) long seq, @Field(2) Outcome outcome) implements ToClient {}

    /** How a SAY ended. */
    sealed interface Outcome {
        /** As JSON it may be longer than a session takes. */
        @Code(1)
        record Done(
                @Field(value = 1, max = SessionLimits.NAME_MAX)
                String type,

                @Field(value = 2, max = SessionLimits.ITEM_MAX)
                Bytes body)
                implements Outcome {
            public Done {
                Bounds.name("the type of an answer", type);
                Bounds.bytes("an answer", body, SessionLimits.ITEM_MAX);
            }
        }

        /** The application's "no"; nothing has changed. */
        @Code(2)
        record Failed(
                @Field(value = 1, max = SessionLimits.NAME_MAX)
                String kind,

                @Field(value = 2, max = SessionLimits.TEXT_MAX)
                String text)
                implements Outcome {
            public Failed {
                kind = Prose.upTo(SessionLimits.NAME_MAX, kind);
                text = Prose.upTo(SessionLimits.TEXT_MAX, text);
            }
        }
    }

    /** An item, at most once. */
    @Code(323)
    record Told(
            @Field(1) int feed,
            @Field(2) long position,
            @Field(3) FeedItem item) implements ToClient {}

    @Code(324)
    record Page(@Field(1) int feed, @Field(2) FeedPage page) implements ToClient {}

    /** The feed cannot be read now. */
    @Code(325)
    record Unread(@Field(1) int feed, @Field(2) int retryMillis) implements ToClient {}

    /** The feeds have changed, or something that they told may have been missed. */
    @Code(326)
    record FeedsAre(@Field(1) Feeds feeds) implements ToClient {}

    /**
     * The last frame of a connection.
     *
     * @param code a constant of {@link End}, or one that is younger than the client
     * @param retryMillis the client comes back no sooner
     * @param last whether it must not come back by itself
     * @param to HOST:PORT to connect to next, at once, in the way of this gate; empty for the next gate of the list
     */
    @Code(327)
    record Gone(
            @Field(value = 1, max = 40) String code,
            @Field(value = 2, max = SessionLimits.TEXT_MAX) String text,
            @Field(3) int retryMillis,
            @Field(4) boolean last,

            @Field(value = 5, max = SessionLimits.ADDRESS_MAX)
            String to)
            implements ToClient {
        public Gone {
            text = Prose.upTo(SessionLimits.TEXT_MAX, text);
        }

        public Gone(String code, String text, int retryMillis, boolean last) {
            this(code, text, retryMillis, last, "");
        }
    }

    @Code(328)
    record Pong() implements ToClient {}

    /** All types, for what lists them. */
    static List<Class<? extends ClientMessage>> sides() {
        return List.of(ToGate.class, ToClient.class);
    }
}
