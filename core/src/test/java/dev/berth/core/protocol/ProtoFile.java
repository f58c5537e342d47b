package dev.berth.core.protocol;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.berth.core.protocol.ProtocolModel.Choice;
import dev.berth.core.protocol.ProtocolModel.Component;
import dev.berth.core.protocol.ProtocolModel.Constant;
import dev.berth.core.protocol.ProtocolModel.Message;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The protocol as a file of protocol buffers: the text for other languages, and the descriptor that tests read bytes with. */
final class ProtoFile {
    private final ProtocolModel model;
    private final String of;
    private final FileDescriptorProto file;

    private ProtoFile(ProtocolModel model, String of, String itsPackage, String fileName) {
        this.model = model;
        this.of = of;
        FileDescriptorProto.Builder builder = FileDescriptorProto.newBuilder()
                .setName(fileName)
                .setPackage(itsPackage)
                .setSyntax("proto3");
        model.constants().forEach((name, all) -> builder.addEnumType(constants(flat(name), all)));
        messages().values().forEach(message -> builder.addMessageType(message(message)));
        model.choices().values().forEach(choice -> builder.addMessageType(choice(choice)));
        this.file = builder.build();
    }

    /** docs/berth.proto. */
    static ProtoFile ofNodes() {
        return new ProtoFile(ProtocolModel.ofThisVersion(), "protocol.md", "berth", "berth.proto");
    }

    /** docs/berth-client.proto. */
    static ProtoFile ofClients() {
        return new ProtoFile(ProtocolModel.ofClients(), "client-protocol.md", "berth.client", "berth-client.proto");
    }

    private SortedMap<String, Message> messages() {
        SortedMap<String, Message> all = new TreeMap<>(model.records());
        model.frames().forEach(frame -> all.put(frame.name(), frame));
        model.choices().values().forEach(choice -> choice.cases().forEach(one -> all.put(one.name(), one)));
        return all;
    }

    FileDescriptor descriptor() {
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (Descriptors.DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    static String flat(String name) {
        return name.replace(".", "");
    }

    static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT).replaceFirst("^_", "");
    }

    private static EnumDescriptorProto constants(String name, List<Constant> all) {
        String prefix = snake(name).toUpperCase(Locale.ROOT) + "_";
        EnumDescriptorProto.Builder builder = EnumDescriptorProto.newBuilder().setName(name);
        builder.addValue(EnumValueDescriptorProto.newBuilder()
                .setName(prefix + "UNSPECIFIED")
                .setNumber(0));
        for (Constant constant : all) {
            builder.addValue(EnumValueDescriptorProto.newBuilder()
                    .setName(prefix + constant.name())
                    .setNumber(constant.code()));
        }
        return builder.build();
    }

    private DescriptorProto message(Message message) {
        DescriptorProto.Builder builder = DescriptorProto.newBuilder().setName(flat(message.name()));
        for (Component component : message.components()) {
            FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                    .setName(snake(component.name()))
                    .setNumber(component.number())
                    .setLabel(
                            component.repeated()
                                    ? FieldDescriptorProto.Label.LABEL_REPEATED
                                    : FieldDescriptorProto.Label.LABEL_OPTIONAL);
            switch (component.kind()) {
                case BOOL -> field.setType(FieldDescriptorProto.Type.TYPE_BOOL);
                case SINT32 -> field.setType(FieldDescriptorProto.Type.TYPE_SINT32);
                case SINT64 -> field.setType(FieldDescriptorProto.Type.TYPE_SINT64);
                case STRING -> field.setType(FieldDescriptorProto.Type.TYPE_STRING);
                case BYTES -> field.setType(FieldDescriptorProto.Type.TYPE_BYTES);
                case ENUM ->
                    field.setType(FieldDescriptorProto.Type.TYPE_ENUM).setTypeName(flat(model.name(component.of())));
                case MESSAGE ->
                    field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(flat(model.name(component.of())));
            }
            builder.addField(field);
        }
        return builder.build();
    }

    private static DescriptorProto choice(Choice choice) {
        DescriptorProto.Builder builder = DescriptorProto.newBuilder()
                .setName(flat(choice.name()))
                .addOneofDecl(OneofDescriptorProto.newBuilder().setName("is"));
        for (Message one : choice.cases()) {
            builder.addField(FieldDescriptorProto.newBuilder()
                    .setName(snake(one.type().getSimpleName()))
                    .setNumber(one.code())
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                    .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                    .setTypeName(flat(one.name()))
                    .setOneofIndex(0));
        }
        return builder.build();
    }

    String text() {
        StringBuilder out = new StringBuilder("""
            // The bodies of Berth's frames and records, for other languages. Generated from the records of the code; see
            // %s for the frame around them, for the bounds, and for how to write this file anew.
            // The number after a message's name is its frame type.
            syntax = "proto3";
            package %s;
            """.formatted(of, file.getPackage()));
        for (DescriptorProto message : file.getMessageTypeList()) {
            int frame = model.frames().stream()
                    .filter(one -> one.name().equals(message.getName()))
                    .mapToInt(Message::code)
                    .findFirst()
                    .orElse(0);
            out.append("\nmessage %s {%s\n".formatted(message.getName(), frame > 0 ? " // " + frame : ""));
            boolean choice = message.getOneofDeclCount() > 0;
            out.append(choice ? "  oneof is {\n" : "");
            for (FieldDescriptorProto field : message.getFieldList()) {
                out.append(choice ? "    " : "  ")
                        .append(field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED ? "repeated " : "")
                        .append(
                                field.hasTypeName()
                                        ? field.getTypeName()
                                        : field.getType()
                                                .name()
                                                .substring("TYPE_".length())
                                                .toLowerCase(Locale.ROOT))
                        .append(" %s = %d;\n".formatted(field.getName(), field.getNumber()));
            }
            out.append(choice ? "  }\n}\n" : "}\n");
        }
        for (EnumDescriptorProto constants : file.getEnumTypeList()) {
            out.append("\nenum %s {\n".formatted(constants.getName()));
            constants
                    .getValueList()
                    .forEach(value -> out.append("  %s = %d;\n".formatted(value.getName(), value.getNumber())));
            out.append("}\n");
        }
        return out.toString();
    }
}
