package dev.berth.gate;

import dev.berth.core.session.End;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.UserKey;
import dev.berth.node.link.QuietLog;
import dev.berth.node.session.Credentials;
import dev.berth.node.session.Lobby;
import dev.berth.node.session.LoginRefusedException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where clients prove who they are, and visitors ask: off the event loops, so many at a time. Any thread. */
final class LoginDesk {
    /** Log-ins that are being decided, and as many visitors; a client that is one too many comes again. */
    static final int AT_ONCE_MAX = 256;

    private static final int RETRY_MILLIS = 1_000;
    private static final int TOKEN_BYTES = 32;
    private static final Logger LOG = LoggerFactory.getLogger(LoginDesk.class);

    private final Lobby lobby;
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);
    private final Semaphore visits = new Semaphore(AT_ONCE_MAX);
    private final QuietLog quiet = new QuietLog(LOG);
    private final SecureRandom random = new SecureRandom();

    LoginDesk(Lobby lobby) {
        this.lobby = lobby;
    }

    /** @param end is told the kind of the user's key, and what the socket is to hear; on another thread */
    void ask(SocketAction.Authenticate what, InetSocketAddress from, BiConsumer<String, SocketEvent> end) {
        if (!places.tryAcquire()) {
            end.accept(
                    "",
                    new SocketEvent.Denied(
                            End.TROUBLE, AT_ONCE_MAX + " others are logging in at this moment", RETRY_MILLIS));
            return;
        }
        Thread.startVirtualThread(() -> {
            try {
                decide(new Credentials(what.name(), what.secret(), what.device(), from), end);
            } finally {
                places.release();
            }
        });
    }

    /**
     * What a visitor says.
     *
     * @param end Answered or Failed; on another thread
     */
    void visit(SocketAction.Visit what, Consumer<SocketEvent> end) {
        if (!visits.tryAcquire()) {
            end.accept(new SocketEvent.Failed(what.call(), AT_ONCE_MAX + " other visitors want something just now"));
            return;
        }
        Thread.startVirtualThread(() -> {
            try {
                end.accept(new SocketEvent.Answered(
                        what.call(), new SessionAnswer.Answered(what.seq(), lobby.visit(what.type(), what.body()))));
            } catch (RuntimeException | Error thrown) {
                quiet.warn("a visitor's " + what.type() + " has no answer: " + thrown);
                end.accept(new SocketEvent.Failed(what.call(), "nobody can answer at this moment"));
            } finally {
                visits.release();
            }
        });
    }

    private void decide(Credentials who, BiConsumer<String, SocketEvent> end) {
        try {
            UserKey user = lobby.login(who);
            byte[] token = new byte[TOKEN_BYTES];
            random.nextBytes(token);
            end.accept(user.kind(), new SocketEvent.Known(user.text(), random.nextLong(), Bytes.wrap(token)));
        } catch (LoginRefusedException no) {
            end.accept("", new SocketEvent.Denied(no.why(), String.valueOf(no.getMessage()), no.retryMillis()));
        } catch (Denied no) {
            end.accept("", new SocketEvent.Denied(End.DENIED, String.valueOf(no.getMessage()), 0));
        } catch (RuntimeException | Error thrown) {
            quiet.warn("nobody knows who " + who + " is: the application's login threw", thrown);
            end.accept("", new SocketEvent.Denied(End.TROUBLE, "nobody can log in at this moment", RETRY_MILLIS));
        }
    }
}
