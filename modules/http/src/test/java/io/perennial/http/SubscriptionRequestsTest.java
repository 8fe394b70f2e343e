package io.perennial.http;

import static io.perennial.http.ControlClient.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a PUT of a subscription may say: each error names the field and the rule, and nothing is created.
@Timeout(60)
class SubscriptionRequestsTest {
    private static final String FORM = "webhook is an object with a url, which a subscription of this type needs";

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

    private void refused(String code, String message, String body) throws Exception {
        assertProblem(400, code, message, client.put("s", body));
        assertEquals(404, client.get("s").status(), "nothing was created");
    }

    /// A body with another field, or another value of one: the last field of what is fine otherwise.
    private static String pullWakeWith(String field) {
        return "{\"type\":\"pull-wake\",\"wake_stream\":\"wakes\"," + field + "}";
    }

    private static String webhook(String url) {
        return "{\"type\":\"webhook\",\"pattern\":\"**\",\"webhook\":{\"url\":" + JsonText.quoted(url) + "}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | type is webhook or pull-wake",
                "{\"type\":null} | type is webhook or pull-wake",
                "{\"type\":\"\"} | type is webhook or pull-wake",
                "{\"type\":\"Webhook\"} | type is webhook or pull-wake",
                "{\"type\":1} | type is a string of Unicode characters",
                "{\"type\":[\"webhook\"]} | type is a string of Unicode characters"
            })
    void the_type_is_one_of_two(String body, String message) throws Exception {
        refused("INVALID_REQUEST", message, body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | a subscription has a pattern, or streams, or both",
                ",\"pattern\":null,\"streams\":null | a subscription has a pattern, or streams, or both",
                ",\"streams\":[] | a subscription has a pattern, or streams, or both",
                ",\"pattern\":\"\" | pattern: a stream's path isn't empty",
                ",\"pattern\":7 | pattern is a string of Unicode characters",
                ",\"pattern\":{} | pattern is a string of Unicode characters",
                ",\"pattern\":\"/a\" | pattern: the path begins with an empty segment",
                ",\"pattern\":\"a/../b\" | pattern: the path has the segment .., which would name a folder",
                ",\"pattern\":\"é\" | pattern: the path has a character that isn't printable ASCII: percent-encode it",
                ",\"pattern\":\"a b\" | pattern: the path has a character that isn't printable ASCII: percent-encode it",
                ",\"pattern\":\"a%2\" | pattern: the path has a % that isn't followed by two hexadecimal digits",
                ",\"pattern\":\"__ds/**\" | pattern: there is no stream below __ds, which is reserved",
                ",\"streams\":\"a\" | streams is an array of paths",
                ",\"streams\":{} | streams is an array of paths",
                ",\"streams\":[\"a\",1] | streams is an array of paths",
                ",\"streams\":[null] | streams is an array of paths",
                ",\"streams\":[[\"a\"]] | streams is an array of paths",
                ",\"streams\":[\"\"] | streams: a stream's path isn't empty",
                ",\"streams\":[\"a\",\"/b\"] | streams: the path begins with an empty segment",
                ",\"streams\":[\"__ds\"] | streams: there is no stream below __ds, which is reserved",
                ",\"streams\":[\"%5f_ds/x\"] | streams: there is no stream below __ds, which is reserved",
                ",\"streams\":[\"wakes\"] | a subscription isn't woken by its own wake stream",
                ",\"streams\":[\"w%61kes\"] | a subscription isn't woken by its own wake stream"
            })
    void streams_are_found_by_a_pattern_or_named(String fields, String message) throws Exception {
        refused("INVALID_REQUEST", message, "{\"type\":\"pull-wake\",\"wake_stream\":\"wakes\"" + fields + "}");
    }

    @Test
    void a_pattern_and_streams_go_together() throws Exception {
        assertEquals(
                201,
                client.put("s", pullWakeWith("\"pattern\":\"a/*\",\"streams\":[\"b\"]"))
                        .status());
    }

    @Test
    void a_pattern_has_1024_characters_at_most_and_a_path_16384() throws Exception {
        refused(
                "INVALID_REQUEST",
                "a pattern has 1 to 1024 characters",
                pullWakeWith("\"pattern\":\"" + "x".repeat(1025) + "\""));
        refused(
                "INVALID_REQUEST",
                "streams: the path is too long: a stream's has at most 16384 characters",
                pullWakeWith("\"streams\":[\"" + "x".repeat(16_385) + "\"]"));
        String longest = "\"pattern\":\"" + "x".repeat(1024) + "\",\"streams\":[\"" + "x".repeat(16_384) + "\"]";
        assertEquals(201, client.put("s", pullWakeWith(longest)).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "999 | a lease (lease_ttl_ms) lasts 1 second to 10 minutes",
                "600001 | a lease (lease_ttl_ms) lasts 1 second to 10 minutes",
                "0 | a lease (lease_ttl_ms) lasts 1 second to 10 minutes",
                "-30000 | a lease (lease_ttl_ms) lasts 1 second to 10 minutes",
                "9223372036854775807 | a lease (lease_ttl_ms) lasts 1 second to 10 minutes",
                "9223372036854775808 | lease_ttl_ms is a whole number",
                "30000.5 | lease_ttl_ms is a whole number",
                "1e999999999 | lease_ttl_ms is a whole number",
                "1e-999999999 | lease_ttl_ms is a whole number",
                "\"30000\" | lease_ttl_ms is a whole number",
                "true | lease_ttl_ms is a whole number",
                "[] | lease_ttl_ms is a whole number"
            })
    void a_lease_is_a_number_of_milliseconds_in_its_bounds(String value, String message) throws Exception {
        refused("INVALID_REQUEST", message, pullWakeWith("\"pattern\":\"a\",\"lease_ttl_ms\":" + value));
    }

    @ParameterizedTest
    @CsvSource({"1000,1000", "600000,600000", "null,30000"})
    void a_lease_of_its_bounds_is_fine_and_none_is_30_s(String value, String lease) throws Exception {
        assertEquals(
                201,
                client.put("s", pullWakeWith("\"pattern\":\"a\",\"lease_ttl_ms\":" + value))
                        .status());
        assertEquals(lease, ControlClient.field(client.get("s"), "lease_ttl_ms"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "{}", "[]", "false", "\"\\ud800\"", "\"\\udc00x\""})
    void a_description_is_a_string_of_whole_characters(String value) throws Exception {
        refused(
                "INVALID_REQUEST",
                "description is a string of Unicode characters",
                pullWakeWith("\"pattern\":\"a\",\"description\":" + value));
    }

    @Test
    void a_description_has_4096_characters_at_most() throws Exception {
        refused(
                "INVALID_REQUEST",
                "a description has at most 4096 characters",
                pullWakeWith("\"pattern\":\"a\",\"description\":\"" + "x".repeat(4097) + "\""));
        String longest = pullWakeWith("\"pattern\":\"a\",\"description\":\"" + "x".repeat(4096) + "\"");
        assertEquals(201, client.put("s", longest).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | wake_stream is missing, which a subscription of this type needs",
                ",\"wake_stream\":null | wake_stream is missing, which a subscription of this type needs",
                ",\"webhook\":{\"url\":\"https://192.0.2.1/\"}"
                        + " | wake_stream is missing, which a subscription of this type needs",
                ",\"wake_stream\":1 | wake_stream is a string of Unicode characters",
                ",\"wake_stream\":\"\" | wake_stream: a stream's path isn't empty",
                ",\"wake_stream\":\"/v1/stream/w\" | wake_stream: the path begins with an empty segment",
                ",\"wake_stream\":\"__ds/w\" | wake_stream: there is no stream below __ds, which is reserved",
                ",\"wake_stream\":\"__registry__\""
                        + " | wake_stream: the stream __registry__ is written by the server alone"
            })
    void pull_wake_needs_a_stream_that_may_be_written(String field, String message) throws Exception {
        refused("INVALID_REQUEST", message, "{\"type\":\"pull-wake\",\"pattern\":\"a\"" + field + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|" + FORM,
                ",\"webhook\":null|" + FORM,
                ",\"webhook\":\"https://worker.example/\"|" + FORM,
                ",\"webhook\":[]|" + FORM,
                ",\"webhook\":{}|" + FORM,
                ",\"webhook\":{\"url\":null}|" + FORM,
                ",\"webhook\":{\"URL\":\"https://worker.example/\"}|" + FORM,
                ",\"wake_stream\":\"wakes\"|" + FORM,
                ",\"webhook\":{\"url\":1}|webhook.url is a string of Unicode characters",
                ",\"webhook\":{\"url\":\"https://a b/\"}|webhook.url isn't a URL",
                ",\"webhook\":{\"url\":\"https://a/\\r\\nX: y\"}|webhook.url isn't a URL"
            })
    void a_webhook_needs_a_url(String field, String message) throws Exception {
        refused("INVALID_REQUEST", message, "{\"type\":\"webhook\",\"pattern\":\"a\"" + field + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://10.0.0.1/",
                "https://172.16.0.1/",
                "https://192.168.1.1/hook",
                "https://169.254.169.254/latest/meta-data",
                "https://127.0.0.1/",
                "https://localhost/",
                "https://0.0.0.0/",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[fe80::1]/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "http://127.1/",
                "http://127.0.1.1/",
                "http://[::1]/",
                "http://worker.example/",
                "http://localhost.evil.example/",
                "https://user:secret@8.8.8.8/",
                "https://8.8.8.8/#a",
                "https://8.8.8.8:0/",
                "https:///x",
                "https:8.8.8.8",
                "//8.8.8.8/",
                "/hook",
                "",
                "ftp://8.8.8.8/",
                "file:///etc/passwd",
                "jar:https://8.8.8.8/!/"
            })
    void a_url_that_may_not_be_called_is_refused(String url) throws Exception {
        Answer answer = client.put("s", webhook(url));

        assertEquals(400, answer.status(), answer.body());
        assertTrue(
                answer.body().startsWith("{\"error\":{\"code\":\"WEBHOOK_URL_REJECTED\",\"message\":\"webhook.url "),
                answer.body());
        assertEquals(404, client.get("s").status(), "nothing was created");
    }

    @Test
    void a_url_of_2048_characters_is_the_longest() throws Exception {
        String begin = "http://127.0.0.1:9/";

        refused("WEBHOOK_URL_REJECTED", "webhook.url has at most 2048 characters", webhook(begin + "x".repeat(2030)));
        assertEquals(201, client.put("s", webhook(begin + "x".repeat(2029))).status());
    }

    @Test
    void the_field_of_the_other_type_is_ignored_as_unknown_ones_are() throws Exception {
        String hook = "\"webhook\":{\"url\":\"http://127.0.0.1:9/\",\"secret\":1},\"wake_stream\":\"w\",\"x\":{}";
        assertEquals(
                201,
                client.put("h", "{\"type\":\"webhook\",\"pattern\":\"a\"," + hook + "}")
                        .status());
        assertTrue(
                client.get("h").body().contains("\"wake_stream\":null"),
                client.get("h").body());
        assertEquals(
                200,
                client.put("h", "{\"type\":\"webhook\",\"pattern\":\"a\"," + hook + "}")
                        .status());

        assertEquals(
                201,
                client.put("p", pullWakeWith("\"pattern\":\"a\",\"webhook\":7,\"id\":\"q\""))
                        .status());
        assertEquals(200, client.put("p", pullWakeWith("\"pattern\":\"a\"")).status());
        assertTrue(
                client.get("p").body().contains("\"webhook\":null"),
                client.get("p").body());
    }
}
