package dev.berth.node.entity;

import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedLog;
import dev.berth.core.session.FeedPage;
import dev.berth.core.wire.WireException;

/** A feed of an entity in memory; what it has told is in the log. One thread: the entity's. */
record OwnFeed(EntityHost host, Workbench bench, String name) implements Feed {
    @Override
    public long tell(Record message) {
        Turn turn = host.turn("Feed.tell");
        FeedItem item = bench.item(message);
        long position = last(turn) + 1;
        turn.tell(name, item);
        turn.later(() -> host.slot().audiences().tell(host, name, position, item));
        return position;
    }

    private long last(Turn turn) {
        return host.log().feed(name).last() + turn.told(name);
    }

    @Override
    public void join(Object user) {
        join(user, 0);
    }

    @Override
    public void join(Object user, int back) {
        FeedLog history = host.log().feed(name);
        long next = last(host.turn("Feed.join")) + 1;
        long first = Math.clamp(next - back, history.first(), next);
        bench.session(user).hear(name, host.toString(), first);
    }

    @Override
    public void leave(Object user) {
        bench.session(user).leave(name, host.toString());
        String uid = UserKey.of(user).text();
        host.turn("Feed.leave").later(() -> host.slot().audiences().left(host, name, uid));
    }

    @Override
    public long last() {
        return last(host.turn("Feed.last"));
    }

    @Override
    public Past past(long from, int most) {
        FeedPage page = host.log().feed(name).read(from);
        return new Past(
                page.first(),
                page.items().stream().limit(most).map(this::message).toList());
    }

    private Record message(FeedItem item) {
        try {
            return (Record) host.book().read(item.body());
        } catch (WireException newer) {
            throw new IllegalStateException(host + " cannot read what it has told: " + newer.getMessage(), newer);
        }
    }

    @Override
    public int hearers() {
        return host.slot().audiences().size(host, name);
    }
}
