package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Append;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServersTest {
    private static final String ID = "must be 1 to 200 characters, none of them a control character";
    private static final String URL =
            "must be an absolute http or https URL with a host, of at most 2048 ASCII characters";
    private static final String PORT = "must be an integer from 1 to 65535";
    private static final String PID = "must be an integer greater than 0";
    private static final String METADATA =
            "must be an object of at most 4096 bytes as compact JSON, at most 32 levels deep";

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

    @Test
    void nobody_is_an_empty_list() throws Exception {
        Answer answer = server.get("/servers");

        assertEquals(200, answer.status());
        assertEquals("[]", answer.body());
        assertEquals("application/json", answer.header("Content-Type"));
        assertEquals("no-store", answer.header("Cache-Control"));
    }

    @Test
    void who_registers_is_listed_with_a_heartbeat_of_now() throws Exception {
        Answer answer = server.post(
                "/servers",
                "{\"id\":\"b\",\"url\":\"http://localhost:2\",\"port\":2,\"pid\":22,\"lastHeartbeat\":5,"
                        + "\"metadata\":{\"zone\":\"é\"},\"more\":1}");
        assertEquals(200, answer.status());
        assertEquals("true", answer.body());
        assertEquals("application/json", answer.header("Content-Type"));

        server.clock().step(Duration.ofSeconds(1));
        assertEquals("true", server.post("/servers", lease("a", 1)).body());
        assertEquals(
                "[" + listed("a", 1, TestServer.BEGINNING.plusSeconds(1))
                        + ",{\"id\":\"b\",\"url\":\"http://localhost:2\",\"port\":2,\"pid\":22,\"lastHeartbeat\":"
                        + TestServer.BEGINNING.toEpochMilli() + ",\"metadata\":{\"zone\":\"é\"}}]",
                server.get("/servers").body());
    }

    @Test
    void the_same_id_replaces() throws Exception {
        server.post("/servers", lease("a", 1));
        server.clock().step(Duration.ofSeconds(2));
        assertEquals("true", server.post("/servers", lease("a", 7)).body());

        assertEquals(
                "[" + listed("a", 7, TestServer.BEGINNING.plusSeconds(2)) + "]",
                server.get("/servers").body());
    }

    @Test
    void the_stale_are_gone_from_the_list() throws Exception {
        server.post("/servers", lease("a", 1));
        server.clock().step(Duration.ofSeconds(30));
        server.post("/servers", lease("b", 2));
        assertEquals(
                "[" + listed("a", 1, TestServer.BEGINNING) + "," + listed("b", 2, TestServer.BEGINNING.plusSeconds(30))
                        + "]",
                server.get("/servers").body(),
                "as old as the TTL is not older");

        server.clock().step(Duration.ofMillis(1));
        assertEquals(
                "[" + listed("b", 2, TestServer.BEGINNING.plusSeconds(30)) + "]",
                server.get("/servers").body());
    }

    @Test
    void every_field_that_breaks_its_rule_is_named() throws Exception {
        Answer answer = server.post("/servers", "{\"metadata\":[]}");

        assertEquals(400, answer.status());
        assertEquals(
                "{\"error\":\"InvalidServer\",\"message\":\"id: " + ID + "; url: " + URL + "; port: " + PORT + "; pid: "
                        + PID + "; metadata: " + METADATA + "\"}",
                answer.body());
        assertEquals("[]", server.get("/servers").body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "id \"\"",
                "id null",
                "id 1",
                "id \"a\\u0000b\"",
                "url \"localhost:1\"",
                "url \"ftp://h\"",
                "url \"http://\"",
                "url null",
                "port 0",
                "port 65536",
                "port \"1\"",
                "port 1.5",
                "port null",
                "port 99999999999999999999",
                "pid 0",
                "pid -1",
                "pid 1.5",
                "pid true",
                "metadata null",
                "metadata \"x\"",
                "metadata [1]"
            })
    void one_field_that_breaks_its_rule_is_named_alone(String field, String value) throws Exception {
        Answer answer = server.post("/servers", lease("a", 1, field, value));

        assertEquals(400, answer.status());
        assertTrue(
                answer.body().startsWith("{\"error\":\"InvalidServer\",\"message\":\"" + field + ": must be "),
                answer.body());
        assertEquals(-1, answer.body().indexOf(';'), answer.body());
        assertEquals("[]", server.get("/servers").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "\"a\"", "{", "{}{}", "{} x", "{\"id\":}", "\ufeff{}", "{'id':'a'}"})
    void what_is_no_object_is_invalid_json(String body) throws Exception {
        Answer answer = server.post("/servers", body);

        assertEquals(400, answer.status());
        assertTrue(answer.body().startsWith("{\"error\":\"InvalidJson\",\"message\":\""), answer.body());
    }

    @Test
    void what_is_not_utf_8_or_too_deep_or_too_large_is_refused() throws Exception {
        assertEquals(
                400,
                server.post("/servers", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})
                        .status());
        assertEquals(
                400,
                server.post("/servers", "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000))
                        .status());
        assertEquals(
                413,
                server.post("/servers", new byte[TestServer.LIMIT_BYTES + 1]).status());
        assertEquals("[]", server.get("/servers").body());
    }

    @Test
    void a_full_registry_says_so() throws Exception {
        for (String id : List.of("a", "b", "c")) {
            assertEquals("true", server.post("/servers", lease(id, 1)).body());
        }
        Answer answer = server.post("/servers", lease("d", 1));

        assertEquals(503, answer.status());
        assertEquals(
                "{\"error\":\"RegistryFull\",\"message\":\"the registry holds as many servers as it may\"}",
                answer.body());
        assertEquals("true", server.post("/servers", lease("a", 2)).body(), "the same id is no newcomer");
    }

    @Test
    void who_is_taken_off_is_listed_no_more() throws Exception {
        server.post("/servers", lease("a", 1));
        Answer answer = server.request("DELETE", "/servers/a");

        assertEquals(200, answer.status());
        assertEquals("true", answer.body());
        assertEquals("[]", server.get("/servers").body());
        assertEquals("true", server.request("DELETE", "/servers/a").body(), "there is none any more");
        assertEquals("true", server.request("DELETE", "/servers/b").body(), "there never was one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '~',
            value = {
                "localhost:4437 localhost:4437",
                "localhost:4437 localhost%3A4437",
                "a/b a%2Fb",
                "a/b a%2fb",
                "/ %2F",
                "a+b a+b",
                "a+b a%2Bb",
                "a%b a%25b",
                "a%2Fb a%252Fb",
                "a\\\\b a%5Cb",
                "a;b=c a%3Bb%3Dc",
                "a?b a%3Fb",
                "a#b a%23b",
                "日🌱 %E6%97%A5%F0%9F%8C%B1",
                ". %2E",
                ".. %2E%2E",
                "{serverId} %7BserverId%7D",
                "* *",
            })
    void an_id_may_hold_anything(String id, String path) throws Exception {
        assertEquals("true", server.post("/servers", lease(id, 1)).body());
        assertEquals("true", server.post("/servers", lease("bystander", 1)).body());

        assertEquals("true", server.request("DELETE", "/servers/" + path).body());
        assertEquals(
                "[" + listed("bystander", 1, TestServer.BEGINNING) + "]",
                server.get("/servers").body());
    }

    @Test
    void an_id_with_a_space_can_be_taken_off() throws Exception {
        server.post("/servers", lease("a b", 1));

        assertEquals("true", server.request("DELETE", "/servers/a%20b").body());
        assertEquals("[]", server.get("/servers").body());
    }

    @Test
    void an_id_that_is_not_utf_8_takes_nobody_off() throws Exception {
        server.post("/servers", lease("\ufffd", 1));
        Answer answer = server.request("DELETE", "/servers/%FF");

        assertEquals(400, answer.status());
        assertEquals(
                "[" + listed("\ufffd", 1, TestServer.BEGINNING) + "]",
                server.get("/servers").body());
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/servers,'GET, HEAD, POST, OPTIONS'",
        "DELETE,/servers,'GET, HEAD, POST, OPTIONS'",
        "PATCH,/servers,'GET, HEAD, POST, OPTIONS'",
        "GET,/servers/a,'DELETE, OPTIONS'",
        "POST,/servers/a,'DELETE, OPTIONS'",
        "PUT,/servers/a,'DELETE, OPTIONS'"
    })
    void another_method_is_405_and_the_others_are_named(String method, String target, String allow) throws Exception {
        Answer answer = server.request(method, target);

        assertEquals(405, answer.status());
        assertEquals(allow, answer.header("Allow"));
        assertEquals(
                "{\"error\":\"MethodNotAllowed\",\"message\":\"" + target + " doesn't take " + method + ", only "
                        + allow + "\"}",
                answer.body());
    }

    @Test
    void a_head_tells_what_a_get_does() throws Exception {
        server.post("/servers", lease("a", 1));
        try (Wire wire = server.wire()) {
            Answer get = wire.request("GET", "/servers").answer();
            Answer head = wire.request("HEAD", "/servers").head();

            assertEquals(200, head.status());
            assertEquals(get.header("Content-Length"), head.header("Content-Length"));
            assertEquals(get.body(), wire.request("GET", "/servers").answer().body(), "right behind it");
        }
    }

    @Test
    void a_registry_that_cannot_be_read_is_500_and_names_its_file() throws Exception {
        Files.deleteIfExists(server.registryFile());
        Files.createDirectories(server.registryFile().resolve("in-the-way"));

        for (Answer answer : List.of(
                server.get("/servers"),
                server.post("/servers", lease("a", 1)),
                server.request("DELETE", "/servers/a"))) {
            assertEquals(500, answer.status());
            assertTrue(answer.body().startsWith("{\"error\":\"RegistryFailed\",\"message\":\""), answer.body());
            assertTrue(answer.body().contains("servers.json"), answer.body());
        }
    }

    @Test
    void a_registry_stream_that_takes_nothing_stops_no_registration() throws Exception {
        server.append("__registry__", "application/json", Append.Closing.CLOSE);

        assertEquals("true", server.post("/servers", lease("a", 1)).body());
        assertEquals(
                "[" + listed("a", 1, TestServer.BEGINNING) + "]",
                server.get("/servers").body());
    }

    @Test
    void a_store_that_is_broken_stops_no_registration() throws Exception {
        server.store().close();

        assertEquals("true", server.post("/servers", lease("a", 1)).body());
        assertEquals("true", server.request("DELETE", "/servers/a").body());
    }

    private static byte[] lease(String id, int port) {
        return ("{\"id\":\"" + id + "\",\"url\":\"http://localhost:" + port + "\",\"port\":" + port + ",\"pid\":" + port
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String lease(String id, int port, String field, String value) {
        String json = "{\"id\":\"" + id + "\",\"url\":\"http://localhost:1\",\"port\":" + port
                + ",\"pid\":1,\"metadata\":{}}";
        return json.replaceFirst(
                "\"" + field + "\":(\"[^\"]*\"|[0-9]+|\\{\\})", Matcher.quoteReplacement("\"" + field + "\":" + value));
    }

    private static String listed(String id, int port, Instant heartbeat) {
        return "{\"id\":\"" + id + "\",\"url\":\"http://localhost:" + port + "\",\"port\":" + port + ",\"pid\":" + port
                + ",\"lastHeartbeat\":" + heartbeat.toEpochMilli() + "}";
    }
}
