package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.berth.core.protocol.ProtocolModel.Kind;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// The other side here is Google's implementation of protocol buffers, which knows nothing of Berth but the description
// in docs/berth.proto and docs/berth-client.proto. It must find every value where the description says, and what it
// writes must be understood.

/** A program in another language can read what Berth writes, and be read. */
class OtherLanguagesTest {
    private static final int SEEDS = 40;
    private static final int HEADER = 16;

    private FileDescriptor description = ProtoFile.ofNodes().descriptor();
    private ProtocolModel model = ProtocolModel.ofThisVersion();

    @Test
    @Tag("S4.16")
    void everyMessage_isReadByAnotherImplementation_andReadBackFromIt() throws Exception {
        assertRead(Travellers.ofNodes());
    }

    @Test
    void everyMessageOfClients_isReadByAnotherImplementation_andReadBackFromIt() throws Exception {
        description = ProtoFile.ofClients().descriptor();
        model = ProtocolModel.ofClients();

        assertRead(Travellers.ofClients());
    }

    private void assertRead(List<Class<?>> types) throws Exception {
        for (Class<?> type : types) {
            Descriptor descriptor = description.findMessageTypeByName(type.getSimpleName());
            for (int seed = 0; seed < SEEDS; seed++) {
                Object message = new Values(new Random(seed)).of(type);
                byte[] frame = Travellers.frame(message);
                assertHeader(frame, type);

                DynamicMessage theirs =
                        DynamicMessage.parseFrom(descriptor, Arrays.copyOfRange(frame, HEADER, frame.length));

                assertSame(message, theirs);
                assertThat(Travellers.read(framed(frame, theirs.toByteArray()))).containsExactly(message);
            }
        }
    }

    @Test
    @Tag("S4.16")
    void durableRecords_areReadByAnotherImplementation() throws InvalidProtocolBufferException {
        Descriptor descriptor = description.findMessageTypeByName("ViewImage");
        var view =
                (dev.berth.core.cluster.ViewImage) new Values(new Random(1)).of(dev.berth.core.cluster.ViewImage.class);
        byte[] record = Protocol.VIEW.encode(view);

        assertThat(record[0]).isEqualTo((byte) 1);
        assertSame(view, DynamicMessage.parseFrom(descriptor, Arrays.copyOfRange(record, 1, record.length)));
    }

    private static void assertHeader(byte[] frame, Class<?> type) {
        ByteBuffer header = ByteBuffer.wrap(frame);
        assertThat(header.getInt()).isEqualTo(frame.length - 4);
        assertThat(header.get()).isEqualTo((byte) 0xBE);
        assertThat(header.get()).isEqualTo((byte) 1);
        assertThat(header.getShort())
                .isEqualTo((short) type.getAnnotation(Code.class).value());
        assertThat(header.getLong()).isEqualTo(Travellers.CLUSTER);
    }

    private static byte[] framed(byte[] header, byte[] body) {
        return ByteBuffer.allocate(HEADER + body.length)
                .put(header, 0, HEADER)
                .put(body)
                .putInt(0, HEADER - 4 + body.length)
                .array();
    }

    private void assertSame(Object record, DynamicMessage theirs) {
        assertThat(theirs.getUnknownFields().asMap()).isEmpty();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            ProtocolModel.Component described = model.message(record.getClass()).components().stream()
                    .filter(one -> one.name().equals(component.getName()))
                    .findFirst()
                    .orElseThrow();
            FieldDescriptor field = theirs.getDescriptorForType().findFieldByName(ProtoFile.snake(component.getName()));
            Object ours = value(record, component);
            if (ours == null) {
                assertThat(theirs.hasField(field)).isFalse();
            } else if (described.repeated()) {
                List<?> list = (List<?>) ours;
                assertThat(theirs.getRepeatedFieldCount(field)).isEqualTo(list.size());
                for (int i = 0; i < list.size(); i++) {
                    assertSameValue(described.kind(), list.get(i), theirs.getRepeatedField(field, i));
                }
            } else {
                assertSameValue(described.kind(), ours, theirs.getField(field));
            }
        }
    }

    private void assertSameValue(Kind kind, Object ours, Object theirs) {
        Object plain = ours;
        while (ProtocolModel.isWrapper(plain.getClass())) {
            plain = Objects.requireNonNull(value(plain, plain.getClass().getRecordComponents()[0]));
        }
        switch (kind) {
            case BOOL, SINT32, SINT64, STRING -> assertThat(theirs).isEqualTo(plain);
            case BYTES -> assertThat(((ByteString) theirs).toByteArray()).isEqualTo(((Bytes) plain).toArray());
            case ENUM -> assertThat(((EnumValueDescriptor) theirs).getName()).endsWith(((Enum<?>) plain).name());
            case MESSAGE -> assertSameMessage(plain, (DynamicMessage) theirs);
        }
    }

    private void assertSameMessage(Object ours, DynamicMessage theirs) {
        Code code = ours.getClass().getAnnotation(Code.class);
        if (code == null) {
            assertSame(ours, theirs);
            return;
        }
        FieldDescriptor which = theirs.getOneofFieldDescriptor(
                theirs.getDescriptorForType().getOneofs().get(0));
        assertThat(which.getNumber()).isEqualTo(code.value());
        assertSame(ours, (DynamicMessage) theirs.getField(which));
    }

    private static @Nullable Object value(Object record, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(String.valueOf(record), e);
        }
    }
}
