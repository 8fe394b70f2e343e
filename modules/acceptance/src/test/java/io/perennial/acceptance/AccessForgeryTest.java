package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What somebody tries who may read some streams and wants the others: none of it works.
@Timeout(120)
class AccessForgeryTest {
    private static final String SECRET = "nobody's business";

    private static final List<String> BEFORE = List.of(
            "/v1/stream/public/",
            "/v1/stream/public//",
            "/v1/stream//public/",
            "/v1/stream/",
            "/streams/public/",
            "/stream/events?stream=public/",
            "/stream/events?stream=public%2F",
            "/stream/events?sessionId=",
            "/stream/events?sessionId=public/",
            "/v1/stream/public/x?stream=",
            "/stream/events?stream=public/x&stream=",
            "/stream/events?sessionId=public&stream=");
    private static final List<String> AWAY = List.of(
            "../secret/s",
            "../../stream/secret/s",
            "..%2Fsecret%2Fs",
            "..%2fsecret/s",
            "%2e%2e/secret/s",
            "%2E%2E%2Fsecret%2Fs",
            ".%2e/secret/s",
            "%252e%252e/secret/s",
            "..%252fsecret%252fs",
            "./../secret/s",
            ".//..//secret/s",
            "..;/secret/s",
            "..;x=1/secret/s",
            "..\\secret\\s",
            "%5c..%5csecret%5cs",
            "%c0%ae%c0%ae/secret/s",
            "%c0%ae%c0%ae%c0%afsecret%c0%afs",
            "%e0%80%ae%e0%80%ae/secret/s",
            "..%00/secret/s",
            "%00/../secret/s",
            "..%0d%0a/secret/s",
            "%u002e%u002e/secret/s",
            "\u2024\u2024/secret/s",
            "secret/s",
            "secret%2Fs",
            "/secret/s",
            "%2Fsecret%2Fs",
            "SECRET/s",
            "*/../../secret/s",
            "**",
            "x/..;/../secret/s");

    @AutoClose
    private final Machine machine = new Machine();

    private Server server;
    private String some;
    private String all;

    @BeforeEach
    void start() throws Exception {
        all = machine.token("all", "--allow", "read:**", "--allow", "create:**", "--allow", "append:**");
        some = machine.token("some", "--allow", "read:public/**", "--allow", "read:public");
        server = machine.server("--require-auth");
        for (String stream : List.of("public/s", "secret/s")) {
            String text = stream.startsWith("secret") ? SECRET : "for everybody";
            assertEquals(
                    201,
                    server.client()
                            .send(
                                    "PUT",
                                    "/v1/stream/" + stream,
                                    text,
                                    "Authorization",
                                    "Bearer " + all,
                                    "Content-Type",
                                    "text/plain")
                            .statusCode());
        }
    }

    private Wire.Answer ask(String target, String... headers) throws IOException {
        return Wire.exchange(server.url(), Wire.request("GET", target, headers));
    }

    // In any form in which a face shows it.
    private static boolean tells(String body) {
        String base64 =
                java.util.Base64.getEncoder().encodeToString(SECRET.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return body.contains(SECRET) || body.contains(base64) || body.contains("\"path\":\"secret");
    }

    @Test
    void no_spelling_of_a_path_leads_out_of_what_may_be_read() throws Exception {
        assertTrue(tells(
                ask("/v1/stream/secret/s", "Authorization", "Bearer " + all).body()));
        assertTrue(tells(ask("/stream/events?stream=secret/s", "Authorization", "Bearer " + all)
                .body()));
        assertEquals(
                "for everybody",
                ask("/v1/stream/public/s", "Authorization", "Bearer " + some).body());
        int cases = 0;
        for (String before : BEFORE) {
            for (String away : AWAY) {
                Wire.Answer answer = ask(before + away, "Authorization", "Bearer " + some);
                assertFalse(tells(answer.body()), before + away + ": " + answer);
                assertTrue(answer.status() < 500, before + away + ": " + answer);
                cases++;
            }
        }
        assertTrue(cases > 200, cases + " cases");
    }

    @Test
    void no_other_place_for_a_token_is_one() throws Exception {
        String secret = "/v1/stream/secret/s";
        List<String[]> tries = new ArrayList<>(List.of(
                new String[] {"Cookie", "token=" + all},
                new String[] {"X-Api-Key", all},
                new String[] {"Proxy-Authorization", "Bearer " + all},
                new String[] {"Authorization", all},
                new String[] {"Authorization", "Basic " + all},
                new String[] {"Authorization", "Bearer"},
                new String[] {"Authorization", "Bearer " + all + ", Bearer " + some},
                new String[] {"Authorization", "Bearer " + some + " " + all},
                new String[] {"Authorization", "Bearer \"" + all + "\""},
                new String[] {"Authorization", "Bearer " + all + "\u00a0"},
                new String[] {"Authorization", "Bearer " + some, "Authorization", "Bearer " + all},
                new String[] {"Authorization", "Bearer " + all, "Authorization", "Bearer " + all},
                new String[] {"X-Forwarded-For", "127.0.0.1", "Forwarded", "for=127.0.0.1;host=localhost"}));
        for (String[] headers : tries) {
            Wire.Answer answer = ask(secret, headers);
            assertFalse(tells(answer.body()), String.join(" ", headers));
            assertEquals(401, answer.status(), String.join(" ", headers));
        }
        for (String query : List.of("access_token=", "token=", "authorization=Bearer%20", "key=")) {
            assertEquals(401, ask(secret + "?" + query + all).status(), query);
        }
        for (String override :
                List.of("X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "X-Forwarded-Prefix")) {
            Wire.Answer answer = ask("/v1/stream/public/s", "Authorization", "Bearer " + some, override, secret);
            assertFalse(tells(answer.body()), override);
        }
    }

    @Test
    void a_request_within_another_is_not_answered() throws Exception {
        String inner = Wire.request("GET", "/v1/stream/secret/s", "Authorization", "Bearer nobody");
        List<String> outer = List.of(
                "GET /v1/stream/public/s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + some
                        + "\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
                "GET /v1/stream/public/s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + some + "\r\nContent-Length: "
                        + inner.length() + "\r\n\r\n" + inner,
                "GET /v1/stream/public/s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + some
                        + "\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + inner);
        for (String request : outer) {
            try (Wire wire = Wire.connect(server.url())) {
                wire.send(request);
                Wire.Answer first = wire.answer();
                assertFalse(tells(first.body()), request);
                // What follows, if anything does, is a request of its own, of nobody.
                try {
                    assertTrue(wire.answer().status() >= 400, request);
                } catch (IOException e) {
                    // It has closed the connection.
                }
            }
        }
    }
}
