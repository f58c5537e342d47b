package dev.berth.node.session;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;
import java.net.InetSocketAddress;

/**
 * What a client says to be let in. Immutable; any thread.
 *
 * @param name of the user, at most 120 bytes
 * @param secret a password, a ticket: at most 1,024 bytes
 * @param device of what the client calls its device; anybody can call it anything
 * @param from where the client is
 */
@PublicApi
public record Credentials(String name, Bytes secret, String device, InetSocketAddress from) {
    /** The secret as text. */
    public String password() {
        return secret.utf8();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credentials[name=" + name + ", device=" + device + ", from=" + from + "]";
    }
}
