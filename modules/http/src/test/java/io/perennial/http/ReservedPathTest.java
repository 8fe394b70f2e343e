package io.perennial.http;

import static io.perennial.http.ControlClient.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing at `__ds` and below is ever a stream.
@Timeout(60)
class ReservedPathTest {
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

    // But for the one that tells of them.
    private List<String> streams() {
        return server.store().streams("", "", 100).stream()
                .map(StreamInfo::key)
                .filter(key -> !key.equals(RegistryStream.KEY))
                .map(StreamKey::path)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__ds",
                "__ds/",
                "__ds/x",
                "__ds/x/y",
                "__ds/subscriptions",
                "__ds/subscriptions/s/x",
                "%5F%5Fds",
                "%5f_ds/x",
                "_%5fds/subscriptions/s",
                "__d%73/jwks.json",
                "%5f%5f%64%73/",
                "./__ds/x",
                "a/../__ds/x",
                "/__ds/x"
            })
    void no_spelling_of_it_is_a_stream(String path) throws Exception {
        String target = "/v1/stream/" + path;
        for (String method : List.of("PUT", "POST")) {
            Answer answer = client.send(method, target, "[1]", "Content-Type: application/json");
            assertTrue(answer.status() == 404 || answer.status() == 400, answer.head() + answer.body());
        }
        for (String method : List.of("GET", "DELETE")) {
            Answer answer = server.request(method, target);
            assertTrue(answer.status() == 404 || answer.status() == 400, answer.head() + answer.body());
        }
        assertEquals(List.of(), streams());
    }

    @ParameterizedTest
    @ValueSource(strings = {"__dsx", "a/__ds", "__DS", "__ds%2Fx", "__ds;x"})
    void what_only_looks_like_it_is_a_stream_like_any(String path) throws Exception {
        assertEquals(201, client.stream(path).status());

        assertEquals(List.of(path), streams());
    }

    @Test
    void an_escaped_spelling_answers_as_streams_do() throws Exception {
        Answer answer = server.get("/v1/stream/%5F%5Fds/jwks.json");

        assertEquals(404, answer.status());
        assertEquals(
                "{\"error\":\"NotFound\",\"message\":\"there is no stream below __ds, which is reserved\"}",
                answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOT, ROOT + "/x", "/v1/stream/%5F_ds/x"})
    void a_fork_cannot_read_from_it(String source) throws Exception {
        Answer answer = client.send("PUT", "/v1/stream/fork", "", "Stream-Forked-From: " + source);

        assertEquals(404, answer.status(), answer.body());
        assertEquals(List.of(), streams());
    }

    @ParameterizedTest
    @ValueSource(strings = {"__ds", "__ds/x", "../__ds/x", "%2F__ds%2Fx"})
    void a_session_of_that_name_lies_below_sessions(String id) throws Exception {
        server.posted(id, "1");

        assertEquals(1, streams().size());
        assertTrue(streams().getFirst().startsWith("sessions/"), streams().toString());
    }

    @Test
    void a_pattern_of_everything_finds_nothing_of_it() throws Exception {
        client.stream("wakes");
        client.put("s", "{\"type\":\"pull-wake\",\"pattern\":\"**\",\"wake_stream\":\"wakes\"}");
        client.event("a", "1");

        assertEquals(List.of("a", "wakes"), streams(), "what is kept of a subscription is no stream");
    }
}
