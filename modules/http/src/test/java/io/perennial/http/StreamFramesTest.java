package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bytes of the protocol's live answers, and what a client makes of them.
@Timeout(60)
class StreamFramesTest {
    @TempDir
    Path directory;

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start() {
        server = TestServer.on(directory, TestServer.config(200, Duration.ofHours(1), 10));
        streams = new Streams(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_page_of_json_is_an_array() throws Exception {
        streams.created("s", Streams.JSON);
        streams.appended("s", "{\"k\":\"v\"}", Streams.JSON);
        String tail = streams.appended("s", "[1, [2]]", Streams.JSON);
        assertEquals(data(tail, "data:[{\"k\":\"v\"},1,[2]]\n"), first());
    }

    @Test
    void line_ends_within_json_begin_lines_of_data() throws Exception {
        streams.created("s", Streams.JSON);
        String tail = streams.appended("s", "{\r\n  \"a\":\n 1,\r\r\"b\": \"\\n\"\n}", Streams.JSON);
        assertEquals(data(tail, "data:[{\ndata:   \"a\":\ndata:  1,\ndata:\ndata:\"b\": \"\\n\"\ndata:}]\n"), first());
    }

    @Test
    void text_is_as_it_is_line_by_line() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", "a\nb\r\nc\rd\n\ne\n", Streams.TEXT);
        assertEquals(data(tail, "data:a\ndata:b\ndata:c\ndata:d\ndata:\ndata:e\ndata:\n"), first());
    }

    @Test
    void a_space_that_begins_a_line_is_kept_and_only_then_one_is_put_before_it() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", " a\n  b\n\tc\n: d\ndata:e", Streams.TEXT);
        assertEquals(data(tail, "data:  a\ndata:   b\ndata:\tc\ndata:: d\ndata:data:e\n"), first());
        assertEquals(
                " a\n  b\n\tc\n: d\ndata:e", SseEvent.parse(first()).getFirst().data());
    }

    @Test
    void a_text_of_line_ends_alone_is_told_too() throws Exception {
        streams.created("s", Streams.TEXT);
        String tail = streams.appended("s", "\n", Streams.TEXT);
        assertEquals(data(tail, "data:\ndata:\n"), first());
    }

    @Test
    void bytes_are_one_line_of_base64() throws Exception {
        streams.created("s", Streams.BYTES);
        assertEquals(
                204,
                streams.post("s", new byte[] {0, (byte) 0xff, 10, 13}, Streams.BYTES)
                        .status());
        String tail = streams.appended("s", "\u00e9", Streams.BYTES);
        assertEquals(data(tail, "data:AP8KDcOp\n"), first());
    }

    @Test
    void the_bytes_of_all_pages_are_what_was_written() throws Exception {
        Random random = new Random(5);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        streams.created("s", Streams.BYTES);
        for (int i = 0; i < 30; i++) {
            byte[] piece = new byte[1 + random.nextInt(150)];
            random.nextBytes(piece);
            written.writeBytes(piece);
            assertEquals(204, streams.post("s", piece, Streams.BYTES).status());
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (SseEvent event : all()) {
            if (event.type().equals("data")) {
                read.writeBytes(Base64.getDecoder().decode(event.data()));
            }
        }
        assertArrayEquals(written.toByteArray(), read.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_client_makes_the_same_text_of_it_but_for_the_kind_of_line_ends(long seed) throws Exception {
        Random random = new Random(seed);
        StringBuilder written = new StringBuilder();
        streams.created("s", "Content-Type: text/markdown; charset=utf-8");
        for (int i = 0; i < 40; i++) {
            // No piece begins with the second half of a line end.
            StringBuilder piece = new StringBuilder("|");
            for (int part = random.nextInt(12); part >= 0; part--) {
                piece.append(List.of(
                                "a",
                                " ",
                                "\n",
                                "\r\n",
                                "\r",
                                "\u00e9\u4e2d\ud83d\ude00",
                                ":",
                                "id: 7\n",
                                "\u0000",
                                "\u2028")
                        .get(random.nextInt(10)));
            }
            written.append(piece);
            streams.appended("s", piece.toString(), "Content-Type: text/markdown");
        }
        StringBuilder read = new StringBuilder();
        all().stream().filter(event -> event.type().equals("data")).forEach(event -> read.append(event.data()));
        assertEquals(written.toString().replaceAll("\r\n|\r", "\n"), read.toString());
    }

    @Test
    void every_event_has_its_id_and_every_page_its_control() throws Exception {
        streams.created("s", Streams.JSON);
        for (int i = 0; i < 20; i++) {
            streams.appended("s", "\"" + "x".repeat(90) + "\"", Streams.JSON);
        }
        List<SseEvent> events = all();
        assertEquals(0, events.size() % 2);
        for (int i = 0; i < events.size(); i += 2) {
            SseEvent data = events.get(i);
            SseEvent control = events.get(i + 1);
            assertEquals("data", data.type());
            assertEquals("control", control.type());
            assertEquals(data.lastEventId(), control.lastEventId());
            assertEquals(
                    data.lastEventId(),
                    JsonText.object(control.data().getBytes(StandardCharsets.UTF_8))
                            .getString("streamNextOffset"));
        }
    }

    private static String data(String next, String lines) {
        return "id: " + next + "\nevent: data\n" + lines + "\n";
    }

    private String first() throws Exception {
        try (Followed followed = streams.follow("s?offset=-1&live=sse")) {
            return followed.frame();
        }
    }

    // Of a stream that is closed for it, or it would have no end.
    private List<SseEvent> all() throws Exception {
        streams.close("s");
        try (Followed followed = streams.follow("s?offset=-1&live=sse")) {
            return SseEvent.parse(followed.rest());
        }
    }
}
