package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseTest {
    @Test
    void a_named_event_is_its_type_and_its_data() {
        assertEquals("event: heartbeat\ndata: {}\n\n", text(Sse.named("heartbeat", "{}")));
    }

    @Test
    void a_line_end_of_any_kind_begins_another_line_of_data() {
        assertEquals("data: [1,\ndata: 2]\n\n", text(Sse.plain(bytes("[1,\n2]"))));
        assertEquals("data: [1,\ndata: 2]\n\n", text(Sse.plain(bytes("[1,\r\n2]"))));
        assertEquals("data: [1,\ndata: 2]\n\n", text(Sse.plain(bytes("[1,\r2]"))));
        assertEquals("data: [1,\ndata: \ndata: 2]\n\n", text(Sse.plain(bytes("[1,\n\r2]"))));
        assertEquals("data: [1,\ndata: \ndata: 2]\n\n", text(Sse.plain(bytes("[1,\r\n\r\n2]"))));
        assertEquals("data: [1,\ndata: \ndata: 2]\n\n", text(Sse.plain(bytes("[1,\r\r2]"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}",
                "{\n  \"a\": 1,\n  \"b\": [\n    1\n  ]\n}",
                "{\r\n\"a\":\r\n1}",
                "[\r1\r,\r\n2\n\r,3]",
                "[ 1,\n  2]",
                "\"data: x\\n\\nevent: closed\"",
                "{\"id: 1\":\n\"retry: 1\"}",
                "1"
            })
    void an_event_source_puts_the_same_value_together_again(String json) {
        List<SseEvent> events = SseEvent.parse(text(Sse.plain(bytes(json))));

        assertEquals(1, events.size());
        assertEquals(value(json), value(events.getFirst().data()));
    }

    @Test
    void any_json_comes_through_as_one_event() {
        Random random = new Random(20_260_102);
        for (int i = 0; i < 2_000; i++) {
            String json = json(random, 4);
            List<SseEvent> events = SseEvent.parse(text(Sse.plain(bytes(json))));

            assertEquals(1, events.size(), json);
            assertEquals(value(json), value(events.getFirst().data()), json);
        }
    }

    private static String json(Random random, int depth) {
        String space = space(random);
        return space
                + switch (random.nextInt(depth == 0 ? 3 : 5)) {
                    case 0 -> "1.0";
                    case 1 -> "\" \\n\\r : data: \u0085\u2028 \"";
                    case 2 -> "null";
                    case 3 -> "[" + json(random, depth - 1) + "," + json(random, depth - 1) + "]";
                    default -> "{" + space + "\"event\"" + space(random) + ":" + json(random, depth - 1) + "}";
                }
                + space(random);
    }

    private static String space(Random random) {
        return List.of("", "", "\n", "\r", "\r\n", " ", "\n\r", "\t\n  ", "\r\r\n\n")
                .get(random.nextInt(9));
    }

    private static JsonValue value(String json) {
        try (JsonReader reader = JsonText.provider().createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
