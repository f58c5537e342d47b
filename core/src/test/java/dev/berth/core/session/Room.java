package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Somebody's feed that many hear. */
final class Room extends SessionWorld.Owner {
    private final SessionWorld world;
    final String name;
    FeedHistory durable = FeedHistory.EMPTY;
    Audience audience;

    Room(SessionWorld world, String name) {
        world.super();
        this.world = world;
        this.name = name;
        this.audience = new Audience(name);
    }

    @Override
    void load() {
        audience = new Audience(name);
    }

    void tell(int items) {
        for (int i = 0; i < items && isServed(); i++) {
            FeedItem item = new FeedItem("t", Bytes.utf8(name + " " + world.waters.now() + " " + i));
            durable = durable.and(item);
            world.witness.told(name, durable.last(), item.body().utf8());
            List<Audience.Message> messages = new ArrayList<>();
            audience.tell(durable.last(), item, messages::add);
            messages.forEach(this::push);
        }
    }

    private void push(Audience.Message message) {
        if (world.waters.chance(30)) {
            // No connection takes it, and none is lost.
            world.waters.within(Waters.SECOND / 5, () -> {
                if (isServed()) {
                    world.measures.again(audience, message, this::push);
                }
            });
        } else if (isServed() && survives()) {
            SessionWorld.Gate gate = world.gates.get((int) message.hub());
            int life = gate.life;
            gate.from.get(at).send(() -> {
                if (gate.up && gate.life == life) {
                    gate.act(() -> gate.told(this, message.telling()));
                }
            });
        }
    }

    FeedPage read(SocketAction.ReadAt read, long gate, long hub) {
        audience.reads(new FeedRead(read.name(), read.from(), read.uid(), read.epoch(), gate, hub, read.feed()));
        return durable.read(read.from());
    }
}
