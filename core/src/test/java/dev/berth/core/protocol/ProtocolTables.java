package dev.berth.core.protocol;

import dev.berth.core.protocol.ProtocolModel.Choice;
import dev.berth.core.protocol.ProtocolModel.Component;
import dev.berth.core.protocol.ProtocolModel.Constant;
import dev.berth.core.protocol.ProtocolModel.Message;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Versions;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** The tables of docs/protocol.md and docs/client-protocol.md. */
final class ProtocolTables {
    private final ProtocolModel model;
    private final IntFunction<String> way;
    private final StringBuilder out = new StringBuilder();

    private ProtocolTables(ProtocolModel model, IntFunction<String> way) {
        this.model = model;
        this.way = way;
    }

    static String of(ProtocolModel model) {
        ProtocolTables tables = new ProtocolTables(model, ProtocolTables::way);
        tables.bounds("between nodes", Limits.PEER, "where views travel", Limits.VIEW, Protocol.VERSIONS);
        return tables.rest();
    }

    static String ofClients(ProtocolModel model) {
        ProtocolTables tables = new ProtocolTables(
                model, code -> ClientProtocol.GATE.types().containsKey(code) ? "client to gate" : "gate to client");
        tables.bounds(
                "to the gate",
                ClientProtocol.TO_GATE,
                "to the client",
                ClientProtocol.TO_CLIENT,
                ClientProtocol.VERSIONS);
        return tables.rest();
    }

    private String rest() {
        frames();
        records();
        choices();
        constants();
        return out.toString();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void bounds(String here, Limits one, String there, Limits other, Versions versions) {
        line("### Bounds\n");
        line("| bound | %s | %s |".formatted(here, there));
        line("| --- | --- | --- |");
        line("| bytes of a frame after its length | %,d | %,d |".formatted(one.frameMax(), other.frameMax()));
        line("| records, texts and list elements in a message | %,d | %,d |"
                .formatted(one.elementsMax(), other.elementsMax()));
        line("| levels of records in records | %d | %d |".formatted(one.depthMax(), other.depthMax()));
        line("");
        line("Protocol versions: %s.\n".formatted(versions));
    }

    private void frames() {
        line("### Frame types\n");
        line("| type | message | from, to |");
        line("| --- | --- | --- |");
        for (Message frame : model.frames()) {
            line("| %d | [%s](#%s) | %s |"
                    .formatted(frame.code(), frame.name(), anchor(frame), way.apply(frame.code())));
        }
        line("");
        for (Message frame : model.frames()) {
            line("#### %d %s\n".formatted(frame.code(), frame.name()));
            fields(frame);
        }
    }

    private static String anchor(Message frame) {
        return frame.code() + "-" + frame.name().toLowerCase(Locale.ROOT);
    }

    private static String way(int code) {
        if (Protocol.TO_MASTER.types().containsKey(code)) {
            return "member to master";
        }
        if (Protocol.TO_MEMBER.types().containsKey(code)) {
            return "master to member";
        }
        if (Protocol.TO_STORE.types().containsKey(code)) {
            return "owner to store";
        }
        if (Protocol.TO_NODE.types().containsKey(code)) {
            return "command to node";
        }
        if (Protocol.FROM_NODE.types().containsKey(code)) {
            return "node to command";
        }
        return Protocol.FROM_STORE.types().containsKey(code) ? "store to owner" : "node to node";
    }

    private void records() {
        line("### Records\n");
        for (Message record : model.records().values()) {
            line("#### %s\n".formatted(record.name()));
            fields(record);
        }
    }

    private void choices() {
        line("### Choices\n");
        for (Choice choice : model.choices().values()) {
            line("#### %s\n".formatted(choice.name()));
            line("| field | case | its fields |");
            line("| --- | --- | --- |");
            for (Message one : choice.cases()) {
                List<String> fields = one.components().stream()
                        .map(c -> "%d %s: %s%s"
                                .formatted(c.number(), c.name(), type(c), bound(c).isEmpty() ? "" : ", " + bound(c)))
                        .toList();
                line("| %d | %s | %s |"
                        .formatted(one.code(), one.name(), fields.isEmpty() ? "none" : String.join("<br>", fields)));
            }
            line("");
        }
    }

    private void constants() {
        line("### Constants\n");
        line("| constant | number and name |");
        line("| --- | --- |");
        model.constants()
                .forEach((name, all) -> line("| %s | %s |"
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        all.stream().map(ProtocolTables::text).toList()))));
    }

    private static String text(Constant constant) {
        return constant.code() + " " + constant.name();
    }

    private void fields(Message message) {
        if (message.components().isEmpty()) {
            line("No fields.\n");
            return;
        }
        line("| field | name | type | bound |");
        line("| --- | --- | --- | --- |");
        for (Component component : message.components()) {
            line("| %d | %s | %s | %s |"
                    .formatted(component.number(), component.name(), type(component), bound(component)));
        }
        line("");
    }

    private String type(Component component) {
        String one = switch (component.kind()) {
            case ENUM, MESSAGE -> model.name(component.of());
            case BOOL, SINT32, SINT64, STRING, BYTES -> component.kind().name().toLowerCase(Locale.ROOT);
        };
        return (component.repeated() ? "repeated " : "") + one + (component.optional() ? " or absent" : "");
    }

    private static String bound(Component component) {
        String elements = component.repeated() ? "%,d elements".formatted(component.listMax()) : "";
        String bytes = component.bytesMax() > 0 ? "%,d bytes".formatted(component.bytesMax()) : "";
        return elements.isEmpty() || bytes.isEmpty() ? elements + bytes : elements + " of " + bytes;
    }
}
