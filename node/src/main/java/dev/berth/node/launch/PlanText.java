package dev.berth.node.launch;

import dev.berth.node.tool.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan for people, and for programs. Stateless; any thread. */
final class PlanText {
    private PlanText() {}

    static String table(ClusterFile file, LaunchPlan plan) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("NODE", "KIND", "LISTENS ON", "WORK"));
        for (var item : plan.items()) {
            rows.add(List.of(item.name(), item.kind().word(), item.listen(), item.work()));
        }
        return """
            cluster      %s
            timings      %s
            coordinator  %s%s
            masters      %s
            services     %s
            secret file  %s
            state        %s

            %s\
            """.formatted(
                file.cluster(),
                file.timings().word(),
                file.coordinator().connection(),
                file.coordinator() instanceof CoordinatorSpec.Existing ? ", existing" : ", embedded",
                joined(file.masters()),
                joined(file.services().stream().map(NodeEnvironment::word).toList()),
                file.secretFile(),
                file.state(),
                aligned(rows));
    }

    static String json(ClusterFile file, LaunchPlan plan) {
        var nodes = new ArrayList<Map<String, Object>>();
        for (var item : plan.items()) {
            var node = new LinkedHashMap<String, Object>();
            node.put("name", item.name());
            node.put("kind", item.kind().word());
            node.put("listen", item.listen());
            node.put("command", item.command());
            node.put("environment", item.environment());
            nodes.add(node);
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("cluster", file.cluster());
        all.put("timings", file.timings().word());
        all.put("coordinator", file.coordinator().connection());
        all.put("masters", file.masters().stream().map(HostPort::toString).toList());
        all.put("services", file.services().stream().map(NodeEnvironment::word).toList());
        all.put("secret_file", file.secretFile().toString());
        all.put("state", file.state().toString());
        all.put("grace_ms", file.grace().toMillis());
        all.put("nodes", nodes);
        return Json.line(all);
    }

    private static String joined(List<?> all) {
        return all.isEmpty()
                ? "none"
                : String.join(", ", all.stream().map(Object::toString).toList());
    }

    private static String aligned(List<List<String>> rows) {
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                line.append(row.get(column))
                        .append(" ".repeat(width - row.get(column).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
