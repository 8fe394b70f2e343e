package io.perennial.acceptance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Random;

/// What a client may send over HTTP/2 and none should: frames that are right, spoilt ones, and noise.
final class FrameNoise {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Random random;
    private final Requests requests;
    private int stream = -1;

    FrameNoise(Random random) {
        this.random = random;
        this.requests = new Requests(random);
    }

    /// A connection, from its preface on.
    byte[] connection() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Requests.bytes(PREFACE));
        out.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            out.writeBytes(next());
        }
        byte[] all = out.toByteArray();
        for (int i = random.nextInt(3) == 0 ? random.nextInt(4) : 0; i > 0; i--) {
            all[random.nextInt(PREFACE.length(), all.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return all;
    }

    private byte[] next() {
        return switch (random.nextInt(10)) {
            case 0 -> noise();
            case 1 -> frame(SETTINGS, random.nextInt(2), 0, settings());
            case 2 ->
                frame(
                        WINDOW_UPDATE,
                        0,
                        anyStream(),
                        ByteBuffer.allocate(4).putInt(random.nextInt()).array());
            case 3 -> frame(CONTINUATION, END_HEADERS, anyStream(), block());
            case 4 -> frame(HEADERS, random.nextInt(256), anyStream(), block());
            case 5 -> frame(random.nextInt(12), random.nextInt(256), anyStream(), bytes(random.nextInt(64)));
            default -> request();
        };
    }

    private byte[] request() {
        stream += 2;
        boolean hasBody = random.nextBoolean();
        byte[] head = frame(HEADERS, END_HEADERS | (hasBody ? 0 : END_STREAM), stream, block());
        byte[] body = Requests.bytes(requests.body());
        return hasBody ? joined(head, frame(DATA, random.nextInt(5) == 0 ? 0 : END_STREAM, stream, body)) : head;
    }

    private int anyStream() {
        return random.nextInt(3) == 0 ? random.nextInt(-5, 50) : Math.max(0, stream);
    }

    private byte[] settings() {
        ByteBuffer settings = ByteBuffer.allocate(12);
        for (int i = 0; i < 2; i++) {
            settings.putShort((short) random.nextInt(9))
                    .putInt(random.nextBoolean() ? random.nextInt() : random.nextInt(70_000));
        }
        return settings.array();
    }

    // Literals, of which some are indexed; the four that every request has by their place in the static table.
    private byte[] block() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = random.nextInt(6); i < 2; i++) {
            // A change of the table's size: to less than 31, or to what takes more bytes.
            block.write(0x20 | random.nextInt(32));
        }
        literal(block, 2, requests.method());
        literal(block, 6, "http");
        literal(block, 1, "localhost");
        literal(block, 4, requests.target());
        for (int i = random.nextInt(4); i > 0; i--) {
            String[] header = requests.header().split(": ", 2);
            boolean isIndexed = random.nextBoolean();
            block.write(isIndexed ? 0x40 : 0);
            text(block, random.nextInt(10) == 0 ? header[0] : header[0].toLowerCase(Locale.ROOT));
            text(block, header[1]);
        }
        byte[] bytes = block.toByteArray();
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void literal(ByteArrayOutputStream block, int name, String value) {
        block.write(name);
        text(block, value);
    }

    // All that is written here is shorter than 127.
    private static void text(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(Requests.bytes(text));
    }

    private byte[] noise() {
        return bytes(random.nextInt(1, 200));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] frame(int type, int flags, int stream, byte[] payload) {
        int length = random.nextInt(20) == 0 ? random.nextInt(1 << 24) : payload.length;
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }
}
