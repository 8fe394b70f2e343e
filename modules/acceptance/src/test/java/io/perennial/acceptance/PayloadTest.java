package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What goes in comes out, byte for byte, by catch-up, live and on the bus; and no session gets another's.
class PayloadTest {
    @AutoClose
    private static final Machine MACHINE = new Machine();

    private static Server server;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        server = MACHINE.server();
        client = server.client();
    }

    static Stream<String> payloads() {
        return Stream.of(
                "null",
                "true",
                "0",
                "-1.5e300",
                "1e400",
                "12345678901234567890.123456789",
                "\"\"",
                "[]",
                "{}",
                "[1,[2,[3]],null]",
                "{\"a\":1,\"a\":2}",
                "{\"a\":".repeat(100) + "1" + "}".repeat(100),
                "\"😀 日本語 \\u0000 \\ud83d\\ude00 / \\/ \\\\ \u2028\"",
                "{\n  \"two\": \"lines\",\r\n\t\"three\": [\r]\n}",
                "{\"data\":\"id: 1\\n\\nevent: heartbeat\"}",
                "\"" + "x".repeat(1 << 20) + "\"");
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void a_payload_comes_out_as_it_went_in(String payload) throws Exception {
        String session = "payload " + payload.hashCode() + " " + payload.length();
        try (EventStream live = server.follow(session);
                EventStream bus = EventStream.open(server.url(), "/event" + query(session))) {
            live.takeCaughtUp("-1");
            bus.next();
            String offset = client.append(session, payload);
            String entry = "{\"offset\":\"" + offset + "\",\"event\":" + payload + "}";
            assertEquals("[" + entry + "]", client.get(Client.path(session)).body());
            // SSE knows one kind of line end.
            String lines = payload.replaceAll("\r\n?", "\n");
            assertEquals(
                    "{\"offset\":\"" + offset + "\",\"event\":" + lines + "}",
                    live.next().data());
            assertEquals(
                    "{\"sessionId\":\"" + session + "\",\"offset\":\"" + offset + "\",\"event\":" + lines + "}",
                    bus.next().data());
        }
    }

    private static String query(String session) {
        return Client.path(session).substring("/stream/events".length());
    }

    static Stream<String> sessions() {
        return Stream.of(
                "a/b",
                "/",
                "//",
                "a/",
                "/a",
                "a:b",
                "C:\\x",
                "\\",
                "100%",
                "%41",
                "%2F",
                "a b",
                "a+b",
                "a&b=c",
                "a#b",
                "?",
                "...",
                "~",
                "-1",
                "now",
                "__registry__",
                "日本語",
                "😀",
                "a\"b",
                "a\nb",
                "a\u0000b",
                "{}",
                "'",
                "x".repeat(500),
                "日".repeat(500),
                "./..",
                "é",
                "e\u0301");
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void a_session_of_any_name_holds_what_it_was_given(String session) throws Exception {
        String event = "\"of " + session.hashCode() + "\"";
        try (EventStream live = server.follow(session)) {
            live.takeCaughtUp("-1");
            String offset = client.append(session, event);
            assertEquals(event, live.take(1).getFirst().event().toString());
            assertEquals(
                    List.of(new Client.Stored(
                            offset, Client.json("[" + event + "]").asJsonArray().getFirst())),
                    client.read(session, "-1").events());
        }
    }

    @Test
    void sessions_that_look_alike_do_not_mix() throws Exception {
        List<String> alike = List.of(
                "like", "like ", " like", "Like", "like/", "like%2F", "like/1", "like1", "lik", "like%", "like_",
                "l_ke");
        for (String session : alike) {
            client.append(session, "\"" + session + "\"");
        }
        for (String session : alike) {
            assertEquals(
                    List.of("\"" + session + "\""),
                    client.read(session, "-1").events().stream()
                            .map(stored -> stored.event().toString())
                            .toList());
        }
    }

    @Test
    void an_array_is_one_event() throws Exception {
        client.append("array", "[1,2,3]");
        assertEquals(1, client.read("array", "-1").events().size());
    }

    @Test
    void an_event_larger_than_a_page_is_a_page() throws Exception {
        String large = "\"" + "x".repeat(3 << 20) + "\"";
        client.append("large", large);
        client.append("large", "2");
        assertEquals(1, client.read("large", "-1").events().size());
        assertEquals(2, client.readAll("large", "-1").size());
    }

    @Test
    void a_head_has_the_headers_of_a_get_and_no_body() throws Exception {
        client.append("head", "1");
        HttpResponse<String> get = client.get(Client.path("head"));
        HttpResponse<String> head = client.send("HEAD", Client.path("head"), "");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        for (String name : List.of("Stream-Next-Offset", "Stream-Up-To-Date", "Content-Type", "Content-Length")) {
            assertEquals(get.headers().allValues(name), head.headers().allValues(name), name);
        }
    }

    @Test
    void a_head_of_a_live_read_has_no_body_either_and_ends() throws Exception {
        try (Wire wire = Wire.connect(server.url())) {
            wire.send(Wire.request("HEAD", Client.live("head live")) + Wire.request("GET", Client.path("head live")));
            Wire.Head head = wire.head();
            assertTrue(head.status() == 200 || head.status() == 405, "status " + head.status());
            assertEquals(200, wire.answer().status(), "the answer to the request after it");
        }
    }
}
