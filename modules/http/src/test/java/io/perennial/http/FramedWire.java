package io.perennial.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Headers.DynamicTable;
import io.helidon.http.http2.Http2HuffmanDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;

/// One HTTP/2 connection to a server, frame by frame: it sends what it is told to, and grants nothing by itself.
final class FramedWire implements AutoCloseable {
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    static final int RST_STREAM = 0x3;
    static final int SETTINGS = 0x4;
    static final int PING = 0x6;
    static final int GOAWAY = 0x7;
    static final int WINDOW_UPDATE = 0x8;
    static final int CONTINUATION = 0x9;
    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int MAX_CONCURRENT_STREAMS = 0x3;
    static final int INITIAL_WINDOW = 0x4;
    private static final int PIECE_BYTES = 16_000;
    private static final int WIDE = 1 << 30;

    private final Wire wire;
    private final DynamicTable table = DynamicTable.create(4_096);
    private final Http2HuffmanDecoder huffman = Http2HuffmanDecoder.create();
    private final Map<Integer, Queue<Frame>> received = new HashMap<>();
    // Decoded as they come: the compression is the connection's.
    private final IdentityHashMap<Frame, Http2Headers> heads = new IdentityHashMap<>();
    private int lastStream = -1;
    private int concurrentStreams;

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares frames.
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean isEnd() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /// Of a reset or a farewell.
        int errorCode() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    record Reply(int status, Http2Headers head, String body) {
        String header(String name) {
            return head.httpHeaders()
                    .first(HeaderNames.create(name))
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + head));
        }
    }

    private FramedWire(Wire wire) {
        this.wire = wire;
    }

    /// By prior knowledge, with all the room for answers that a connection may have, and the usual 65,535 for a stream.
    static FramedWire to(int port) throws IOException {
        FramedWire framed = new FramedWire(Wire.to(port));
        framed.wire.send(PREFACE);
        return framed.greet();
    }

    /// The other way round: much room for each answer, and the usual 65,535 for all of them together.
    static FramedWire narrow(int port) throws IOException {
        FramedWire framed = new FramedWire(Wire.to(port));
        framed.wire.send(PREFACE);
        return framed.window(WIDE);
    }

    /// Where the server has agreed to go on with HTTP/2 after a first request, which is stream 1.
    static FramedWire upgraded(Wire wire) throws IOException {
        FramedWire framed = new FramedWire(wire);
        framed.lastStream = 1;
        wire.send(PREFACE);
        return framed.greet();
    }

    private FramedWire greet() throws IOException {
        frame(SETTINGS, 0, 0, new byte[0]);
        grant(0, WIDE);
        return this;
    }

    Wire wire() {
        return wire;
    }

    int concurrentStreams() {
        return concurrentStreams;
    }

    FramedWire frame(int type, int flags, int stream, byte[] payload) throws IOException {
        wire.send(ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
        return this;
    }

    /// A request without a body.
    int request(String method, String target, String... headers) throws IOException {
        return open(END_STREAM, method, target, headers);
    }

    /// A request whose body follows.
    int begin(String method, String target, String... headers) throws IOException {
        return open(0, method, target, headers);
    }

    /// A request whose headers take more than one frame.
    int continued(String method, String target) throws IOException {
        lastStream += 2;
        byte[] block = block(method, target);
        frame(HEADERS, END_STREAM, lastStream, Arrays.copyOf(block, PIECE_BYTES));
        frame(CONTINUATION, END_HEADERS, lastStream, Arrays.copyOfRange(block, PIECE_BYTES, block.length));
        return lastStream;
    }

    private int open(int flags, String method, String target, String... headers) throws IOException {
        lastStream += 2;
        frame(HEADERS, flags | END_HEADERS, lastStream, block(method, target, headers));
        return lastStream;
    }

    /// Of headers as `name: value`, each a literal that isn't indexed.
    static byte[] block(String method, String target, String... headers) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        // Named by their place in the static table, as everybody does, and as Helidon insists on.
        block.write(2);
        text(block, method);
        block.write(6);
        text(block, "http");
        block.write(1);
        text(block, "localhost");
        block.write(4);
        text(block, target);
        for (String header : headers) {
            int colon = header.indexOf(": ");
            block.write(0);
            text(block, header.substring(0, colon));
            text(block, header.substring(colon + 2));
        }
        return block.toByteArray();
    }

    // A length of 7 bits, or 127 and the rest in groups of 7, the lowest first.
    private static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        block.write(Math.min(length, 127));
        for (int rest = length - 127; rest >= 0; rest = rest < 128 ? -1 : rest >> 7) {
            block.write(rest < 128 ? rest : (rest & 127) | 128);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    FramedWire data(int stream, String data) throws IOException {
        return frame(DATA, 0, stream, data.getBytes(StandardCharsets.UTF_8));
    }

    FramedWire end(int stream, String data) throws IOException {
        return frame(DATA, END_STREAM, stream, data.getBytes(StandardCharsets.UTF_8));
    }

    FramedWire reset(int stream) throws IOException {
        return frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    FramedWire grant(int stream, int bytes) throws IOException {
        return frame(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /// Says how much of each answer may be on its way.
    FramedWire window(int bytes) throws IOException {
        return frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort((short) INITIAL_WINDOW)
                        .putInt(bytes)
                        .array());
    }

    /// What comes next, of whichever stream.
    Frame next() throws IOException {
        ByteBuffer head = ByteBuffer.wrap(wire.bytes(9));
        int lengthAndType = head.getInt();
        Frame frame = new Frame(lengthAndType & 0xff, head.get(), head.getInt(), wire.bytes(lengthAndType >>> 8));
        if (frame.type() == SETTINGS && frame.flags() != ACK) {
            ByteBuffer settings = ByteBuffer.wrap(frame.payload());
            while (settings.hasRemaining()) {
                int setting = settings.getShort();
                int value = settings.getInt();
                concurrentStreams = setting == MAX_CONCURRENT_STREAMS ? value : concurrentStreams;
            }
            frame(SETTINGS, ACK, 0, new byte[0]);
        } else if (frame.type() == HEADERS) {
            heads.put(frame, decoded(frame));
        }
        return frame;
    }

    /// The next frame of an answer, whatever other answers come before it.
    Frame next(int stream) throws IOException {
        Queue<Frame> waiting = received.computeIfAbsent(stream, _ -> new ArrayDeque<>());
        while (waiting.isEmpty()) {
            Frame frame = next();
            if (frame.type() == GOAWAY) {
                throw new AssertionError("the server ends the connection with code " + frame.errorCode());
            }
            if (frame.type() == DATA || frame.type() == HEADERS || frame.type() == RST_STREAM) {
                received.computeIfAbsent(frame.stream(), _ -> new ArrayDeque<>())
                        .add(frame);
            }
        }
        return waiting.remove();
    }

    /// How the server ends the connection.
    Frame farewell() throws IOException {
        Frame frame = next();
        while (frame.type() != GOAWAY) {
            frame = next();
        }
        return frame;
    }

    /// Status and headers of an answer.
    Reply head(int stream) throws IOException {
        Frame frame = next(stream);
        if (frame.type() != HEADERS) {
            throw new AssertionError("no head of an answer: " + frame);
        }
        Http2Headers head = Objects.requireNonNull(heads.remove(frame));
        return new Reply(head.status().code(), head, frame.isEnd() ? "" : "...");
    }

    @SuppressWarnings("NullAway") // The stream is asked for where a frame has a priority.
    private Http2Headers decoded(Frame frame) {
        BufferData header = BufferData.create(ByteBuffer.allocate(9)
                .putInt(frame.payload().length << 8 | frame.type())
                .put((byte) frame.flags())
                .putInt(frame.stream())
                .array());
        return Http2Headers.create(
                null,
                table,
                huffman,
                new Http2FrameData(Http2FrameHeader.create(header), BufferData.create(frame.payload())));
    }

    /// An answer as a whole.
    Reply reply(int stream) throws IOException {
        Reply head = head(stream);
        return head.body().isEmpty() ? head : new Reply(head.status(), head.head(), rest(stream));
    }

    /// What comes until the proper end of an answer.
    String rest(int stream) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Frame frame = next(stream);
        while (!frame.isEnd()) {
            body.writeBytes(data(frame));
            frame = next(stream);
        }
        if (frame.type() == DATA) {
            body.writeBytes(frame.payload());
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /// As much of an answer, which goes on.
    String text(int stream, int bytes) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (text.size() < bytes) {
            text.writeBytes(data(next(stream)));
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static byte[] data(Frame frame) {
        if (frame.type() != DATA) {
            throw new AssertionError("no data, but of type " + frame.type() + ", code "
                    + (frame.type() == RST_STREAM ? frame.errorCode() : -1));
        }
        return frame.payload();
    }

    Reply get(String target, String... headers) throws IOException {
        return reply(request("GET", target, headers));
    }

    /// Posts without saying how long the body is.
    Reply post(String target, String body) throws IOException {
        int stream = begin("POST", target);
        end(stream, body);
        return reply(stream);
    }

    @Override
    public void close() {
        wire.close();
    }
}
