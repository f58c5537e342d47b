package dev.berth.node.operate;

import dev.berth.core.call.Address;
import dev.berth.core.call.ToolMessage.NodeTold;
import dev.berth.core.call.ToolMessage.PlacesTold;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.cluster.Standby;
import dev.berth.core.cluster.View;
import dev.berth.node.tool.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./berth status}: members, slots and names as the leading master knows them. */
@Command(name = "status", description = "Shows the members, services and slots of a running cluster.")
public final class StatusCommand extends OperatorCommand {
    private static final int SLOTS_SHOWN = 64;
    private static final int NAMES_SHOWN = 64;
    private static final long MILLI = 1_000_000L;

    @Option(names = "--json", description = "Print one object.")
    private boolean json;

    @Option(names = "--slots", description = "List every slot and name, however many there are.")
    private boolean slots;

    @Override
    int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        ClusterMessage.Status status = operator.status(patience);
        Map<Incarnation, NodeTold> census = operator.census(status.view().toView());
        if (json) {
            out().println(Json.line(object(status, census)));
        } else {
            table(status, census).forEach(out()::println);
        }
        return 0;
    }

    private static Map<Incarnation, MemberStatus> byLife(ClusterMessage.Status status) {
        Map<Incarnation, MemberStatus> known = new HashMap<>();
        status.members().forEach(member -> known.put(member.incarnation(), member));
        return known;
    }

    private static Map<String, Long> entities(NodeTold told) {
        Map<String, Long> all = new TreeMap<>();
        told.entities().forEach(each -> all.put(each.service(), each.entities()));
        return all;
    }

    static String state(@Nullable Listing listing, MemberStatus known) {
        String state = known.suspected() ? "SUSPECTED" : known.leaseNanos() == 0 ? "NO LEASE" : "LIVE";
        return listing != null && listing.draining() ? state + " DRAINING" : state;
    }

    private List<String> table(ClusterMessage.Status status, Map<Incarnation, NodeTold> census) {
        View view = status.view().toView();
        Map<Incarnation, MemberStatus> known = byLife(status);
        List<String> lines = new ArrayList<>();
        lines.add("view " + view.number() + ", barrier closed up to " + status.closed() + ", master " + status.leader()
                + " leads in term " + status.term());
        lines.add("");
        lines.add("%-20s %-12s %-18s %8s %10s %10s %6s %9s %9s  %s"
                .formatted(
                        "MEMBER",
                        "LIFE",
                        "STATE",
                        "VIEW",
                        "SILENT ms",
                        "LEASE ms",
                        "LOAD",
                        "PROCESSES",
                        "ENTITIES",
                        "ADDRESS"));
        view.forEachMember(listing -> {
            MemberStatus member = known.get(listing.incarnation());
            if (member != null) {
                NodeTold told = census.get(listing.incarnation());
                lines.add("%-20s %-12s %-18s %8d %10d %10d %6d %9s %9s  %s"
                        .formatted(
                                listing.name(),
                                listing.incarnation(),
                                state(listing, member),
                                member.applied(),
                                member.silentNanos() / MILLI,
                                member.leaseNanos() / MILLI,
                                member.load(),
                                told == null ? "-" : told.processes(),
                                told == null
                                        ? "-"
                                        : entities(told).values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum(),
                                String.join(" ", listing.addresses())));
            }
        });
        for (Standby one : status.standing()) {
            lines.add("%-20s stands by, and is not listed".formatted(one.name()));
        }
        services(view, census, lines);
        servers(view, census, lines);
        names(view, lines);
        return lines;
    }

    private void services(View view, Map<Incarnation, NodeTold> census, List<String> lines) {
        Map<String, Long> entities = new HashMap<>();
        census.values()
                .forEach(told -> entities(told).forEach((service, count) -> entities.merge(service, count, Long::sum)));
        lines.add("");
        view.services().values().forEach(service -> {
            Map<String, Integer> states = new TreeMap<>();
            service.forEachUnit((_, state) -> states.merge(state.word(), 1, Integer::sum));
            int units = service.plan().units();
            lines.add("service " + service.name() + ": " + service.plan().capacity() + " slots"
                    + (service.plan().isBucketed() ? " over " + units + " buckets" : "") + ", " + states
                    + (entities.containsKey(service.name())
                            ? ", " + entities.get(service.name()) + " entities in memory"
                            : ""));
            if (slots || units <= SLOTS_SHOWN) {
                service.forEachUnit(
                        (i, state) -> lines.add("  %-24s %s".formatted(service.name() + "/" + (i + 1), state)));
            }
        });
    }

    /** A server of players, and what it told. */
    private record Serving(String node, PlacesTold its) {}

    private static List<Serving> serving(View view, Map<Incarnation, NodeTold> census) {
        List<Serving> all = new ArrayList<>();
        view.forEachMember(listing -> {
            NodeTold told = census.get(listing.incarnation());
            if (told != null) {
                told.servers().forEach(its -> all.add(new Serving(listing.name(), its)));
            }
        });
        all.sort(Comparator.comparing((Serving each) -> each.its.group()).thenComparing(Serving::node));
        return all;
    }

    private static void servers(View view, Map<Incarnation, NodeTold> census, List<String> lines) {
        List<Serving> all = serving(view, census);
        if (all.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("%-20s %-20s %8s %8s %8s".formatted("SERVERS OF", "MEMBER", "PLACES", "TAKEN", "KEPT"));
        all.forEach(each -> lines.add("%-20s %-20s %8d %8d %8d"
                .formatted(each.its.group(), each.node, each.its.places(), each.its.taken(), each.its.kept())));
    }

    private static List<Map<String, Object>> serversObject(View view, Map<Incarnation, NodeTold> census) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Serving each : serving(view, census)) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("group", each.its.group());
            one.put("member", each.node);
            one.put("places", each.its.places());
            one.put("taken", each.its.taken());
            one.put("kept", each.its.kept());
            all.add(one);
        }
        return all;
    }

    private void names(View view, List<String> lines) {
        if (!view.names().isEmpty()) {
            lines.add("");
        }
        view.names().values().stream()
                .limit(slots ? Long.MAX_VALUE : NAMES_SHOWN)
                .forEach(name -> lines.add("name %-24s process %s of %s"
                        .formatted(name.name(), new Address(name.address()), view.named(name.holder()))));
        if (!slots && view.names().size() > NAMES_SHOWN) {
            lines.add("and " + (view.names().size() - NAMES_SHOWN) + " names more: --slots");
        }
    }

    private static Map<String, @Nullable Object> object(
            ClusterMessage.Status status, Map<Incarnation, NodeTold> census) {
        View view = status.view().toView();
        Map<Incarnation, MemberStatus> known = byLife(status);
        List<Map<String, @Nullable Object>> members = new ArrayList<>();
        view.forEachMember(listing -> {
            MemberStatus member = known.get(listing.incarnation());
            if (member != null) {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("name", listing.name());
                one.put("life", listing.incarnation().toString());
                one.put("suspected", member.suspected());
                one.put("draining", listing.draining());
                one.put("applied", member.applied());
                one.put("silent_ms", member.silentNanos() / MILLI);
                one.put("lease_ms", member.leaseNanos() / MILLI);
                one.put("load", member.load());
                NodeTold told = census.get(listing.incarnation());
                one.put("processes", told == null ? null : told.processes());
                one.put("entities", told == null ? null : entities(told));
                one.put("addresses", listing.addresses());
                members.add(one);
            }
        });
        List<Map<String, Object>> slots = new ArrayList<>();
        view.forEachUnit((slot, state) -> slots.add(Map.of(
                "slot", slot.toString(),
                "state", state.word(),
                "owner", state.owner().toString(),
                "epoch", state.epoch())));
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("term", status.term());
        all.put("leader", status.leader());
        all.put("view", view.number());
        all.put("closed", status.closed());
        all.put("members", members);
        all.put("standing", status.standing().stream().map(Standby::name).toList());
        all.put("slots", slots);
        all.put("servers", serversObject(view, census));
        all.put(
                "names",
                view.names().values().stream()
                        .map(name -> Map.of(
                                "name", name.name(),
                                "process", new Address(name.address()).toString(),
                                "holder", name.holder().toString()))
                        .toList());
        return all;
    }
}
