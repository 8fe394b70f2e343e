package io.perennial.http;

import static io.perennial.http.ControlClient.ROOT;
import static io.perennial.http.ControlClient.SUBSCRIPTIONS;
import static io.perennial.http.ControlClient.assertProblem;
import static io.perennial.http.ControlClient.pullWake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ControlRoutesTest {
    private static final String ID_RULE = "a subscription's id has 1 to 128 of A-Z a-z 0-9 - . _ ~ : @";

    @TempDir
    Path directory;

    private TestServer server;
    private ControlClient client;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
        client = new ControlClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/subscriptions",
                "/jwks.json/",
                "/jwks",
                "/JWKS.json",
                "/x",
                "/subscriptions/s/",
                "/subscriptions/s/x",
                "/subscriptions/s/streams/",
                "/subscriptions/s/claim/x",
                "/subscriptions/s/Claim",
                "/subscriptions/s//claim"
            })
    void what_is_nowhere_is_404_in_the_protocols_shape(String path) throws Exception {
        for (String method : List.of("GET", "PUT", "POST", "DELETE", "OPTIONS")) {
            Answer answer = server.request(method, ROOT + path + "?a=b");

            assertProblem(404, "NOT_FOUND", "there is nothing at " + ROOT + path, answer);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/jwks.json,'GET, HEAD, OPTIONS'",
        "/subscriptions/s,'GET, HEAD, PUT, DELETE, OPTIONS'",
        "/subscriptions/s/streams,'POST, OPTIONS'",
        "/subscriptions/s/streams/a/b,'DELETE, OPTIONS'",
        "/subscriptions/s/claim,'POST, OPTIONS'",
        "/subscriptions/s/callback,'POST, OPTIONS'",
        "/subscriptions/s/ack,'POST, OPTIONS'",
        "/subscriptions/s/release,'POST, OPTIONS'"
    })
    void each_path_says_what_it_takes(String path, String allow) throws Exception {
        Answer options = server.request("OPTIONS", ROOT + path);
        assertEquals(204, options.status());
        assertEquals(allow, options.header("Allow"));
        assertEquals("nosniff", options.header("X-Content-Type-Options"));
        assertFalse(options.has("Content-Type"));

        for (String method : List.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "BREW")) {
            if (!List.of(allow.split(", ", -1)).contains(method)) {
                try (Wire wire = server.wire()) {
                    Answer refused = wire.request(method, ROOT + path).head();
                    assertEquals(405, refused.status(), method);
                    assertEquals(allow, refused.header("Allow"));
                }
            }
        }
    }

    @Test
    void another_method_is_refused_in_words() throws Exception {
        assertProblem(
                405, "METHOD_NOT_ALLOWED", "this takes only POST, OPTIONS", server.get(SUBSCRIPTIONS + "s/claim"));
    }

    @Test
    void a_head_has_the_headers_of_its_get_and_no_body() throws Exception {
        client.pullWake("s");

        for (String path : List.of(SUBSCRIPTIONS + "s", SUBSCRIPTIONS + "nope", ROOT + "/jwks.json", ROOT + "/x")) {
            Answer get = server.get(path);
            try (Wire wire = server.wire()) {
                Answer head = wire.request("HEAD", path).head();
                assertEquals(ControlClient.undated(get), ControlClient.undated(head));
                assertEquals(get.body(), wire.request("GET", path).answer().body(), "right behind it");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"s,s", "a-b.c_d~e:f@g,a-b.c_d~e:f@g", "%73%3a%40,s:@", "...,...", "claim,claim", "__ds,__ds"})
    void an_id_is_the_decoded_segment(String sent, String id) throws Exception {
        assertEquals(201, client.put(sent, pullWake()).status());

        assertEquals(id, ControlClient.field(client.get(sent), "id"));
        assertEquals(id, ControlClient.field(client.get(id), "subscription_id"));
    }

    @Test
    void an_id_has_128_characters_at_most() throws Exception {
        assertEquals(201, client.put("x".repeat(128), pullWake()).status());

        assertProblem(400, "INVALID_REQUEST", ID_RULE, client.put("x".repeat(129), pullWake()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "%2e%2E", "a%2Fb", "a%20b", "a+b", "a%00", "%C3%A9", "a;b", "a*", "a%0A"})
    void what_is_no_id_is_refused_by_every_method(String id) throws Exception {
        for (String method : List.of("GET", "DELETE", "OPTIONS")) {
            assertProblem(400, "INVALID_REQUEST", ID_RULE, server.request(method, SUBSCRIPTIONS + id));
        }
        assertProblem(400, "INVALID_REQUEST", ID_RULE, client.put(id, pullWake()));
        assertProblem(400, "INVALID_REQUEST", ID_RULE, client.post(id + "/claim", "{\"worker\":\"w\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "%FF", "%C3", "\u00e9"})
    void an_id_that_is_not_percent_encoded_utf_8_is_refused(String id) throws Exception {
        Answer answer = client.put(id, pullWake());

        assertEquals(400, answer.status(), answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "a/b,a/b",
        "a%2Fb,a/b",
        "a%252Fb,a%2Fb",
        "%25C3%25A9,%C3%A9",
        "a+b,a+b",
        "a%2Bb,a+b",
        "a//b,a//b",
        "a/,a/",
        "%7Ea,~a"
    })
    void a_link_is_taken_back_by_its_encoded_path(String sent, String path) throws Exception {
        client.pullWake("s");
        assertEquals(
                204,
                client.post("s/streams", "{\"streams\":[\"" + path + "\"]}").status());
        assertEquals(path, ControlClient.field(client.get("s"), "path"));

        Answer answer = server.request("DELETE", SUBSCRIPTIONS + "s/streams/" + sent);

        assertEquals(204, answer.status(), answer.body());
        assertTrue(
                client.get("s").body().contains("\"streams\":[]"),
                client.get("s").body());
    }

    @ParameterizedTest
    @CsvSource({
        "%2Fa,streams: the path begins with an empty segment",
        "a/../b,'streams: the path has the segment .., which would name a folder'",
        "__ds/x,'streams: there is no stream below __ds, which is reserved'",
        "%C3%A9,streams: the path has a character that isn't printable ASCII: percent-encode it",
        "%FF,the stream's path isn't percent-encoded UTF-8",
        "a%25b,streams: the path has a % that isn't followed by two hexadecimal digits"
    })
    void a_path_that_is_no_streams_is_refused(String path, String message) throws Exception {
        client.pullWake("s");

        assertProblem(400, "INVALID_REQUEST", message, server.request("DELETE", SUBSCRIPTIONS + "s/streams/" + path));
    }

    @Test
    void no_page_of_another_origin_is_let_in() throws Exception {
        client.pullWake("s");
        client.event("chats/1", "1");
        String message = "pages of other origins have no say in subscriptions, and so not those of ";

        for (String origin : List.of("https://evil.example", "null", "http://localhost:3000", "http://notlocalhost")) {
            for (String path : List.of("s/claim", "s/streams")) {
                Answer answer = client.post(path, "{\"worker\":\"w\",\"streams\":[\"x\"]}", "Origin: " + origin);
                assertProblem(403, "ORIGIN_NOT_ALLOWED", message + origin, answer);
                assertTrue(answer.all("Access-Control-Allow-Origin").isEmpty());
            }
        }
        assertFalse(client.get("s").body().contains("\"x\""), "nothing was linked");
        assertEquals(200, client.post("s/claim", "{\"worker\":\"w\"}").status(), "nobody has claimed it");
    }

    @Test
    void a_preflight_is_refused_and_gets_no_permission() throws Exception {
        Answer answer = server.request(
                "OPTIONS",
                SUBSCRIPTIONS + "s",
                "Origin: https://evil.example",
                "Access-Control-Request-Method: PUT",
                "Access-Control-Request-Headers: content-type");

        assertEquals(403, answer.status());
        assertFalse(answer.head().toLowerCase(Locale.ROOT).contains("access-control"), answer.head());
    }

    @Test
    void an_empty_origin_is_none_of_the_server() throws Exception {
        assertEquals(403, server.get(ROOT + "/jwks.json", "Origin:").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "https://LOCALHOST"})
    void pages_of_the_server_itself_are_let_in_whoever_ends_their_tls(String origin) throws Exception {
        Answer answer = server.get(ROOT + "/jwks.json", "Origin: " + origin);

        assertEquals(200, answer.status());
        assertFalse(answer.head().contains("Access-Control"), answer.head());
    }
}
