package dev.berth.gate;

import dev.berth.core.gateway.Way;
import dev.berth.core.session.GateLimits;
import dev.berth.node.launch.HostPort;
import dev.berth.node.session.GateOpener;
import dev.berth.node.session.Lobby;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How an application's start finds gates. Any thread. */
public final class SessionGateOpener implements GateOpener {
    private static final String PATH = "/berth";
    private static final Logger LOG = LoggerFactory.getLogger(SessionGateOpener.class);

    @Override
    public SessionGate open(Lobby lobby, String servers, List<Door> at) throws IOException {
        Server server = Server.at(lobby.node(), servers);
        SessionGate gate = SessionGate.open(lobby, config(at), GateLimits.DEFAULT, server);
        Map<Way, HostPort> reached = new EnumMap<>(Way.class);
        for (int i = 0; i < at.size(); i++) {
            HostPort said = at.get(i).reached();
            HostPort there = said == null ? HostPort.of(gate.addresses().get(i)) : said;
            if (said == null && gate.addresses().get(i).getAddress().isAnyLocalAddress()) {
                LOG.info("gateways send nobody to {}, which is no address for clients; --reached says one", there);
            } else {
                reached.putIfAbsent(at.get(i).way(), there);
            }
        }
        if (!reached.isEmpty()) {
            server.join(reached);
        }
        return gate;
    }

    @Override
    public Gateway gateway(Node node, String servers, List<Door> at) throws IOException {
        return Gateway.open(node, servers, config(at), Handoff.sessions());
    }

    private static GateConfig config(List<Door> at) {
        return GateConfig.of(at.stream()
                .map(door -> switch (door.way()) {
                    case TCP -> Port.tcp(door.at().address());
                    case WEB -> {
                        Port web = Port.webSocket(door.at().address(), PATH);
                        yield door.pages() == null ? web : web.withPages(door.pages());
                    }
                })
                .toArray(Port[]::new));
    }
}
