package io.perennial.registry;

import static io.perennial.registry.Leases.lease;
import static io.perennial.registry.Leases.object;
import static io.perennial.registry.ManualTime.BEGIN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseJsonTest {
    private static final Violation ID =
            new Violation("id", "must be 1 to 200 characters, none of them a control character");
    private static final Violation URL =
            new Violation("url", "must be an absolute http or https URL with a host, of at most 2048 ASCII characters");
    private static final Violation PORT = new Violation("port", "must be an integer from 1 to 65535");
    private static final Violation PID = new Violation("pid", "must be an integer greater than 0");
    private static final Violation METADATA = new Violation(
            "metadata", "must be an object of at most 4096 bytes as compact JSON, at most 32 levels deep");

    @Test
    void a_lease_is_written_with_its_heartbeat_in_milliseconds_and_without_metadata_that_it_does_not_have() {
        assertEquals(
                "{\"id\":\"a\",\"url\":\"http://127.0.0.1:4437\",\"port\":4437,\"pid\":12,"
                        + "\"lastHeartbeat\":1767225600000}",
                LeaseJson.json(lease("a")).toString());
    }

    @Test
    void metadata_comes_last() {
        assertEquals(
                "{\"id\":\"a\",\"url\":\"http://127.0.0.1:4437\",\"port\":4437,\"pid\":12,"
                        + "\"lastHeartbeat\":1767225600000,\"metadata\":{\"zone\":\"b\"}}",
                LeaseJson.json(lease("a", object("{\"zone\":\"b\"}"))).toString());
    }

    @Test
    void what_is_written_can_be_read() {
        Lease lease = lease("a", object("{\"zone\":\"b\",\"tags\":[1,2.50,null,true,{\"x\":\"\\u0000ü\"}]}"));
        assertEquals(new Parsed.Valid(lease), LeaseJson.parse(LeaseJson.json(lease), lease.lastHeartbeat()));
    }

    @Test
    void the_heartbeat_that_a_client_sends_is_ignored_and_so_is_what_nobody_knows() {
        JsonObject json = with("lastHeartbeat", "\"yesterday\"", with("color", "1", valid()));
        assertEquals(new Parsed.Valid(lease("a")), LeaseJson.parse(json, BEGIN));
    }

    @Test
    void every_violated_field_is_named() {
        var all = new Parsed.Invalid(List.of(ID, URL, PORT, PID));
        assertEquals(all, LeaseJson.parse(JsonValue.EMPTY_JSON_OBJECT, BEGIN));
        assertEquals(
                new Parsed.Invalid(List.of(ID, URL, PORT, PID, METADATA)),
                LeaseJson.parse(object("{\"id\":1,\"url\":{},\"port\":\"80\",\"pid\":true,\"metadata\":[]}"), BEGIN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"a\\nb\"",
                "\"\\u0000\"",
                "\"\\u0085\"",
                "\"\\u2028\"",
                "\"\\u2029\"",
                "\"\\ud800\"",
                "\"x\\udc00\"",
                "null",
                "7"
            })
    void not_an_id(String id) {
        assertViolates(ID, "id", id);
    }

    @Test
    void an_id_has_up_to_200_characters_of_any_script() {
        assertValid("id", "\"" + "x".repeat(200) + "\"");
        assertValid("id", "\"" + "\uD83C\uDF3F".repeat(200) + "\"");
        assertViolates(ID, "id", "\"" + "x".repeat(201) + "\"");
        assertViolates(ID, "id", "\"" + "\uD83C\uDF3F".repeat(201) + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "/path",
                "//host/path",
                "ftp://host",
                "http:",
                "http:host",
                "http://",
                "http:///path",
                "http://:80",
                "http://ho st",
                "http://host/ü",
                "http://[::1",
                "mailto:a@b"
            })
    void not_a_url(String url) {
        assertViolates(URL, "url", "\"" + url + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://host", "HTTPS://host:1/path?query#x", "http://[::1]:4437/", "http://127.0.0.1:4437"})
    void a_url_is_kept_as_it_was_sent(String url) {
        var parsed = LeaseJson.parse(with("url", "\"" + url + "\"", valid()), BEGIN);
        Lease plain = lease("a");
        assertEquals(new Parsed.Valid(new Lease("a", URI.create(url), 4437, 12, BEGIN, plain.metadata())), parsed);
    }

    @Test
    void a_url_has_up_to_2048_characters() {
        String longest = "http://h/" + "x".repeat(2048 - 9);
        assertValid("url", "\"" + longest + "\"");
        assertViolates(URL, "url", "\"" + longest + "x\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "65536", "80.5", "1e100", "1e999999999", "\"80\"", "null", "18446744073709551696"})
    void not_a_port(String port) {
        assertViolates(PORT, "port", port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "65535", "80.0", "8e1"})
    void a_port(String port) {
        assertValid("port", port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "\"1\"", "null", "9223372036854775808"})
    void not_a_pid(String pid) {
        assertViolates(PID, "pid", pid);
    }

    @Test
    void a_pid_may_be_large() {
        assertValid("pid", "9223372036854775807");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"x\"", "1", "true"})
    void not_metadata(String metadata) {
        assertViolates(METADATA, "metadata", metadata);
    }

    @Test
    void metadata_takes_up_to_4096_bytes_without_the_spaces_around_it() {
        String around = "{ \"x\" : \"\" }";
        int room = 4096 - "{\"x\":\"\"}".length();
        assertValid("metadata", around.replace("\"\"", "\"" + "y".repeat(room) + "\""));
        assertViolates(METADATA, "metadata", around.replace("\"\"", "\"" + "y".repeat(room + 1) + "\""));
        assertViolates(METADATA, "metadata", around.replace("\"\"", "\"" + "ü".repeat(room / 2 + 1) + "\""));
    }

    @Test
    void metadata_nests_up_to_32_levels_as_the_file_could_not_be_read_if_it_nested_as_deep_as_a_parser_goes() {
        assertValid("metadata", "{\"x\":" + "[".repeat(31) + "]".repeat(31) + "}");
        assertViolates(METADATA, "metadata", "{\"x\":" + "[".repeat(32) + "]".repeat(32) + "}");
        assertViolates(METADATA, "metadata", "{\"x\":" + "[".repeat(990) + "]".repeat(990) + "}");
    }

    @Test
    void metadata_that_would_not_come_back_from_the_file_as_it_went_in_is_refused() {
        assertViolates(METADATA, "metadata", "{\"x\":\"\\ud800\"}");
        assertViolates(METADATA, "metadata", "{\"\\udc00\":1}");

        var longNumber = Json.createValue(new BigDecimal("1".repeat(2000)));
        var json = Json.createObjectBuilder(valid())
                .add("metadata", Json.createObjectBuilder().add("x", longNumber))
                .build();
        assertEquals(new Parsed.Invalid(List.of(METADATA)), LeaseJson.parse(json, BEGIN));
    }

    private static void assertValid(String field, String value) {
        var parsed = LeaseJson.parse(with(field, value, valid()), BEGIN);
        assertEquals(Parsed.Valid.class, parsed.getClass(), parsed::toString);
    }

    private static void assertViolates(Violation violation, String field, String value) {
        assertEquals(new Parsed.Invalid(List.of(violation)), LeaseJson.parse(with(field, value, valid()), BEGIN));
    }

    private static JsonObject valid() {
        return object("{\"id\":\"a\",\"url\":\"http://127.0.0.1:4437\",\"port\":4437,\"pid\":12}");
    }

    private static JsonObject with(String field, String value, JsonObject json) {
        JsonValue changed = object("{\"value\":" + value + "}").getOrDefault("value", JsonValue.NULL);
        return Json.createObjectBuilder(json).add(field, changed).build();
    }
}
