package dev.berth.core.session;

import dev.berth.core.session.ClientMessage.ToClient;

/** What happens to a client. Those of an earlier connection are ignored. Any thread. */
public sealed interface ClientEvent {
    record Start() implements ClientEvent {}

    record Connected(long connection) implements ClientEvent {}

    /** It could not be made, is gone, or brought what cannot be read. */
    record Broken(long connection, String text) implements ClientEvent {}

    record Heard(long connection, ToClient message) implements ClientEvent {}

    /** The application says something. */
    record Say(String type, dev.berth.core.wire.Bytes body) implements ClientEvent {}

    /** The application has had enough. */
    record Stop() implements ClientEvent {}
}
