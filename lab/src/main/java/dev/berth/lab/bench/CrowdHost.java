package dev.berth.lab.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;

/** A process full of clients that log in and are idle, for {@link GateMemory}. */
final class CrowdHost {
    private CrowdHost() {}

    /** @param args the first user, how many, and the gate's port */
    public static void main(String[] args) throws IOException, InterruptedException {
        EventLoop loop = (EventLoop) new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
        Crowd crowd = new Crowd(
                GateTown.app().entities().messages(),
                loop,
                Long.parseLong(args[0]),
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]));
        crowd.enter();
        OtherProcess.ready(crowd.online());
        // They do not log out: the process ends, and the gate sees sockets that are closed.
    }
}
