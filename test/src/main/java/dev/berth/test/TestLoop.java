package dev.berth.test;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** A node's event loop, whose tasks are steps of the scene. It has no channels. */
final class TestLoop extends AbstractScheduledEventExecutor implements EventLoop {
    private final Scene scene;
    private final Scene.Lane lane;
    private boolean carries;

    TestLoop(Scene scene, Scene.Lane lane) {
        this.scene = scene;
        this.lane = lane;
    }

    /** Within a step: does it as a task of this loop. */
    void carry(Runnable task) {
        carries = true;
        try {
            task.run();
        } finally {
            carries = false;
        }
    }

    @Override
    public void execute(Runnable task) {
        lane.add(() -> carry(task));
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return carries;
    }

    @Override
    public Ticker ticker() {
        return new Ticker() {
            @Override
            public long nanoTime() {
                return scene.nowNanos();
            }

            @Override
            public long initialNanoTime() {
                return 0;
            }

            @Override
            public void sleep(long delay, TimeUnit unit) {
                throw new UnsupportedOperationException("nothing here sleeps");
            }
        };
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        ScheduledFuture<?> scheduled = super.schedule(task, delay, unit);
        scene.after(unit.toNanos(delay), lane, () -> carry(this::ring));
        return scheduled;
    }

    private void ring() {
        for (Runnable due = pollScheduledTask(scene.nowNanos());
                due != null;
                due = pollScheduledTask(scene.nowNanos())) {
            due.run();
        }
    }

    @Override
    public EventLoopGroup parent() {
        return this;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        throw new UnsupportedOperationException("nothing here has a socket");
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        throw new UnsupportedOperationException("nothing here has a socket");
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        throw new UnsupportedOperationException("nothing here has a socket");
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return terminationFuture();
    }

    @Override
    public Future<?> terminationFuture() {
        return newPromise();
    }

    @Override
    @Deprecated
    public void shutdown() {}

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
