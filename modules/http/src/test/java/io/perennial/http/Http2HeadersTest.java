package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The headers of requests over HTTP/2 as their frames bring them: what is proper is read, and of what isn't the client
/// is told.
@Timeout(60)
class Http2HeadersTest {
    private static final int LAST = FramedWire.END_STREAM | FramedWire.END_HEADERS;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final int PROTOCOL = 0x1;
    private static final int FRAME_SIZE = 0x6;
    private static final int COMPRESSION = 0x9;

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("changesOfTheTable")
    void a_change_of_the_table_of_headers_is_taken_as_the_standard_says(byte[] change, int code) throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            byte[] block = FramedWire.block("GET", "/servers");
            // An entry of the table, which has to be gone when it is made smaller.
            byte[] entry = {0x40, 1, 'a', 1, 'b'};
            wire.frame(FramedWire.HEADERS, LAST, 1, joined(block, entry));
            assertEquals(200, wire.reply(1).status());
            wire.frame(FramedWire.HEADERS, LAST, 3, joined(change, block, entry));
            if (code == 0) {
                assertEquals(200, wire.reply(3).status());
                // The newest entry is the first after the 61 that everybody has.
                wire.frame(FramedWire.HEADERS, LAST, 5, joined(block, new byte[] {(byte) (0x80 | 62)}));
                assertEquals(200, wire.reply(5).status());
            } else {
                assertEquals(code, wire.farewell().errorCode());
            }
        }
        assertEquals(200, server.get("/servers").status());
    }

    static Stream<Arguments> changesOfTheTable() {
        return Stream.of(
                arguments(named("to nothing", new byte[] {0x20}), 0),
                arguments(named("to nothing and back", new byte[] {0x20, 0x3f, (byte) 0xe1, 0x1f}), 0),
                arguments(named("to a little", new byte[] {0x22}), 0),
                arguments(named("to more than it may have", new byte[] {0x3f, (byte) 0xe2, 0x1f}), COMPRESSION),
                arguments(named("to less than nothing", new byte[] {0x3f, -1, -1, -1, -1, 0x0f}), COMPRESSION),
                arguments(named("that has no end", new byte[] {0x3f, -1, -1, -1, -1, -1, -1, -1, -1}), COMPRESSION),
                arguments(named("after a header", new byte[] {(byte) 0x82, 0x20}), COMPRESSION));
    }

    @ParameterizedTest
    @MethodSource("malformedHeaders")
    void malformed_headers_end_the_connection_with_what_is_wrong(
            int type, int flags, int stream, byte[] payload, int code) throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            byte[] block = FramedWire.block("GET", "/servers");
            wire.frame(FramedWire.HEADERS, LAST, 1, block);
            assertEquals(200, wire.reply(1).status());
            wire.frame(FramedWire.HEADERS, FramedWire.END_STREAM, 3, Arrays.copyOf(block, 6));
            wire.frame(type, flags, stream, payload);
            assertEquals(code, wire.farewell().errorCode());
        }
        assertEquals(200, server.get("/servers").status());
    }

    static Stream<Arguments> malformedHeaders() {
        byte[] none = {};
        int end = FramedWire.END_HEADERS;
        return Stream.of(
                arguments(named("another frame", FramedWire.PING), 0, 0, new byte[8], PROTOCOL),
                arguments(named("other headers", FramedWire.HEADERS), end, 5, none, PROTOCOL),
                arguments(named("more, of another", FramedWire.CONTINUATION), end, 5, none, PROTOCOL),
                arguments(named("an end in the middle", FramedWire.CONTINUATION), end, 3, none, COMPRESSION),
                arguments(
                        named("a text of 2 GiB", FramedWire.CONTINUATION),
                        end,
                        3,
                        new byte[] {0x7f, -1, -1, -1, 7},
                        COMPRESSION),
                arguments(named("a long frame", FramedWire.CONTINUATION), end, 3, new byte[16_385], FRAME_SIZE));
    }

    @Test
    void headers_with_padding_and_priority_are_read_without() throws Exception {
        try (FramedWire wire = FramedWire.to(server.port())) {
            byte[] block = FramedWire.block("GET", "/servers");
            byte[] before = {3, 0, 0, 0, 0, 16};
            wire.frame(FramedWire.HEADERS, LAST | PADDED | PRIORITY, 1, joined(before, block, new byte[3]));
            assertEquals(200, wire.reply(1).status());
            wire.frame(FramedWire.HEADERS, LAST | PADDED, 3, new byte[] {3, 0, 0});
            assertEquals(PROTOCOL, wire.farewell().errorCode());
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
