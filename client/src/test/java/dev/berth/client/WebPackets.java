package dev.berth.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** What is between bytes and frames at a pier: nothing, or as much of WebSocket's server side as a test needs. */
interface WebPackets {
    String ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** The next bytes, none at the end. */
    byte[] read(Socket socket) throws IOException;

    void write(Socket socket, byte[] frame) throws IOException;

    WebPackets NONE = new WebPackets() {
        @Override
        public byte[] read(Socket socket) throws IOException {
            byte[] piece = new byte[4_096];
            int length = socket.getInputStream().read(piece);
            return Arrays.copyOf(piece, Math.max(0, length));
        }

        @Override
        public void write(Socket socket, byte[] frame) throws IOException {
            socket.getOutputStream().write(frame);
        }
    };

    static WebPackets accept(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no handshake");
            }
            head.append((char) next);
        }
        String key = head.toString()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18))
                .map(line -> line.substring(18).strip())
                .findFirst()
                .orElseThrow();
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        return new Masked();
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-1").digest((key + ID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Binary messages; a close ends, all else is left out. */
    final class Masked implements WebPackets {
        @Override
        public byte[] read(Socket socket) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int opcode = in.read();
                if (opcode < 0) {
                    return new byte[0];
                }
                int length = in.readUnsignedByte() & 0x7f;
                if (length == 126) {
                    length = in.readUnsignedShort();
                }
                byte[] mask = in.readNBytes(4);
                byte[] body = in.readNBytes(length);
                for (int i = 0; i < body.length; i++) {
                    body[i] ^= mask[i % 4];
                }
                switch (opcode & 0xf) {
                    case 0, 2 -> {
                        return body;
                    }
                    case 8 -> {
                        return new byte[0];
                    }
                    default -> {}
                }
            }
        }

        @Override
        public void write(Socket socket, byte[] frame) throws IOException {
            ByteBuffer packet = ByteBuffer.allocate(frame.length + 4);
            packet.put((byte) 0x82);
            if (frame.length < 126) {
                packet.put((byte) frame.length);
            } else {
                packet.put((byte) 126).putShort((short) frame.length);
            }
            packet.put(frame);
            OutputStream out = socket.getOutputStream();
            out.write(packet.array(), 0, packet.position());
        }
    }
}
