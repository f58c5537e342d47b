package dev.berth.gate;

import dev.berth.core.session.GateLimits;
import dev.berth.node.session.GateOpener;
import dev.berth.node.session.Lobby;
import java.io.IOException;
import java.util.List;

/** How an application's start finds gates. Any thread. */
public final class SessionGateOpener implements GateOpener {
    private static final String PATH = "/berth";

    @Override
    public SessionGate open(Lobby lobby, List<Way> at) throws IOException {
        Port[] ports = at.stream()
                .map(way -> switch (way.kind()) {
                    case TCP -> Port.tcp(way.at().address());
                    case WEB_SOCKET -> Port.webSocket(way.at().address(), PATH);
                })
                .toArray(Port[]::new);
        return SessionGate.open(lobby, GateConfig.of(ports), GateLimits.DEFAULT);
    }
}
