package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.util.function.Consumer;

/**
 * A player of the original test client: sits down when a game is cancelled, answers each BET_REQ with the next entry of its script,
 * leaves when the hand is over. It ends where the original crashes.
 */
final class ScriptedBot implements Mind {
    private static final long NOBODY = -1;

    private final long game;
    private final int seat;
    private final RiggedHand.Player player;
    private long id = NOBODY;
    private boolean isSeated;
    private boolean isDone;
    private long stack;
    private int answered;

    ScriptedBot(long game, int seat, RiggedHand.Player player) {
        this.game = game;
        this.seat = seat;
        this.player = player;
        this.stack = player.balance();
    }

    @Override
    public void hear(Notice notice, Consumer<Command> say) throws Complaint {
        if (notice instanceof Packet.Broadcast broadcast && broadcast.game() != game) {
            throw new Complaint("heard of another game: " + broadcast);
        }
        switch (notice) {
            case Packet.Pid pid -> id = pid.player();
            case Packet.Bad bad -> throw new Complaint("cannot log in: " + bad);
            case Packet.NotifyCancelGame _ -> say.accept(new Packet.Join(game, seat, player.balance()));
            case Packet.NotifyJoin joined -> isSeated |= joined.player() == id;
            case Packet.BetReq asked -> say.accept(answer(asked));
            case Packet.NotifyEndGame _ -> {
                say.accept(new Packet.Leave(game));
                say.accept(new Packet.Logout());
                isDone = true;
            }
            default -> {}
        }
    }

    private Command answer(Packet.BetReq asked) throws Complaint {
        if (asked.game() != game) {
            throw new Complaint("asked in another game: " + asked);
        }
        if (id == NOBODY || !isSeated) {
            throw new Complaint("asked before " + (id == NOBODY ? "PID" : "its own NOTIFY_JOIN") + ": " + asked);
        }
        if (answered == player.answers().size()) {
            throw new Complaint("one BET_REQ too many after %d: %s".formatted(answered, asked));
        }
        Answer answer = player.answers().get(answered++);
        Command said = answer.to(asked, stack);
        stack -= answer.cost(asked, stack);
        return said;
    }

    @Override
    public boolean isDone() {
        return isDone;
    }
}
