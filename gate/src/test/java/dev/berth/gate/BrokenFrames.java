package dev.berth.gate;

import dev.berth.core.session.ClientMessage.Bodies;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.WireException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All that can be wrong with a frame of a client, for each message of the client protocol.
 *
 * @param type and body of what is said: something that costs gold, so that it is seen if it is done
 */
record BrokenFrames(String type, Bytes body) {
    private static final int MAGIC_AT = 4;
    private static final int VERSION_AT = 5;
    private static final int TYPE_AT = 6;
    private static final int CLUSTER_AT = 8;

    record Frame(String what, Bytes bytes) {
        private Frame(String what, byte... bytes) {
            this(what, Bytes.wrap(bytes));
        }

        /** Why nobody can read it; empty if it is a message all the same, as some that have lost fields at their ends are. */
        String why() {
            FrameReader<ToGate> reader = new FrameReader<>(
                    ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_GATE);
            try {
                reader.read(bytes.toArray(), 0, bytes.length(), _ -> {});
                return reader.pending() > 0 ? "a message is one whole frame" : "";
            } catch (WireException unreadable) {
                return String.valueOf(unreadable.getMessage());
            }
        }
    }

    /** A message of each type that a client may say: its gold is gone if it is done. */
    List<ToGate> messages() throws Exception {
        List<ToGate> all = new ArrayList<>();
        for (Class<?> its : ToGate.class.getPermittedSubclasses()) {
            all.add(message(its, ""));
        }
        return all;
    }

    /** @param full the field that is as long as it may be */
    private ToGate message(Class<?> its, String full) throws Exception {
        RecordComponent[] fields = its.getRecordComponents();
        Object[] values = new Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            values[i] = value(fields[i], fields[i].getName().equals(full));
        }
        Class<?>[] types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return (ToGate) its.getDeclaredConstructor(types).newInstance(values);
    }

    private Object value(RecordComponent field, boolean full) {
        Class<?> its = field.getType();
        String text = full ? "q".repeat(most(field)) : field.getName().equals("type") ? type : "2";
        if (its == String.class) {
            return text;
        } else if (its == Bytes.class) {
            return full ? Bytes.utf8(text) : body;
        }
        return its == int.class ? (Object) 1 : its == long.class ? (Object) 1L : Bodies.RECORDS;
    }

    private static int most(RecordComponent field) {
        return field.getAnnotation(Field.class).max();
    }

    /** Everything that can be wrong with the frame of this message. */
    List<Frame> of(ToGate message) throws Exception {
        byte[] frame = Talk.frame(message);
        List<Frame> all = new ArrayList<>();
        for (int cut = MAGIC_AT; cut < frame.length; cut++) {
            all.add(new Frame("cut at " + cut, measured(Arrays.copyOf(frame, cut))));
        }
        for (byte tail : new byte[] {0, 8, 7, -1}) {
            all.add(new Frame("with " + tail + " behind", measured(inserted(frame, frame.length, tail))));
        }
        all.add(new Frame("with no magic", changed(frame, MAGIC_AT, 0)));
        all.add(new Frame("in version 9", changed(frame, VERSION_AT, 9)));
        all.add(new Frame("of another cluster", changed(frame, CLUSTER_AT + 7, 1)));
        all.add(new Frame("of a type that only nodes have", changed(frame, TYPE_AT, 0)));
        for (Class<?> side : ToClient.class.getPermittedSubclasses()) {
            int code = side.getAnnotation(Code.class).value();
            all.add(new Frame("as a " + side.getSimpleName(), changed(frame, TYPE_AT + 1, code & 0xff)));
        }
        all.add(new Frame("one byte too long", measured(Arrays.copyOf(frame, ClientProtocol.TO_GATE.frameMax() + 5))));
        for (RecordComponent field : message.getClass().getRecordComponents()) {
            if (most(field) > 0) {
                byte[] full = Talk.frame(message(message.getClass(), field.getName()));
                int text = new String(full, StandardCharsets.ISO_8859_1).indexOf("qq");
                int length = text - (most(field) < 128 ? 1 : 2);
                byte[] over = measured(inserted(full, text, (byte) 'q'));
                all.add(new Frame("with " + field.getName() + " too long", changed(over, length, full[length] + 1)));
            }
        }
        return all;
    }

    private static byte[] measured(byte[] frame) {
        ByteBuffer.wrap(frame).putInt(frame.length - 4);
        return frame;
    }

    private static byte[] changed(byte[] frame, int at, int value) {
        byte[] changed = frame.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] inserted(byte[] frame, int at, byte more) {
        return ByteBuffer.allocate(frame.length + 1)
                .put(frame, 0, at)
                .put(more)
                .put(frame, at, frame.length - at)
                .array();
    }
}
