package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which streams there are, for those who look after them.
class StreamListTest {
    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = TestServer.on(directory);
        streams = new Streams(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonObject json(String target) throws IOException {
        Answer answer = server.get(target);
        assertEquals(200, answer.status(), answer.body());
        assertEquals("application/json", answer.header("Content-Type"));
        assertEquals("no-store", answer.header("Cache-Control"));
        return JsonText.object(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> paths(JsonObject page) {
        return page.getJsonArray("streams").getValuesAs(JsonObject.class).stream()
                .map(stream -> stream.getString("path"))
                .toList();
    }

    @Test
    void streams_are_listed_page_by_page_until_there_is_no_more() throws Exception {
        for (int i = 10; i < 15; i++) {
            streams.created("jobs/" + i, Streams.JSON);
        }
        server.posted("a%20b", "1");
        List<String> found = new ArrayList<>();
        JsonObject page = json("/streams?prefix=jobs/&limit=2");
        while (page.containsKey("after")) {
            found.addAll(paths(page));
            page = json("/streams?prefix=jobs/&limit=2&after=" + page.getString("after"));
        }
        found.addAll(paths(page));
        assertEquals(List.of("jobs/10", "jobs/11", "jobs/12", "jobs/13", "jobs/14"), found);
        assertEquals(7, paths(json("/streams")).size(), "these and __registry__");
        assertEquals(List.of("sessions/a%20b"), paths(json("/streams?prefix=sessions/a%2520")));
    }

    @Test
    void a_stream_is_told_with_what_is_in_it_and_who_follows() throws Exception {
        String created = streams.created("jobs/1", Streams.JSON, "Stream-TTL: 60", "Stream-Retain-Count: 10");
        String next = streams.post(
                        "jobs/1", "[1,22]", Streams.JSON, "Producer-Id: p", "Producer-Epoch: 0", "Producer-Seq: 0")
                .header("Stream-Next-Offset");
        streams.put("copy", "Stream-Forked-From: /v1/stream/jobs/1");
        String listed = "{\"path\":\"jobs/1\",\"contentType\":\"application/json\",\"created\":\"" + created
                + "\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"next\":\"" + next
                + "\",\"closed\":false,\"events\":2,\"bytes\":3,\"followers\":0,\"ttlSeconds\":60";
        assertEquals(
                "{\"streams\":[" + listed + "}]}",
                server.get("/streams?prefix=jobs/").body());
        assertEquals(
                listed + ",\"retention\":{\"events\":10},\"forks\":[\"copy\"],"
                        + "\"producers\":[{\"id\":\"p\",\"epoch\":0,\"seq\":0}]}",
                server.get("/streams/jobs/1").body());
        try (Followed _ = streams.follow("jobs/1?live=sse&offset=now")) {
            Eventually.holds("followed", () -> json("/streams/jobs/1").getInt("followers") == 1);
        }
        JsonObject fork = json("/streams/copy");
        assertEquals("jobs/1", fork.getJsonObject("source").getString("path"));
        assertEquals(next, fork.getJsonObject("source").getString("offset"));
        assertFalse(fork.containsKey("earliest"));

        streams.close("copy");
        assertTrue(json("/streams/copy").getBoolean("closed"));
        assertEquals(200, server.head("/streams/copy").status());
        assertEquals(200, server.head("/streams").status());
    }

    @Test
    void a_path_is_a_streams_as_it_is_everywhere() throws Exception {
        streams.created("a%2Fb", Streams.JSON);
        assertEquals("a%2Fb", json("/streams/a%2fb").getString("path"));
        assertEquals(404, server.get("/streams/a/b").status());
        assertEquals(400, server.get("/streams/").status());
        assertEquals(400, server.get("/streams/a/../b").status());
        JsonString empty = json("/streams/a%2fb").getJsonString("contentType");
        assertEquals("application/json", empty.getString());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/streams?limit=0,400",
        "GET,/streams?limit=1001,400",
        "GET,/streams?limit=x,400",
        "GET,/streams?limit=1&limit=2,400",
        "GET,/streams?limit=1000,200",
        "GET,/streams/unknown,404",
        "POST,/streams,405",
        "DELETE,/streams/a,405"
    })
    void what_is_asked_wrongly_is_told(String method, String target, int status) throws Exception {
        assertEquals(status, server.request(method, target).status());
    }
}
