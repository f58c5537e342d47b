package dev.berth.node.link;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Versions;
import java.util.Arrays;

// The listening end's answer to an opening:
//   0   4  "BRTH"
//   4   1  version of the handshake, 1
//   5   1  answer: 0 = go on, else why not; the connection then ends
//   6   1  lowest protocol version spoken
//   7   1  highest
//   8   32 nonce

/** What a listening end wants the other to prove itself with. Any thread. */
record Challenge(Answer answer, Versions versions, Bytes nonce) {
    static final int SIZE = 40;
    static final Bytes NO_NONCE = Bytes.wrap(new byte[Opening.NONCE_SIZE]);
    private static final int NONCE_AT = 8;

    byte[] bytes() {
        byte[] bytes = Arrays.copyOf(Opening.MAGIC, SIZE);
        bytes[4] = Opening.FORMAT;
        bytes[5] = (byte) answer.code();
        bytes[6] = (byte) versions.min();
        bytes[7] = (byte) versions.max();
        nonce.copyTo(bytes, NONCE_AT);
        return bytes;
    }

    static Challenge of(byte[] bytes) throws Refusal {
        if (bytes[4] != Opening.FORMAT) {
            throw new Refusal(
                    Answer.MALFORMED,
                    "it answers with handshake version " + (bytes[4] & 0xff) + ", this side has " + Opening.FORMAT
                            + "; upgrade the older one step by step");
        }
        return new Challenge(
                answer(bytes[5]),
                Opening.versions(bytes[6], bytes[7]),
                Bytes.wrap(Arrays.copyOfRange(bytes, NONCE_AT, SIZE)));
    }

    static Answer answer(byte code) throws Refusal {
        Answer answer = Answer.of(code & 0xff);
        if (answer == null) {
            throw new Refusal(
                    Answer.MALFORMED, "it answers " + (code & 0xff) + ", which this side does not know; is it newer?");
        }
        return answer;
    }
}
